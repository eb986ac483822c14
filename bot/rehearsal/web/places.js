// The two places, and which one is on the page: own chat, or the channel.
import { el, byId } from "./dom.js";
import { state, setPlace, markSeen, hasNew } from "./state.js";
import { PersonalView } from "./personal.js";
import { ChannelView } from "./threads.js";
import { updateHint } from "./hint.js";

const buttons = {};
let views = {};
let shown = null;

export function drawPlaces() {
  const names = { personal: `Chat with ${state.desk.bot.name}`, channel: channelName(state.desk.channel.name) };
  for (const place of ["personal", "channel"]) {
    buttons[place] = el("button", {
      type: "button", class: "place-tab", "data-testid": `place-${place}`,
      onclick: () => openPlace(place),
    }, el("span", { text: names[place] }), el("span", { class: "new-mark", hidden: true, text: "New" }));
  }
  byId("places").replaceChildren(buttons.personal, buttons.channel);
}

function channelName(name = "Duty desk") {
  return /channel/i.test(name) ? name : `${name} channel`;
}

// Everything is drawn afresh for another person; half-typed work is kept.
export function dropViews() {
  for (const view of Object.values(views)) view.keepDrafts();
  views = {};
  shown = null;
}

export function openPlace(place) {
  if (place === "personal" && buttons.personal.disabled) return;
  setPlace(place);
  drawScreen();
}

export function drawScreen() {
  if (!state.screen) return;
  const available = state.screen.personal.available;
  buttons.personal.disabled = !available;
  const note = byId("place-note");
  note.hidden = available;
  note.textContent = `${state.desk.bot.name} cannot chat with people from other organisations in their own chat`;
  if (available) buttons.personal.removeAttribute("aria-describedby");
  else buttons.personal.setAttribute("aria-describedby", "place-note");
  const place = available ? state.place : "channel";

  views[place] ||= place === "personal" ? new PersonalView() : new ChannelView();
  const arriving = shown !== place;
  if (arriving) {
    shown = place;
    byId("place").replaceChildren(views[place].element);
  }
  views[place].update(state.screen[place]);
  if (arriving) views[place].scroller.settle();
  if (arriving && place === "channel") views.channel.opened();
  markSeen(place);
  for (const [name, button] of Object.entries(buttons)) {
    if (name === place) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    button.querySelector(".new-mark").hidden = name === place || button.disabled || !hasNew(name);
  }
  updateHint();
}

export function showThread(thread) {
  openPlace("channel");
  return views.channel?.show(thread) || false;
}

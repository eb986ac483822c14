// The places, and which one is on the page: own chat, the channel, or what callers got by email.
import { el, byId } from "./dom.js";
import { state, setPlace, markSeen, hasNew } from "./state.js";
import { PersonalView } from "./personal.js";
import { ChannelView } from "./threads.js";
import { MailboxView } from "./mailbox.js";
import { updateHint } from "./hint.js";

const makes = { personal: PersonalView, channel: ChannelView, mail: MailboxView };
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
  buttons.mail = el("button", {
    type: "button", class: "place-tab", "data-testid": "place-mail", hidden: true, onclick: () => openPlace("mail"),
  }, el("span", { text: "Caller’s mailbox" }), el("span", { class: "count" }), el("span", { class: "sr-only" }));
  byId("places").replaceChildren(buttons.personal, buttons.channel, buttons.mail);
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

// There once an email has been sent.
function drawMailTab(count) {
  buttons.mail.hidden = count === 0;
  buttons.mail.querySelector(".count").textContent = String(count);
  buttons.mail.querySelector(".sr-only").textContent = count === 1 ? "email" : "emails";
}

function placeToShow(available) {
  if (state.place === "mail" && state.screen.mail.length) return "mail";
  return available && state.place !== "channel" ? "personal" : "channel";
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
  drawMailTab(state.screen.mail.length);
  const place = placeToShow(available);

  views[place] ||= new makes[place]();
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
    const mark = button.querySelector(".new-mark");
    if (mark) mark.hidden = name === place || button.disabled || !hasNew(name);
  }
  updateHint();
}

export function showThread(thread) {
  openPlace("channel");
  return views.channel?.show(thread) || false;
}

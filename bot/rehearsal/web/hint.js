// The short strip that tells a newcomer what to do. Can be put away.
import { el, byId, isNarrow } from "./dom.js";
import { state } from "./state.js";

const store = "desk.hint.away";
let away = false;
let first = "";
let asked = false;
try { away = localStorage.getItem(store) === "yes"; } catch { /* go without */ }

const steps = [
  "Carys answers the phone: press New referral, fill in the form, press Brief now, then fill in the rest.",
  "Become a rep, such as Iqbal. Open the duty desk channel and say what your agency knows, or press Not known.",
  "Become Femi and press Claim lead. Then press Plan and outcome, fill in one action, and pick an outcome.",
  "Become Tomasz, the social worker, and press Agree.",
  "Become Femi again: press Feed back to the caller, then Case notes.",
  "Become Priya, the manager, and type stats to Front Door. Move the clock on to see reminders.",
];

export function drawHint() {
  byId("show-hint").addEventListener("click", () => {
    asked = byId("hint").hidden;
    setAway(!asked);
    if (asked) byId("hint").querySelector("button").focus();
  });
  updateHint();
}

function setAway(wanted) {
  away = wanted;
  try { localStorage.setItem(store, away ? "yes" : "no"); } catch { /* go without */ }
  updateHint();
}

function sentence() {
  const { person } = state;
  const bot = state.desk.bot.name;
  const words = `${person.role} ${person.role_label}`.toLowerCase();
  if (/masho/.test(words)) {
    const how = person.personal ? `Type “new referral” to ${bot}, or press New referral.` : "Press New referral.";
    return `You are ${person.name}, who answers the phone. ${how} Then switch to another person to see their screen.`;
  }
  const role = [person.role_label, person.agency_label].filter(Boolean).join(", ");
  const where = person.personal
    ? `See what ${bot} sent in your chat and in the duty desk channel.`
    : "Look at the posts in the duty desk channel.";
  return `You are now ${person.name} (${role}). ${where} Fill in or press what is asked of you, then switch again.`;
}

export function updateHint() {
  const strip = byId("hint");
  if (state.person) first ||= state.person.id;
  // On a phone the card matters more: after the first switch help is there when asked for.
  const folded = isNarrow() && !asked && Boolean(state.person) && state.person.id !== first;
  strip.hidden = away || folded;
  byId("show-hint").setAttribute("aria-expanded", String(!strip.hidden));
  if (strip.hidden || !state.person) return;
  const wasOpen = strip.querySelector("details")?.open;
  const list = el("details", { class: "hint-steps" },
    el("summary", { text: "All the steps, from call to feedback" }),
    el("ol", {}, steps.map((step) => el("li", { text: step }))));
  list.open = Boolean(wasOpen);
  strip.replaceChildren(
    el("div", { class: "hint-words" }, el("p", { "data-testid": "hint", text: sentence() }), list),
    el("button", {
      type: "button", class: "quiet-button", text: "Hide", "aria-label": "Hide this help",
      onclick: () => { setAway(true); byId("show-hint").focus(); },
    }));
}

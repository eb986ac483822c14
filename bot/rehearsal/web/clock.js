// The desk's own clock, and the buttons that move it on.
import { el, byId, announce } from "./dom.js";
import { api } from "./api.js";
import { refusal } from "./toasts.js";

const moves = [
  { id: "clock-plus-10", words: ["+10 min", "utes"], body: { minutes: 10 } },
  { id: "clock-plus-60", words: ["+1 hour", ""], body: { minutes: 60 } },
  { id: "clock-next-opening", words: ["Next opening", ""], body: { to: "next_opening" } },
];

const time = el("span", { class: "clock-time" });
const date = el("span", { class: "clock-date" });
let busy = false;

export function drawClock(onMoved) {
  const buttons = el("div", { class: "clock-buttons", role: "group", "aria-label": "Move the clock on" },
    moves.map((move) => el("button", {
      type: "button", class: "clock-button", "data-testid": move.id,
      onclick: (event) => moveOn(move, event.currentTarget, onMoved),
    }, move.words[0], el("span", { class: "wide-only", text: move.words[1] }))));
  byId("clock-panel").replaceChildren(
    el("div", { class: "clock-face", "data-testid": "clock" }, time, " ", date), buttons);
}

export function setClock(clock) {
  if (!clock) return;
  const cut = clock.text.lastIndexOf(",");
  const [day, hour] = cut > 0 ? [clock.text.slice(0, cut), clock.text.slice(cut + 1)] : ["", clock.text];
  time.textContent = hour.trim();
  date.textContent = day.trim();
}

async function moveOn(move, button, onMoved) {
  if (busy) return;
  busy = true;
  const panel = byId("clock-panel");
  panel.setAttribute("aria-busy", "true");
  panel.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", "true"));
  button.classList.add("working");
  try {
    const answer = await api.clock(move.body);
    setClock(answer.clock);
    announce(`The clock now says ${answer.clock?.text || ""}`);
    onMoved();
  } catch (problem) {
    refusal(problem.message);
  }
  button.classList.remove("working");
  panel.removeAttribute("aria-busy");
  panel.querySelectorAll("button").forEach((one) => one.removeAttribute("aria-disabled"));
  busy = false;
}

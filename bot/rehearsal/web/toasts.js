// Short notices. Good news leaves by itself; a refusal stays until it is closed
// or the next refusal takes its place.
// While a dialog is open notices live inside it, so they can be reached.
import { el, byId } from "./dom.js";

const STAY_MS = 8000;

function currentHost() {
  return document.querySelector("dialog[open] .toast-host") || byId("toast-host");
}

function show(text, refusal) {
  const words = el("p", { class: "toast-words" });
  const toast = el("div", {
    class: refusal ? "toast toast-refusal" : "toast",
    role: refusal ? "alert" : "status",
    "data-testid": "toast",
  });
  const close = el("button", {
    type: "button", class: "toast-close", "aria-label": "Close this notice", text: "Close",
    onclick: () => {
      const dialog = toast.closest("dialog");
      toast.remove();
      dialog?.querySelector("input, select, textarea, button")?.focus();
    },
  });
  toast.append(words, close);
  const host = currentHost();
  if (refusal) clearRefusals(host);
  host.append(toast);
  while (host.children.length > 4) host.firstElementChild.remove();
  words.textContent = text;
  if (!refusal) setTimeout(() => leave(toast), STAY_MS);
}

function leave(toast) {
  // Someone reading or tabbing in the notice keeps it a little longer.
  if (toast.matches(":hover, :focus-within")) setTimeout(() => leave(toast), 2000);
  else toast.remove();
}

export const notice = (text) => show(text, false);
export const refusal = (text) => show(text, true);

export function clearRefusals(host) {
  host.querySelectorAll(".toast-refusal").forEach((toast) => toast.remove());
}

// When a dialog closes its refusal no longer applies, but good news moves on.
export function moveToasts(from, to) {
  clearRefusals(from);
  to.append(...from.children);
}

// Another person's notices are not for this one.
export const clearToasts = () => byId("toast-host").replaceChildren();

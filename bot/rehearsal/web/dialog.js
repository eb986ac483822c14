// The dialog a card or command opens: keeps focus inside, Escape closes it,
// focus goes back to where it was, and an unfinished form is kept.
import { el, byId } from "./dom.js";
import { CardView } from "./cards.js";
import { state, dialogDraft } from "./state.js";
import { notice, refusal, clearRefusals, moveToasts } from "./toasts.js";

const widths = { small: 360, medium: 560, large: 760 };
let current = null;

function build() {
  const title = el("h2", { id: "dialog-title", class: "dialog-title" });
  const close = el("button", { type: "button", class: "quiet-button", "aria-label": "Close this dialog", text: "Close" });
  const kept = el("p", { class: "dialog-kept", role: "status", hidden: true });
  const body = el("div", { class: "dialog-body" });
  const toasts = el("div", { class: "toast-host" });
  const box = el("dialog", { class: "dialog", "data-testid": "dialog", "aria-labelledby": "dialog-title" },
    el("div", { class: "dialog-head" }, title, close), kept, body, toasts);
  close.addEventListener("click", () => shut());
  box.addEventListener("cancel", (event) => { event.preventDefault(); shut(); });
  box.addEventListener("keydown", keepFocusIn);
  document.body.append(box);
  return { box, title, kept, body, toasts };
}

function keepFocusIn(event) {
  if (event.key !== "Tab" || event.defaultPrevented) return;
  const stops = [...event.currentTarget.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  if (event.shiftKey && document.activeElement === first) last.focus();
  else if (!event.shiftKey && document.activeElement === last) first.focus();
  else return;
  event.preventDefault();
}

export function openDialog(result, source, send) {
  const opener = current ? current.opener : rememberOpener();
  const parts = current ? current.parts : build();
  const full = `${source} ${result.title}`;
  current = { parts, opener, source, full, person: state.person.id, id: result.dialog, send };
  parts.title.textContent = result.title || "Front Door";
  const wide = widths[result.width] || Number.parseInt(result.width, 10) || widths.medium;
  parts.box.style.setProperty("--dialog-width", `${Math.max(300, Math.min(wide, 900))}px`);
  if (!parts.box.open) parts.box.showModal();
  drawCard(result.card, dialogDraft.get(full));
  parts.body.scrollTop = 0;
  focusFirst(parts);
}

function drawCard(card, saved) {
  const { parts } = current;
  clearRefusals(parts.toasts);
  const host = el("div", { class: "card-host card-in-dialog" });
  parts.body.replaceChildren(host);
  const view = new CardView(host, (pressed) => onPress(pressed, view));
  current.view = view;
  view.render(card, saved);
  parts.kept.hidden = !saved;
  parts.kept.replaceChildren();
  if (!saved) return;
  parts.kept.append("What you typed last time has been kept. ", el("button", {
    type: "button", class: "link-button", text: "Start with an empty form",
    onclick: () => { dialogDraft.keep(current.full, null); drawCard(card, null); focusFirst(parts); },
  }));
}

function focusFirst(parts) {
  const fields = parts.body.querySelectorAll("input, select, textarea, button");
  const first = [...fields].find((one) => one.getClientRects().length);
  (first || parts.box.querySelector("button")).focus({ preventScroll: true });
}

async function onPress(pressed, view) {
  const mine = current;
  clearRefusals(mine.parts.toasts);
  const result = await mine.send(mine.person, mine.id, pressed);
  if (current !== mine || !result) return false;
  if (result.kind === "error") {
    refusal(result.text);
    return false;
  }
  view.submitted = true;
  dialogDraft.keep(mine.full, null);
  if (result.kind === "dialog") {
    openDialog(result, mine.source, mine.send);
    return true;
  }
  shut();
  if (result.kind === "message") notice(result.text);
  return true;
}

export function shut() {
  if (!current) return;
  const { parts, opener, view, full } = current;
  if (!view.submitted) dialogDraft.keep(full, view.draft());
  current = null;
  parts.box.close();
  moveToasts(parts.toasts, byId("toast-host"));
  parts.box.remove();
  giveFocusBack(opener);
}

function rememberOpener() {
  const active = document.activeElement;
  return {
    element: active,
    words: active?.textContent || "",
    message: active?.closest?.("[data-message]")?.dataset.message,
  };
}

// The card that opened the dialog may have been drawn again in the meantime.
function giveFocusBack({ element, words, message }) {
  if (element?.isConnected && element !== document.body) return element.focus();
  const card = message && document.querySelector(`[data-message="${CSS.escape(message)}"]`);
  const button = card && [...card.querySelectorAll("button")].find((one) => one.textContent === words);
  const box = document.querySelector(".place .say-box");
  return (button || card || box || byId("conversation")).focus();
}

// A small pop-up menu, used for the three dots on messages and for the extra
// actions of a card. Arrow keys move, Escape closes, focus goes back.
import { el } from "./dom.js";

let openMenu = null;

export function closeMenu(returnFocus = true) {
  if (!openMenu) return;
  const { menu, trigger, stop } = openMenu;
  openMenu = null;
  stop.abort();
  menu.remove();
  trigger.setAttribute("aria-expanded", "false");
  if (returnFocus && trigger.isConnected) trigger.focus();
}

export function showMenu(trigger, label, items) {
  if (openMenu?.trigger === trigger) { closeMenu(); return; }
  closeMenu(false);
  const buttons = items.map((item) => el("button", {
    type: "button", class: "menu-item", role: "menuitem", tabindex: "-1", text: item.title,
    disabled: item.disabled,
    onclick: () => { closeMenu(); item.run(); },
  }));
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label }, buttons);
  menu.addEventListener("keydown", (event) => onKey(event, buttons));
  (trigger.closest("dialog") || document.body).append(menu);
  place(menu, trigger);
  trigger.setAttribute("aria-expanded", "true");
  const stop = new AbortController();
  openMenu = { menu, trigger, stop };
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target) && !trigger.contains(event.target)) closeMenu(false);
  }, { signal: stop.signal });
  window.addEventListener("resize", () => closeMenu(false), { signal: stop.signal });
  document.addEventListener("scroll", () => place(menu, trigger), { capture: true, signal: stop.signal });
  buttons.find((button) => !button.disabled)?.focus({ preventScroll: true });
}

function place(menu, trigger) {
  if (!trigger.isConnected) return closeMenu(false);
  const box = trigger.getBoundingClientRect();
  if (box.bottom < 0 || box.top > window.innerHeight) return closeMenu(false);
  const width = menu.offsetWidth;
  const height = menu.offsetHeight;
  const left = Math.max(8, Math.min(box.right - width, window.innerWidth - width - 8));
  const below = box.bottom + 4;
  const top = below + height > window.innerHeight - 8 ? Math.max(8, box.top - height - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
  return undefined;
}

function onKey(event, buttons) {
  const live = buttons.filter((button) => !button.disabled);
  const at = live.indexOf(document.activeElement);
  const go = (index) => live[(index + live.length) % live.length]?.focus();
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: live.length - 1 };
  if (event.key in moves) go(moves[event.key]);
  else if (event.key === "Escape") closeMenu();
  else if (event.key === "Tab") { closeMenu(); return; }
  else return;
  event.preventDefault();
  event.stopPropagation();
}

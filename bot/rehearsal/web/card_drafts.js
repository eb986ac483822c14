// Keeps half-typed answers. When a card is drawn again, what the person typed
// is put back by input id, open parts stay open, and focus stays put.
import { elementIds } from "./card_prepare.js";

const controls = (input) => [...(input.renderedElement?.querySelectorAll("input, select, textarea") || [])];
const isTick = (control) => control.type === "checkbox" || control.type === "radio";

// What is in an input now, as a list: ticked values, or the typed text.
export function read(input) {
  const parts = controls(input);
  if (!parts.length) return null;
  return parts.filter((one) => !isTick(one) || one.checked).map((one) => one.value);
}

function write(input, values) {
  for (const control of controls(input)) {
    if (isTick(control)) {
      control.checked = values.includes(control.value);
    } else {
      const value = values[0] ?? "";
      if (control.tagName === "SELECT" && ![...control.options].some((one) => one.value === value)) continue;
      control.value = value;
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const actionKey = (action) => action.id || action.title || "";
const isShowCard = (action) => action.getJsonTypeName() === "Action.ShowCard" && action.card;

// Notes the starting value of inputs as they first appear.
export function noteBaseline(root, baseline) {
  for (const input of root.getAllInputs()) {
    const now = read(input);
    if (input.id && now && !baseline.has(input.id)) baseline.set(input.id, now);
  }
}

export function changedValues(root, baseline) {
  const changed = {};
  for (const input of root.getAllInputs()) {
    const now = read(input);
    if (input.id && now && !same(now, baseline.get(input.id))) changed[input.id] = now;
  }
  return changed;
}

export function capture(root, json, baseline, host) {
  const saved = { values: changedValues(root, baseline), shown: {}, open: [], focus: focusIn(root, host) };
  for (const id of elementIds(json)) {
    const element = root.getElementById(id);
    if (element) saved.shown[id] = element.isVisible;
  }
  saved.open = root.getAllActions().filter((one) => isShowCard(one) && one.state === 1).map(actionKey);
  return saved;
}

export const worthKeeping = (saved) => saved && Object.keys(saved.values).length > 0;

const pressables = (host, words) => [...host.querySelectorAll("button, a, [role=button]")]
  .filter((one) => one.textContent === words);

function focusIn(root, host) {
  const active = document.activeElement;
  if (!active || !host.contains(active) || active === host) return null;
  for (const input of root.getAllInputs()) {
    const at = controls(input).indexOf(active);
    if (at >= 0) {
      let range = null;
      try { range = [active.selectionStart, active.selectionEnd]; } catch { /* not a text box */ }
      return { input: input.id, at, range };
    }
  }
  return { words: active.textContent, at: pressables(host, active.textContent).indexOf(active) };
}

export function restore(root, saved, host, { layout = true } = {}) {
  if (layout) {
    for (const [id, visible] of Object.entries(saved.shown)) {
      const element = root.getElementById(id);
      if (element && element.isVisible !== visible) element.isVisible = visible;
    }
    for (const name of saved.open) {
      const action = root.getAllActions().find((one) => isShowCard(one) && actionKey(one) === name && one.state !== 1);
      action?.execute();
    }
  }
  for (const input of root.getAllInputs()) {
    if (input.id && saved.values[input.id] && read(input)) write(input, saved.values[input.id]);
  }
  if (saved.focus) refocus(root, saved.focus, host);
}

function refocus(root, focus, host) {
  let target = null;
  if (focus.input) {
    const input = root.getAllInputs().find((one) => one.id === focus.input);
    target = input && controls(input)[focus.at];
  } else {
    const alike = pressables(host, focus.words);
    target = alike[focus.at] || alike[0];
  }
  if (!target) {
    (host.closest("[data-message]") || host).focus({ preventScroll: true });
    return;
  }
  target.focus({ preventScroll: true });
  if (focus.range && focus.range[0] !== null) {
    try { target.setSelectionRange(...focus.range); } catch { /* not a text box */ }
  }
}

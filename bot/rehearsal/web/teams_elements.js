// Card elements which Teams draws and the public card library does not:
// a block of text to copy, and charts.
import { el, announce } from "./dom.js";
import { drawHorizontalBars, drawVerticalBars, drawDonut } from "./charts.js";

export const drawing = { width: 480 }; // set before each card is drawn

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = el("textarea", { class: "sr-only", "aria-hidden": "true", tabindex: "-1" });
    box.value = text;
    const before = document.activeElement;
    (before?.closest("dialog") || document.body).append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    before?.focus();
    return done;
  }
}

function codeBlock(source) {
  const text = String(source.codeSnippet ?? "");
  const first = Number(source.startLineNumber);
  const note = [
    source.language && !/^plain ?text$/i.test(source.language) ? source.language : "",
    first > 1 ? `from line ${first}` : "",
  ].filter(Boolean).join(", ") || "Text to copy";
  const button = el("button", {
    type: "button", class: "code-copy", text: "Copy",
    onclick: async () => {
      const done = await copyText(text);
      button.textContent = done ? "Copied" : "Select and copy by hand";
      announce(button.textContent);
      setTimeout(() => { button.textContent = "Copy"; }, 2500);
    },
  });
  return el("div", { class: "code-block" },
    el("div", { class: "code-head" }, el("span", { text: note }), button),
    el("pre", { class: "code-text", tabindex: "0", "aria-label": "Text to copy", text }));
}

const figure = (draw) => (source) => {
  const box = el("div", { class: "chart" });
  if (source.title) box.append(el("div", { class: "chart-title", "aria-hidden": "true", text: source.title }));
  box.append(draw(source, drawing.width));
  return box;
};

const kinds = {
  CodeBlock: codeBlock,
  "Chart.HorizontalBar": figure(drawHorizontalBars),
  "Chart.VerticalBar": figure(drawVerticalBars),
  "Chart.Donut": figure(drawDonut),
};

export function registerTeamsElements(AdaptiveCards) {
  for (const [name, draw] of Object.entries(kinds)) {
    class TeamsElement extends AdaptiveCards.CardElement {
      getJsonTypeName() { return name; }
      internalParse(source, context) {
        super.internalParse(source, context);
        this.teamsSource = source;
      }
      internalRender() { return draw(this.teamsSource || {}); }
    }
    AdaptiveCards.GlobalRegistry.elements.register(name, TeamsElement, AdaptiveCards.Versions.v1_0);
  }
}

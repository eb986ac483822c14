// Draws one Adaptive Card in a box and reports what the person presses.
import { hostConfigJson } from "./host_config.js";
import { prepare, highlightMarks } from "./card_prepare.js";
import { fixLibrary } from "./library_fixes.js";
import { registerTeamsElements, drawing } from "./teams_elements.js";
import { capture, changedValues, noteBaseline, read, restore, worthKeeping } from "./card_drafts.js";
import { showMenu } from "./menu.js";
import { followLink } from "./links.js";

let hostConfig = null;
const library = () => window.AdaptiveCards;

export function setUpCards() {
  const markdown = window.markdownit({ html: false, linkify: false, breaks: true });
  const { AdaptiveCard, HostConfig } = library();
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = highlightMarks(markdown.render(text));
    result.didProcess = true;
  };
  AdaptiveCard.onDisplayOverflowActionMenu = (actions, target) => {
    showMenu(target, "More actions", actions.map((action) => ({
      title: action.title || "Action", disabled: !action.isEnabled, run: () => action.execute(),
    })));
    return true;
  };
  hostConfig = new HostConfig(hostConfigJson);
  fixLibrary(library());
  registerTeamsElements(library());
}

export class CardView {
  // onPress({action, inputs}) returns a promise of true when the press was taken.
  constructor(host, onPress) {
    this.host = host;
    this.onPress = onPress;
    this.pending = false;
    this.pressed = false;
    this.root = null;
    this.baseline = new Map();
  }

  render(json, saved = null) {
    const kept = saved || (this.root ? this.capture() : null);
    const width = this.host.clientWidth || Math.min(560, window.innerWidth - 40);
    drawing.width = width - 34;
    this.json = prepare(json, width);
    this.baseline = new Map();
    const card = new (library().AdaptiveCard)();
    card.hostConfig = hostConfig;
    card.onExecuteAction = (action) => this.execute(action);
    card.onAnchorClicked = (_element, anchor, event) => {
      if (!event || event.type === "click") followLink(anchor.getAttribute("href"));
      return !event || event.type === "click";
    };
    card.onInlineCardExpanded = () => this.afterDraw();
    card.parse(this.json);
    const drawn = card.render();
    this.root = card;
    this.host.classList.toggle("card-full", json.msteams?.width?.toLowerCase() === "full");
    this.host.replaceChildren(...(drawn ? [drawn] : []));
    this.afterDraw();
    if (kept) restore(card, kept, this.host, { layout: !this.pressed || worthKeeping(kept) });
    this.pressed = false;
    this.showPending();
  }

  afterDraw() {
    if (!this.root) return;
    this.host.querySelectorAll("a[target]").forEach((anchor) => { anchor.rel = "noopener noreferrer"; });
    noteBaseline(this.root, this.baseline);
    this.host.querySelectorAll(".ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect").forEach((group) => {
      const label = group.id && this.host.querySelector(`label[for="${group.id}"], [for="${group.id}"]`);
      group.setAttribute("role", group.classList.contains("ac-choiceSetInput-expanded") ? "radiogroup" : "group");
      if (label?.id) group.setAttribute("aria-labelledby", label.id);
    });
    for (const input of this.root.getAllInputs()) {
      const control = input.renderedElement?.querySelector("input, select, textarea");
      if (control && !control.labels?.length && !control.getAttribute("aria-label") && !control.getAttribute("aria-labelledby")) {
        control.setAttribute("aria-label", String(input.id || "Answer").replace(/[_-]+/g, " "));
      }
    }
  }

  capture() {
    return this.root ? capture(this.root, this.json, this.baseline, this.host) : null;
  }

  // A draft to keep while this card is off the screen, or nothing.
  draft() {
    const saved = this.capture();
    return worthKeeping(saved) ? { ...saved, focus: null } : null;
  }

  hasDraft() {
    return Boolean(this.root) && Object.keys(changedValues(this.root, this.baseline)).length > 0;
  }

  async execute(action) {
    const type = action.getJsonTypeName();
    if (type === "Action.OpenUrl") return followLink(action.url);
    if (type !== "Action.Execute" && type !== "Action.Submit") return;
    if (this.pending) return;
    const referenced = Object.values(action.getReferencedInputs() || {});
    const inputs = {};
    const sent = new Map();
    for (const input of referenced) {
      inputs[input.id] = asText(input.value);
      sent.set(input.id, read(input));
    }
    this.pending = true;
    queueMicrotask(() => this.showPending());
    const taken = await this.onPress({
      action: { type, verb: action.verb ?? null, data: action._originalData ?? null, id: action.id ?? null },
      inputs,
    });
    this.pending = false;
    if (taken) {
      this.pressed = true;
      for (const [id, values] of sent) if (values) this.baseline.set(id, values);
    }
    this.showPending();
    this.onSettled?.(taken);
  }

  showPending() {
    this.host.classList.toggle("card-pending", this.pending);
    this.host.setAttribute("aria-busy", String(this.pending));
    this.host.querySelectorAll(".ac-pushButton, .ac-inlineActionButton").forEach((button) => {
      if (this.pending) button.setAttribute("aria-disabled", "true");
      else if (!button.disabled) button.removeAttribute("aria-disabled");
    });
  }
}

function asText(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return "";
  return String(value);
}

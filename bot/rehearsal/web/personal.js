// The person's own chat with Front Door.
import { el } from "./dom.js";
import { mayUse, state } from "./state.js";
import { composer } from "./composer.js";
import { MessageView, reconcile } from "./messages.js";
import { press } from "./presses.js";
import { Scroller } from "./scroller.js";

export class PersonalView {
  constructor() {
    const bot = state.desk.bot.name;
    this.views = new Map();
    this.list = el("div", { class: "messages", role: "log", "aria-label": "Messages" });
    this.empty = el("div", { class: "empty" },
      el("p", { class: "empty-title", text: `This is ${state.person.name}’s own chat with ${bot}` }),
      el("p", { text: "Type “new referral” below, or press New referral. Nobody else can see this chat." }));
    this.scroll = el("div", { class: "scroll chat-scroll", tabindex: "-1" }, this.empty, this.list);
    this.scroller = new Scroller(this.scroll, "New message below");
    this.element = el("section", { class: "place-view", "aria-label": `Chat with ${bot}` },
      this.scroll, this.scroller.line,
      composer({
        box: "personal", testId: "say-personal", label: `Message ${bot}`,
        placeholder: `Type a message to ${bot}`, commands: mayUse(state.desk.commands),
        onSend: (text) => { this.scroller.toEnd(); return press.say("personal", null, text); },
        onFile: (file) => { this.scroller.toEnd(); return press.file(file); },
        onCommand: (command) => press.command("personal", null, command),
      }));
    this.scroller.follow(this.list);
  }

  update(personal) {
    const messages = personal.messages || [];
    this.empty.hidden = messages.length > 0;
    reconcile(this.list, this.views, messages, (message) => new MessageView(message));
    this.scroller.stay();
    this.scroller.landed(messages.at(-1)?.id);
  }

  keepDrafts() {
    for (const view of this.views.values()) view.keepDraft();
    this.scroller.stop();
  }
}

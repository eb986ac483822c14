// The duty desk channel: posts with their replies, newest last.
import { el } from "./dom.js";
import { mayUse, state } from "./state.js";
import { composer } from "./composer.js";
import { MessageView, reconcile } from "./messages.js";
import { press } from "./presses.js";
import { Scroller } from "./scroller.js";
import { Viewing } from "./viewing.js";

const onlyMentions = (bot) => `${bot} only hears messages that mention it`;

class ThreadView {
  constructor(thread, viewing) {
    const bot = state.desk.bot.name;
    this.views = new Map();
    this.viewing = viewing;
    this.list = el("div", { class: "messages" });
    this.element = el("section", { class: "thread", "data-thread": thread.id, tabindex: "-1" },
      this.list,
      composer({
        box: `reply ${thread.id}`, testId: `reply-${thread.id}`, label: "Reply to this post",
        placeholder: "Reply", helper: onlyMentions(bot), mention: bot,
        onSend: (text) => press.say("channel", thread.id, text),
      }));
    viewing.watch(this.element, thread.id);
  }

  update(thread) {
    const first = thread.messages[0];
    const words = first ? `Post from ${first.from.name} at ${first.at}` : "Post";
    this.element.setAttribute("aria-label", words);
    reconcile(this.list, this.views, thread.messages, (message) => new MessageView(message));
  }

  keepDrafts() {
    for (const view of this.views.values()) view.keepDraft();
  }
}

export class ChannelView {
  constructor() {
    const bot = state.desk.bot.name;
    this.views = new Map();
    this.list = el("div", { class: "threads" });
    this.empty = el("div", { class: "empty" },
      el("p", { class: "empty-title", text: "Nothing has been posted here yet" }),
      el("p", { text: "When a call is recorded, its post appears here for everyone on the desk. Press New referral to record one." }));
    this.scroll = el("div", { class: "scroll", tabindex: "-1" }, this.empty, this.list);
    this.scroller = new Scroller(this.scroll, "New post below", () => this.list.lastElementChild);
    this.element = el("section", { class: "place-view", "aria-label": state.desk.channel.name },
      this.scroll, this.scroller.line,
      composer({
        box: "channel", testId: "say-channel", label: "Start a post",
        placeholder: "Start a post", helper: onlyMentions(bot), mention: bot,
        commands: mayUse(state.desk.commands),
        onSend: (text) => { this.scroller.toEnd(); return press.say("channel", null, text); },
        onCommand: (command) => press.command("channel", null, command),
      }));
    this.scroller.follow(this.list);
    this.viewing = new Viewing(this.scroll);
  }

  update(channel) {
    this.empty.hidden = channel.threads.length > 0;
    reconcile(this.list, this.views, channel.threads, (thread) => new ThreadView(thread, this.viewing));
    this.viewing.keepOnly(this.views);
    this.scroller.stay();
    this.scroller.landed(channel.threads.at(-1)?.id);
  }

  // Tells the server the newest post is being looked at, as Teams would.
  opened() {
    const newest = [...this.views.keys()].pop();
    if (newest) this.viewing.saw(newest);
  }

  show(thread) {
    const view = this.views.get(thread);
    if (!view) return false;
    this.scroller.to(view.element);
    view.element.focus({ preventScroll: true });
    view.element.classList.add("thread-found");
    setTimeout(() => view.element.classList.remove("thread-found"), 2500);
    this.viewing.saw(thread);
    return true;
  }

  keepDrafts() {
    for (const view of this.views.values()) view.keepDrafts();
    this.scroller.stop();
    this.viewing.stop();
  }
}

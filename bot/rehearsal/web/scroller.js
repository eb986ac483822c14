// Keeps a conversation at its newest end while the reader is there, and
// leaves the page still when they are reading further up.
import { el } from "./dom.js";

export class Scroller {
  // `newest` gives the last post: one taller than the box is shown from its top.
  constructor(box, words, newest = () => null) {
    this.box = box;
    this.newestPost = newest;
    this.jump = el("button", {
      type: "button", class: "jump", hidden: true, text: words, onclick: () => this.toEnd(),
    });
    this.line = el("div", { class: "jump-line" }, this.jump);
    this.atEnd = true;
    this.top = 0;
    box.addEventListener("scroll", () => {
      if (!box.clientHeight) return;
      this.top = box.scrollTop;
      this.atEnd = this.isAtEnd();
      if (this.atEnd) this.jump.hidden = true;
    }, { passive: true });
    // Cards settle a moment after they are drawn: stay at the end meanwhile.
    this.watch = new ResizeObserver(() => this.stay());
  }

  isAtEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 60;
  }

  // Offers a way down when something new has landed out of sight.
  landed(newest) {
    if (this.newest && newest !== this.newest && !this.isAtEnd()) this.jump.hidden = false;
    this.newest = newest || "none";
  }

  follow(content) {
    this.watch.observe(content);
    this.watch.observe(this.box);
  }

  toEnd() {
    const post = this.newestPost();
    const tall = post && post.offsetHeight > this.box.clientHeight;
    if (tall) this.box.scrollTop += post.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
    else this.box.scrollTop = this.box.scrollHeight;
    this.atEnd = true;
    this.jump.hidden = true;
  }

  // Someone filling in a card should not have it move under their hands.
  filling() {
    const active = document.activeElement;
    return this.box.contains(active) && active.matches("input, select, textarea") && Boolean(active.closest(".card-host"));
  }

  stay() {
    if (this.atEnd && !this.filling()) this.toEnd();
  }

  // Called when the box comes back on to the page.
  settle() {
    if (this.atEnd) this.toEnd();
    else this.box.scrollTop = this.top;
  }

  to(element) {
    element.scrollIntoView({ block: "start" });
    this.top = this.box.scrollTop;
    this.atEnd = this.isAtEnd();
  }

  stop() {
    this.watch.disconnect();
  }
}

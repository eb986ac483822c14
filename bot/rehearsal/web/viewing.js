// Tells the server which post this person is looking at: when one comes into
// view, and when they first touch one.
import { api } from "./api.js";
import { state } from "./state.js";

let line = Promise.resolve(); // one at a time, in order

export class Viewing {
  constructor(root) {
    this.last = null;
    this.inView = new Set();
    this.watched = new Map();
    this.observer = new IntersectionObserver((entries) => this.changed(entries), {
      root, threshold: [0, 0.25, 0.5, 0.75, 1],
    });
  }

  watch(element, thread) {
    this.watched.set(element, thread);
    this.observer.observe(element);
    for (const kind of ["pointerdown", "focusin"]) {
      element.addEventListener(kind, () => this.saw(thread));
    }
  }

  changed(entries) {
    const fresh = [];
    for (const entry of entries) {
      const thread = this.watched.get(entry.target);
      const room = entry.rootBounds?.height || 1;
      const seen = entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= room * 0.4;
      if (seen && !this.inView.has(thread)) fresh.push(thread);
      if (seen) this.inView.add(thread);
      else this.inView.delete(thread);
    }
    const order = [...this.watched.values()];
    fresh.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    fresh.forEach((thread) => this.saw(thread));
  }

  saw(thread) {
    if (this.last === thread) return;
    this.last = thread;
    const person = state.person.id;
    line = line.then(() => api.viewing(person, thread)).catch(() => { this.last = null; });
  }

  keepOnly(views) {
    for (const [element, thread] of this.watched) {
      if (!views.has(thread)) {
        this.observer.unobserve(element);
        this.watched.delete(element);
        this.inView.delete(thread);
      }
    }
  }

  stop() {
    this.observer.disconnect();
  }
}

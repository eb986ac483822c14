// One message on the screen, and lists of messages which change as little as
// possible: a message is drawn again only when its rev changes.
import { el, avatar, textWithMentions } from "./dom.js";
import { CardView } from "./cards.js";
import { state, cardDraft } from "./state.js";
import { showMenu } from "./menu.js";
import { press } from "./presses.js";
import { fileBox } from "./files.js";

export class MessageView {
  constructor(message) {
    this.id = message.id;
    this.person = state.person.id;
    this.latest = message;
    this.head = el("div", { class: "message-head" });
    this.text = el("p", { class: "message-text" });
    this.cardHost = el("div", { class: "card-host" });
    this.fileHost = el("div", { class: "file-host" });
    this.body = el("div", { class: "message-body" }, this.head, this.text, this.cardHost, this.fileHost);
    this.element = el("article", { class: "message", "data-message": message.id, tabindex: "-1" },
      avatar(message.from.name, message.from.kind), this.body);
    this.element.classList.add(message.from.kind === "bot" ? "from-bot" : "from-person");
    this.element.classList.toggle("mine", Boolean(message.from.mine));
  }

  // Call once the element is on the page, so the card knows its width.
  update(message) {
    this.latest = message;
    if (this.rev === message.rev || this.card?.pending) return;
    this.rev = message.rev;
    this.element.setAttribute("aria-label", `${message.from.name}, ${message.at}`);
    this.drawHead(message);
    const hasText = Boolean(message.text) && !message.deleted;
    this.text.hidden = !hasText && !message.deleted;
    this.text.classList.toggle("message-gone", Boolean(message.deleted));
    if (message.deleted) this.text.textContent = "This message has been deleted.";
    else this.text.replaceChildren(...(hasText ? textWithMentions(message.text, message.mentions) : []));
    this.drawCard(message.deleted ? null : message.card);
    this.drawFile(message.deleted ? null : message.file);
  }

  drawHead(message) {
    const items = this.menuItems(message);
    const keepFocus = this.head.contains(document.activeElement);
    this.head.replaceChildren(
      el("span", { class: "message-name", text: message.from.name }),
      ...(message.from.kind === "bot" ? [el("span", { class: "app-tag", text: "App" })] : []),
      el("span", { class: "message-time", text: message.at }),
      ...(message.edited && !message.deleted ? [el("span", { class: "message-edited", text: "Edited" })] : []));
    if (!items.length || message.deleted) return;
    const dots = el("button", {
      type: "button", class: "dots", "aria-haspopup": "menu", "aria-expanded": "false",
      "aria-label": `More options for the message from ${message.from.name} at ${message.at}`,
      "data-testid": `more-${message.id}`,
      onclick: () => showMenu(dots, "Message options", items),
    }, el("span", { "aria-hidden": "true", text: "•••" }));
    this.head.append(dots);
    if (keepFocus) dots.focus({ preventScroll: true });
  }

  menuItems(message) {
    const items = [];
    if (message.can_refresh) {
      items.push({ title: "Refresh card", run: () => press.refreshCard(message.id) });
    }
    for (const action of state.desk.message_actions || []) {
      items.push({ title: action.title, run: () => press.messageAction(message.id, action.id) });
    }
    if (message.from.mine && message.text) {
      items.push({ title: "Edit message", run: () => this.edit(message) });
      items.push({ title: "Delete message", run: () => press.deleteMessage(message.id) });
    }
    return items;
  }

  edit(message) {
    const text = window.prompt("Edit message", message.text);
    if (text && text !== message.text) press.editMessage(message.id, text);
  }

  drawCard(card) {
    this.cardHost.hidden = !card;
    if (!card) {
      this.cardHost.replaceChildren();
      this.card = null;
      this.cardJson = null;
      return;
    }
    const json = JSON.stringify(card);
    if (this.card && json === this.cardJson && !this.card.pressed) return;
    let saved = null;
    if (!this.card) {
      this.card = new CardView(this.cardHost, (pressed) => press.card(this.id, pressed));
      this.card.onSettled = (taken) => {
        if (taken) cardDraft.keep(this.person, this.id, null);
        if (this.element.isConnected) this.update(this.latest);
      };
      saved = cardDraft.take(this.person, this.id);
    }
    this.cardJson = json;
    this.card.render(card, saved);
  }

  drawFile(file) {
    this.fileHost.hidden = !file;
    const box = file && fileBox(this.id, file, (accept) => press.consent(this.id, accept));
    this.fileHost.replaceChildren(...(box ? [box] : []));
  }

  keepDraft() {
    if (this.card) cardDraft.keep(this.person, this.id, this.card.draft());
  }
}

// Brings a list on the page into line with what the server says, in order,
// without moving anything that is already in the right place.
export function reconcile(container, views, items, make) {
  const wanted = new Set(items.map((item) => item.id));
  for (const [id, view] of views) {
    if (!wanted.has(id)) {
      view.element.remove();
      views.delete(id);
    }
  }
  let before = container.firstElementChild;
  for (const item of items) {
    let view = views.get(item.id);
    if (!view) {
      view = make(item);
      views.set(item.id, view);
    }
    if (view.element === before) before = before.nextElementSibling;
    else container.insertBefore(view.element, before);
    view.update(item);
  }
}

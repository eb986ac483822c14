// The caller's mailbox: every email the bot has sent, as whoever gets it would
// see it. Plain text only: nothing in an email is ever read as markup.
import { el } from "./dom.js";
import { reconcile } from "./messages.js";
import { Scroller } from "./scroller.js";

const fact = (name, value) => [el("dt", { text: name }), el("dd", { text: value })];

class MailView {
  constructor(mail) {
    const title = `mail-${mail.id}`;
    this.element = el("article", { class: "mail", "data-testid": "mail", "aria-labelledby": title, tabindex: "-1" },
      el("h2", { class: "mail-subject", id: title, text: mail.subject }),
      el("dl", { class: "mail-facts" },
        fact("From", mail.from), fact("To", mail.to), fact("Sent", mail.at)),
      el("p", { class: "mail-text", text: mail.text }));
  }

  update() { /* an email that has arrived does not change */ }
}

export class MailboxView {
  constructor() {
    this.views = new Map();
    this.list = el("div", { class: "mails", role: "log", "aria-label": "Emails" });
    this.scroll = el("div", { class: "scroll", tabindex: "-1" },
      el("p", { class: "mailbox-note", text: "What callers get by email. Nothing here leaves this computer." }),
      this.list);
    this.scroller = new Scroller(this.scroll, "New email below", () => this.list.lastElementChild);
    this.element = el("section", { class: "place-view", "aria-label": "Caller’s mailbox" },
      this.scroll, this.scroller.line);
    this.scroller.follow(this.list);
  }

  update(mail) {
    reconcile(this.list, this.views, mail, (one) => new MailView(one));
    this.scroller.stay();
    this.scroller.landed(mail.at(-1)?.id);
  }

  keepDrafts() {
    this.scroller.stop();
  }
}

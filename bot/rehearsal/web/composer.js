// A box to write in, with its send button, mention button and commands.
// What is half typed is kept for each person.
import { el } from "./dom.js";
import { state, draft } from "./state.js";
import { attachButton } from "./files.js";

let serial = 0;

export function composer(options) {
  const { box, testId, label, placeholder, helper, mention, commands = [], onSend, onCommand, onFile } = options;
  serial += 1;
  const person = state.person.id;
  const fieldId = `say-${serial}`;
  const helperId = `say-help-${serial}`;

  const field = el("textarea", {
    id: fieldId, class: "say-box", rows: "1", placeholder, "data-testid": testId,
    "aria-describedby": helper ? helperId : undefined, autocomplete: "off",
  });
  const send = el("button", {
    type: "submit", class: "send-button", text: "Send",
    "data-testid": testId.startsWith("say-") ? testId.replace("say-", "send-") : `send-${testId}`,
  });
  const extras = el("div", { class: "say-extras" });

  if (mention) {
    extras.append(el("button", {
      type: "button", class: "chip", text: `@${mention}`, title: `Mention ${mention}`,
      "aria-label": `Mention ${mention}`, "data-testid": testId.replace(/^(say|reply)-/, "mention-"),
      onmousedown: (event) => event.preventDefault(), // the box keeps focus
      onclick: () => {
        const start = `@${mention} `;
        if (!field.value.startsWith(start.trim())) field.value = start + field.value;
        keep();
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
      },
    }));
  }
  for (const command of commands) {
    const button = el("button", {
      type: "button", class: "command-button", "data-testid": `compose-${command.id}`, text: command.title,
    });
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true");
      await onCommand(command.id);
      button.removeAttribute("aria-disabled");
    });
    extras.append(button);
  }

  if (onFile) extras.append(...attachButton(onFile));

  const form = el("form", { class: "composer" },
    el("label", { class: "sr-only", for: fieldId, text: label }),
    el("div", { class: "say-row" }, field, send),
    el("div", { class: "say-foot" }, extras, helper ? el("p", { class: "say-help", id: helperId, text: helper }) : null));

  function fitToText() {
    send.classList.toggle("ready", Boolean(field.value.trim()));
    form.classList.toggle("has-words", Boolean(field.value));
    if (!field.value.includes("\n") && field.value.length < 30) {
      field.style.height = "";
      return;
    }
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
  }

  function keep() {
    draft.set(person, box, field.value);
    fitToText();
  }

  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || sending) return;
    sending = true;
    form.classList.add("sending");
    const done = await onSend(text);
    sending = false;
    form.classList.remove("sending");
    if (done && field.value.trim() === text) {
      field.value = "";
      keep();
      if (form.isConnected) form.scrollIntoView({ block: "nearest" });
    }
  });
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  field.value = draft.get(person, box);
  requestAnimationFrame(fitToText);
  return form;
}

// What Teams draws itself for files: one to open, or the question whether the
// bot may save one. And the button that sends a file to the bot.
import { el } from "./dom.js";

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function fileBox(id, file, answer) {
  if (file.kind === "file") {
    return el("a", {
      class: "file-link", href: file.url, download: file.name, "data-testid": `file-${id}`, text: file.name,
    });
  }
  const buttons = ["Allow", "Decline"].map((title) => el("button", {
    type: "button", class: title === "Allow" ? "send-button ready" : "send-button", text: title,
    "aria-label": `${title}: ${file.name}`, "data-testid": `${title.toLowerCase()}-${id}`,
  }));
  buttons.forEach((button) => button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled")) return;
    buttons.forEach((one) => one.setAttribute("aria-disabled", "true"));
    await answer(button === buttons[0]);
    buttons.forEach((one) => one.removeAttribute("aria-disabled"));
  }));
  return el("div", { class: "file-consent" },
    el("p", { class: "file-name", text: `${file.name} (about ${size(file.size)})` }),
    el("p", { text: file.about }),
    el("div", { class: "file-buttons" }, buttons));
}

export function attachButton(onFile) {
  const input = el("input", { type: "file", class: "sr-only", tabindex: "-1", "aria-label": "Attach a file", "data-testid": "attach-input" });
  const button = el("button", {
    type: "button", class: "command-button", "data-testid": "attach-file", text: "Attach a file",
    onclick: () => { if (!button.getAttribute("aria-disabled")) input.click(); },
  });
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    button.setAttribute("aria-disabled", "true");
    await onFile(file);
    input.value = "";
    button.removeAttribute("aria-disabled");
  });
  return [button, input];
}

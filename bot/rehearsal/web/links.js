// Opens links safely: threads on this page, or the web in a new tab.
import { refusal } from "./toasts.js";

let goToThread = () => {};
export const onThreadLink = (handler) => { goToThread = handler; };

export function threadInLink(url) {
  const match = String(url || "").match(/#thread=([^&]+)/);
  return match ? decodeURIComponent(match[1]) : null;
}

export function followLink(url) {
  let target;
  try {
    target = new URL(url, location.href);
  } catch {
    return refusal("That link cannot be opened.");
  }
  const thread = threadInLink(target.hash);
  if (thread && target.origin === location.origin) return goToThread(thread);
  if (target.protocol === "https:" || target.protocol === "http:") {
    window.open(target.href, "_blank", "noopener");
    return undefined;
  }
  return refusal("That link opens something outside the rehearsal desk, so it does nothing here.");
}

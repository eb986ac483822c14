// "What was logged": the table rows as they land, newest first.
import { el, byId, isNarrow } from "./dom.js";
import { api } from "./api.js";

let last = 0;
let count = 0;
let reading = null;
let again = false;
let open = false;
const list = el("ol", { class: "log-rows", tabindex: "-1" });
const empty = el("p", { class: "log-empty", text: "Nothing yet. Each row Front Door writes to its tables appears here as it lands." });

export function drawLog() {
  const close = el("button", { type: "button", class: "quiet-button", text: "Hide", "aria-label": "Hide what was logged" });
  close.addEventListener("click", () => setOpen(false, true));
  byId("log-panel").replaceChildren(
    el("div", { class: "log-head" }, el("h2", { id: "log-title", text: "What was logged" }), close),
    empty, list);
  byId("log-toggle").addEventListener("click", () => setOpen(!open, true));
  byId("log-panel").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isNarrow()) setOpen(false, true);
  });
  setOpen(!isNarrow(), false);
}

// On a narrow screen the panel covers the conversation, so that goes quiet.
function setOpen(wanted, moveFocus) {
  open = wanted;
  const panel = byId("log-panel");
  panel.hidden = !open;
  document.body.classList.toggle("log-open", open);
  byId("log-toggle").setAttribute("aria-expanded", String(open));
  const covers = open && isNarrow();
  document.querySelectorAll(".rail, .middle").forEach((part) => { part.inert = covers; });
  if (moveFocus) (open ? panel.querySelector("button") : byId("log-toggle")).focus();
  label();
}

window.matchMedia("(max-width: 1120px)").addEventListener("change", () => setOpen(open && !isNarrow(), false));

function label() {
  byId("log-toggle").replaceChildren(
    el("span", { class: "log-word-long", text: "What was logged" }),
    el("span", { class: "log-word-short", text: "Log" }),
    el("span", { class: "count", "data-testid": "log-count", text: String(count) }),
    el("span", { class: "sr-only", text: count === 1 ? "row" : "rows" }));
}

export async function readLog({ fresh = false } = {}) {
  if (reading) { again = true; return; }
  reading = api.log(fresh ? 0 : last);
  try {
    const { rows } = await reading;
    if (fresh) { list.replaceChildren(); last = 0; count = 0; }
    const first = count === 0;
    for (const row of rows) {
      if (row.n <= last) continue;
      list.prepend(drawRow(row, !first));
      last = row.n;
      count += 1;
    }
    empty.hidden = count > 0;
    label();
  } catch (problem) {
    console.info(problem.message);
  }
  reading = null;
  if (again) { again = false; readLog(); }
}

function drawRow(row, isNew) {
  const props = Object.entries(row.props || {});
  const details = el("details", { class: "log-row" },
    el("summary", {},
      el("span", { class: "log-line" },
        el("span", { class: "log-time", text: row.at }), el("span", { class: "log-table", text: row.table })),
      el("span", { class: "log-summary", text: row.summary })),
    el("dl", { class: "log-props" },
      [["PartitionKey", row.partition], ["RowKey", row.row], ...props].flatMap(([name, value]) => [
        el("dt", { text: name }),
        el("dd", { text: value !== null && typeof value === "object" ? JSON.stringify(value, null, 1) : String(value ?? "") }),
      ])));
  return el("li", { class: isNew ? "log-item log-new" : "log-item", "data-log": row.n }, details);
}

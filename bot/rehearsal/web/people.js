// The list of people to be, grouped by the part they play.
import { el, byId, avatar } from "./dom.js";
import { state } from "./state.js";

const groups = [
  { title: "MASHOs", fits: (words) => /masho/.test(words) },
  { title: "Assessment Team", fits: (words) => /assess/.test(words) },
  { title: "Social worker and duty managers", fits: (words) => /social|duty.?manager/.test(words) },
  { title: "Reps by agency", fits: (words) => /\brep|_rep|represent/.test(words) },
  { title: "Managers", fits: (words) => /manager|lead|head/.test(words) },
  { title: "Others", fits: () => true },
];
const order = ["MASHOs", "Reps by agency", "Social worker and duty managers", "Assessment Team", "Managers", "Others"];

function grouped(people) {
  const found = new Map(order.map((title) => [title, []]));
  for (const person of people) {
    const words = `${person.role} ${person.role_label}`.toLowerCase();
    found.get(groups.find((group) => group.fits(words)).title).push(person);
  }
  found.get("Reps by agency").sort((a, b) => String(a.agency_label).localeCompare(String(b.agency_label)));
  return [...found].filter(([, members]) => members.length);
}

const about = (person) => [person.role_label, person.agency_label].filter(Boolean).join(", ");

export function drawPeople(onPick) {
  const list = byId("people");
  list.replaceChildren(el("h2", { class: "rail-title", text: "You are" }));
  const select = el("select", { id: "person-select", class: "person-select", "data-testid": "person-select" });

  for (const [title, members] of grouped(state.desk.people)) {
    const headingId = `group-${title.replace(/\W+/g, "-")}`;
    const items = members.map((person) => el("li", {}, el("button", {
      type: "button", class: "person", "data-testid": `person-${person.id}`, "data-person": person.id,
      onclick: () => onPick(person),
    },
    avatar(person.name),
    el("span", { class: "person-words" },
      el("span", { class: "person-name", text: person.name }),
      el("span", { class: "person-about", text: about(person) })),
    el("span", { class: "person-mark", "aria-hidden": "true" }))));
    list.append(
      el("h3", { class: "group-title", id: headingId, text: title }),
      el("ul", { class: "group", "aria-labelledby": headingId }, items));
    select.append(el("optgroup", { label: title }, members.map((person) => el("option", {
      value: person.id, text: `${person.name}, ${about(person)}`,
    }))));
  }
  select.addEventListener("change", () => onPick(state.desk.people.find((one) => one.id === select.value)));
  byId("people-pick").replaceChildren(el("label", { for: "person-select", text: "You are" }), select);
}

export function markPerson() {
  for (const button of document.querySelectorAll("[data-person]")) {
    const here = button.dataset.person === state.person.id;
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    if (here && button.offsetParent) button.scrollIntoView({ block: "nearest" });
  }
  byId("person-select").value = state.person.id;
}

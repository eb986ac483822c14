// What the page knows: who is being played, which place is open, and drafts.

const remembered = {
  read(key) {
    try { return sessionStorage.getItem(key); } catch { return null; }
  },
  write(key, value) {
    try { sessionStorage.setItem(key, value); } catch { /* private window: go without */ }
  },
};

export const state = {
  desk: null,
  person: null, // the person object being played
  place: "personal", // "personal", "channel" or "mail"
  screen: null,
  drafts: new Map(), // "person|box" -> half-typed text
  cardDrafts: new Map(), // "person|message" -> half-filled card
  dialogDrafts: new Map(), // "person|where it was opened" -> half-filled dialog
  seen: new Map(), // "person|place" -> what was on the screen when last looked at
};

export function personById(id) {
  return state.desk.people.find((person) => person.id === id) || null;
}

export function startingPerson() {
  const saved = personById(remembered.read("desk.person"));
  const answersPhone = state.desk.people.find((one) => /masho/i.test(one.role));
  return saved || answersPhone || state.desk.people[0];
}

export function startingPlace() {
  const saved = remembered.read("desk.place");
  return ["channel", "mail"].includes(saved) ? saved : "personal";
}

export function setPerson(person) {
  state.person = person;
  state.screen = null;
  remembered.write("desk.person", person.id);
}

export function setPlace(place) {
  state.place = place;
  remembered.write("desk.place", place);
}

const key = (name, person = state.person.id) => `${person}|${name}`;

// Boxes and cards name their own person: an answer can come back after a switch.
export const draft = {
  get: (person, box) => state.drafts.get(key(box, person)) || "",
  set(person, box, text) {
    if (text) state.drafts.set(key(box, person), text);
    else state.drafts.delete(key(box, person));
  },
};

export const cardDraft = {
  take(person, message) {
    const saved = state.cardDrafts.get(key(message, person));
    state.cardDrafts.delete(key(message, person));
    return saved || null;
  },
  keep(person, message, saved) {
    if (saved) state.cardDrafts.set(key(message, person), saved);
    else state.cardDrafts.delete(key(message, person));
  },
};

export const dialogDraft = {
  get: (source) => state.dialogDrafts.get(key(source)) || null,
  keep(source, saved) {
    if (saved) state.dialogDrafts.set(key(source), saved);
    else state.dialogDrafts.delete(key(source));
  },
};

// A place is "new" when it holds something this person has not looked at.
const signature = (messages) => messages.map((one) => `${one.id}:${one.rev}`).join(" ");

function placeMessages(place) {
  if (!state.screen) return [];
  if (place === "personal") return state.screen.personal.messages || [];
  if (place === "mail") return state.screen.mail;
  return state.screen.channel.threads.flatMap((thread) => thread.messages);
}

export function markSeen(place) {
  state.seen.set(key(place), signature(placeMessages(place)));
}

export function hasNew(place) {
  const messages = placeMessages(place);
  return messages.length > 0 && state.seen.get(key(place)) !== signature(messages);
}

// Commands this person's role may use, as the app would be set up for them.
export function mayUse(commands) {
  return commands.filter((one) => !one.roles || one.roles.includes(state.person.role));
}

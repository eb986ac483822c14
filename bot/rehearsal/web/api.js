// Calls to the desk's server. Every failure becomes an Error with a sentence.

async function call(method, path, body, file) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : file,
    });
  } catch {
    throw new Error("The desk is not answering. Check that it is still running, then try again.");
  }
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    if (response.ok) return {};
  }
  if (!response.ok) {
    throw new Error(answer.error || "Something went wrong at the desk. Try again.");
  }
  return answer;
}

const get = (path) => call("GET", path);
const post = (path, body) => call("POST", path, body);

export const api = {
  desk: () => get("/api/desk"),
  screen: (person) => get(`/api/screen?person=${encodeURIComponent(person)}`),
  log: (after) => get(`/api/log?after=${after}`),
  viewing: (person, thread) => post("/api/viewing", { person, thread }),
  refresh: (person, message) => post("/api/refresh", { person, message }),
  say: (person, place, thread, text) => post("/api/say", { person, place, thread, text }),
  press: (person, message, action, inputs) => post("/api/press", { person, message, action, inputs }),
  compose: (person, place, thread, command) => post("/api/compose", { person, place, thread, command }),
  messageAction: (person, message, command) => post("/api/message-action", { person, message, command }),
  edit: (person, message, text) => post("/api/edit", { person, message, text }),
  remove: (person, message) => post("/api/delete", { person, message }),
  dialog: (person, dialog, action, inputs) => post("/api/dialog", { person, dialog, action, inputs }),
  consent: (person, message, accept) => post("/api/consent", { person, message, accept }),
  file: (person, file) => call("POST", `/api/file?${new URLSearchParams({ person, name: file.name })}`, null, file),
  clock: (move) => post("/api/clock", move),
};

// Sends what the person does and shows what comes back.
import { api } from "./api.js";
import { state } from "./state.js";
import { notice, refusal } from "./toasts.js";
import { openDialog } from "./dialog.js";

let refetch = () => {};
export const onWorkDone = (handler) => { refetch = handler; };

// Runs one call. Returns the result, or null after showing what went wrong.
async function attempt(call) {
  try {
    return await call();
  } catch (problem) {
    refusal(problem.message);
    return null;
  }
}

// Shows a result. Returns true when the work was taken (not refused).
function showResult(result, person, source) {
  refetch();
  if (!result) return false;
  if (result.kind === "message") notice(result.text);
  if (result.kind === "error") { refusal(result.text); return false; }
  if (result.kind === "dialog") {
    if (state.person.id === person) openDialog(result, source, press.dialog);
    return false;
  }
  return true;
}

export const press = {
  async card(message, { action, inputs }) {
    const person = state.person.id;
    const result = await attempt(() => api.press(person, message, action, inputs));
    return showResult(result, person, `press ${message} ${action.id || ""} ${JSON.stringify(action.data)}`);
  },

  async command(place, thread, command) {
    const person = state.person.id;
    const result = await attempt(() => api.compose(person, place, thread, command));
    return showResult(result, person, `command ${place} ${thread || ""} ${command}`);
  },

  async messageAction(message, command) {
    const person = state.person.id;
    const result = await attempt(() => api.messageAction(person, message, command));
    return showResult(result, person, `message ${message} ${command}`);
  },

  async editMessage(message, text) {
    await attempt(() => api.edit(state.person.id, message, text));
    refetch();
  },

  async deleteMessage(message) {
    await attempt(() => api.remove(state.person.id, message));
    refetch();
  },

  async refreshCard(message) {
    const result = await attempt(() => api.refresh(state.person.id, message));
    refetch();
    return Boolean(result);
  },

  async say(place, thread, text) {
    const result = await attempt(() => api.say(state.person.id, place, thread, text));
    refetch();
    return Boolean(result);
  },

  async file(file) {
    await attempt(() => api.file(state.person.id, file));
    refetch();
  },

  async consent(message, accept) {
    const person = state.person.id;
    const result = await attempt(() => api.consent(person, message, accept));
    return showResult(result, person, `consent ${message}`);
  },

  // The dialog shows its own result, so this hands it back.
  async dialog(person, id, { action, inputs }) {
    const result = await attempt(() => api.dialog(person, id, action, inputs));
    refetch();
    return result;
  },
};

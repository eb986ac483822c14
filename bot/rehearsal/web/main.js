// Starts the desk and keeps the page in step with the server.
import { api } from "./api.js";
import { startLive } from "./live.js";
import { state, setPerson, setPlace, startingPerson, startingPlace } from "./state.js";
import { byId, announce, el } from "./dom.js";
import { setUpCards } from "./cards.js";
import { drawPeople, markPerson } from "./people.js";
import { drawPlaces, drawScreen, dropViews, showThread } from "./places.js";
import { drawClock, setClock } from "./clock.js";
import { drawLog, readLog } from "./log.js";
import { drawHint } from "./hint.js";
import { onThreadLink, threadInLink } from "./links.js";
import { onWorkDone } from "./presses.js";
import { refusal, notice, clearToasts } from "./toasts.js";

let timer = null;
let fetching = false;
let stale = false;

// Asks for the screen soon, once, however many reasons there are.
function refetchSoon() {
  clearTimeout(timer);
  timer = setTimeout(refetch, 100);
}

async function refetch() {
  if (fetching) { stale = true; return; }
  fetching = true;
  const person = state.person;
  try {
    const screen = await api.screen(person.id);
    if (state.person === person) {
      state.screen = screen;
      setClock(screen.clock);
      byId("conversation").removeAttribute("aria-busy");
      drawScreen();
      goToWaitingThread();
    }
  } catch (problem) {
    if (!byId("reconnecting").textContent) refusal(problem.message);
  }
  fetching = false;
  if (stale || state.person !== person) { stale = false; refetch(); }
}

function becomePerson(person) {
  if (!person || person === state.person) return;
  dropViews();
  clearToasts();
  setPerson(person);
  markPerson();
  byId("conversation").setAttribute("aria-busy", "true");
  announce(`You are now ${person.name}, ${person.role_label}`);
  refetch();
}

let waitingThread = null;
function goToThread(thread) {
  waitingThread = thread;
  goToWaitingThread();
  if (waitingThread) refetchSoon();
  setTimeout(() => {
    if (waitingThread === thread) {
      waitingThread = null;
      notice("That post is not in this person's channel.");
    }
  }, 2500);
}

function goToWaitingThread() {
  if (waitingThread && state.screen && showThread(waitingThread)) waitingThread = null;
}

function followAddress() {
  const thread = threadInLink(location.hash);
  if (!thread) return;
  history.replaceState(null, "", location.pathname + location.search);
  goToThread(thread);
}

function goLive() {
  const line = byId("reconnecting");
  startLive({
    onEvent(event) {
      if (event.type === "changed") refetchSoon();
      if (event.type === "clock") setClock(event.clock);
      if (event.type === "log") readLog();
    },
    onUp(wasUpBefore) {
      line.textContent = "";
      if (!wasUpBefore) return;
      refetchSoon();
      readLog({ fresh: true });
    },
    onDown() { line.textContent = "Reconnecting"; },
  });
}

async function start() {
  try {
    state.desk = await api.desk();
  } catch (problem) {
    byId("place").append(el("p", { class: "empty", role: "alert", text: `${problem.message} Then reload this page.` }));
    return;
  }
  byId("brand-name").textContent = state.desk.bot.name;
  byId("brand-partnership").textContent = state.desk.partnership;
  document.title = `${state.desk.bot.name} rehearsal desk`;
  setUpCards();
  onWorkDone(refetchSoon);
  onThreadLink(goToThread);
  drawPeople(becomePerson);
  drawPlaces();
  drawClock(() => { refetchSoon(); readLog(); });
  drawLog();
  setClock(state.desk.clock);
  setPerson(startingPerson());
  setPlace(startingPlace());
  markPerson();
  drawHint();
  window.addEventListener("hashchange", followAddress);
  await refetch();
  followAddress();
  readLog();
  goLive();
}

start();

// The console of operators: signing in and out, and what is shown to whom.

import { forgetCommands, readCommands } from "./audit.js";
import { commandAs } from "./commands.js";
import { bindWorkers, closeCounter, openCounter } from "./counter.js";
import { bindLetters, forgetLetters, readGroups, refreshLetters } from "./dead-letters.js";
import { byId } from "./dom.js";
import { closeHistory } from "./order-history.js";
import { forget, search } from "./order-search.js";
import { bindStock, forgetStock, readStock } from "./stock.js";
import { bindWebhooks, forgetWebhooks, readWebhooks } from "./webhooks.js";
import { endSession, isOver, openSession, readSession, rightsOf, wordsFor } from "./session.js";

/** @import { OperatorSession } from "../types.js" */

const form = byId("sign-in", HTMLFormElement);
const token = byId("token", HTMLInputElement);
const enter = byId("enter", HTMLButtonElement);
const leave = byId("leave", HTMLButtonElement);
const again = byId("again", HTMLButtonElement);
const signedIn = byId("signed-in", HTMLElement);
const title = byId("title", HTMLElement);
const meaning = byId("meaning", HTMLElement);
const news = byId("news", HTMLElement);
const desk = byId("console", HTMLElement);
const places = byId("places", HTMLElement);
const by = byId("by", HTMLInputElement);
const reason = byId("reason", HTMLInputElement);
const look_every_ms = 30_000;

/** @type {OperatorSession | null} */
let session = null;
let busy = false;

/** @param {string} text @param {boolean} [trouble] */
function say(text, trouble = false) {
  news.textContent = text;
  news.dataset.mood = trouble ? "trouble" : "";
}

/** @param {"form" | "session" | "nothing"} part */
function show(part) {
  form.hidden = part !== "form";
  signedIn.hidden = part !== "session";
  desk.hidden = part !== "session";
  places.hidden = part !== "session";
  again.hidden = part !== "nothing";
}

/** What was read is for who is signed in, and goes with them. */
function clearDesk() {
  commandAs(null);
  closeCounter();
  forgetLetters();
  forget();
  closeHistory();
  forgetWebhooks();
  forgetStock();
  forgetCommands();
}

function fillDesk() {
  openCounter();
  readGroups();
  search();
  readWebhooks();
  readStock();
  readCommands();
}

/** Who commands and why, as they say; what is empty is left out. */
function note() {
  const said = { by: by.value.trim(), reason: reason.value.trim() };
  return Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ""));
}

function showForm() {
  session = null;
  for (const input of [by, reason]) input.value = ""; // who comes next is somebody else
  clearDesk();
  meaning.textContent = "Sign in with the token of an operator.";
  show("form");
}

/** @param {OperatorSession} next */
function showSession(next) {
  const isNew = desk.hidden;
  session = next;
  commandAs(next);
  document.body.classList.toggle("reader", next.role === "reader");
  const local = next.expires_at === undefined;
  meaning.textContent = local
    ? "No token is set: programs and pages of this machine are operators."
    : "What you do here stands in the audit.";
  byId("role", HTMLElement).textContent = next.role;
  byId("rights", HTMLElement).textContent = rightsOf(next.role);
  byId("until-row", HTMLElement).hidden = local;
  leave.hidden = local;
  if (next.expires_at !== undefined) {
    const until = byId("until", HTMLTimeElement);
    until.dateTime = next.expires_at;
    until.textContent = new Date(next.expires_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }
  show("session");
  if (isNew) fillDesk();
}

/** One thing at a time. @param {() => Promise<void>} action */
async function alone(action) {
  if (busy) return;
  busy = true;
  for (const button of [enter, leave, again]) button.setAttribute("aria-disabled", "true");
  try {
    await action();
  } finally {
    busy = false;
    for (const button of [enter, leave, again]) button.setAttribute("aria-disabled", "false");
  }
}

async function look() {
  const answer = await readSession();
  if (answer.status === 200) {
    say("");
    showSession(answer.body);
  } else if (answer.status === 401) {
    say(session ? "The session is over. Sign in again." : "");
    showForm();
  } else if (session && !isOver(session, Date.now())) {
    say(wordsFor(answer), true); // what is shown stays, and what was typed
  } else {
    session = null;
    clearDesk();
    meaning.textContent = "It is not known whether you are signed in.";
    say(wordsFor(answer), true);
    show("nothing");
  }
}

async function signIn() {
  const given = token.value;
  token.value = ""; // whatever comes of it: it does not stay in the page
  token.removeAttribute("aria-invalid");
  say("Asking…");
  const answer = await openSession(given);
  if (answer.status === 201) {
    say("You are signed in.");
    showSession(answer.body);
    title.focus();
    return;
  }
  if (answer.status === 401 || answer.status === 422) token.setAttribute("aria-invalid", "true");
  say(wordsFor(answer), true);
  token.focus();
}

async function signOut() {
  const answer = await endSession(session?.csrf_token ?? "");
  if (answer.status === 204) {
    showForm();
    say("You are signed out.");
    token.focus();
  } else {
    say(wordsFor(answer), true);
    if (answer.status === 403) await look(); // another tab has begun another session
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  alone(signIn);
});
leave.addEventListener("click", () => alone(signOut));
again.addEventListener("click", () => alone(look));

// A page that was away may show a session that is over, or that another tab has ended.
addEventListener("pagehide", closeCounter); // a page with an open stream is not kept for going back
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (session) openCounter();
  alone(look);
});
document.addEventListener("visibilitychange", () => !document.hidden && session && alone(look));
for (const doubt of ["session-over", "session-in-doubt"]) document.addEventListener(doubt, () => alone(look));
document.addEventListener("command-over", () => {
  readCommands();
  refreshLetters();
});
addEventListener("popstate", () => session && search());
setInterval(() => session && isOver(session, Date.now()) && alone(look), look_every_ms);

bindWorkers(note);
bindLetters(note);
bindWebhooks(note);
bindStock(note);
alone(look);

// Who is told of orders: webhook endpoints, what became of the calls to them, and what can be done.

import { carryOut, refusalWordsFor } from "./commands.js";
import { byId, el, ledgerRow, plainButton } from "./dom.js";
import { shortTime } from "./search.js";
import { ask } from "./session.js";
import { duration } from "./timeline.js";
import { endpointState, laneWords, replayOf } from "./webhook-words.js";

const list = byId("webhooks", HTMLTableSectionElement);
const area = byId("webhooks-area", HTMLElement);
const none = byId("webhooks-none", HTMLElement);
const one = byId("webhook", HTMLElement);
const title = byId("webhook-title", HTMLElement);
const lanes = byId("webhook-lanes", HTMLUListElement);
const calls = byId("webhook-calls", HTMLTableSectionElement);
const toggle = byId("webhook-toggle", HTMLButtonElement);
const again = byId("webhook-again", HTMLFormElement);
const since = byId("webhook-since", HTMLInputElement);
const until = byId("webhook-until", HTMLInputElement);
const news = byId("webhooks-news", HTMLElement);

let asked = 0; // what an older question finds comes too late
/** @type {{id: string, enabled: boolean} | null} the endpoint that is looked at */
let chosen = null;

/** @param {string} text @param {"" | "trouble"} [mood] */
function tell(text, mood = "") {
  news.textContent = text;
  news.dataset.mood = mood;
}

/** An answer, or null after it was told why there is none. @param {string} target */
async function read(target) {
  const answer = await ask(target, {});
  if (answer.status === 200) return answer.body;
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  else tell(refusalWordsFor(answer), "trouble");
  return null;
}

/** @param {any} endpoint */
function row(endpoint) {
  const { id, url, events, description } = endpoint;
  const all = events[0] === "*" ? "all" : events.join(", ");
  return ledgerRow(
    plainButton(url, () => look(id)),
    endpointState(endpoint),
    all,
    description,
  );
}

/** @param {any} delivery */
function callRow({ at, type, attempt, outcome, status, code, duration_ms, next_attempt_at: next }) {
  const what = [outcome, status ?? code, next && `again at ${shortTime(next)}`].filter(Boolean).join(", ");
  return ledgerRow(shortTime(at), type ?? "test", attempt, what, duration(duration_ms));
}

/** @param {string} id */
async function look(id) {
  const mine = ++asked;
  const [endpoint, log] = await Promise.all([
    read(`/v1/admin/webhooks/${id}`),
    read(`/v1/admin/webhooks/${id}/deliveries`),
  ]);
  if (endpoint === null || log === null || mine !== asked) return;
  const isNew = one.hidden || chosen?.id !== id;
  chosen = endpoint;
  title.textContent = endpoint.url;
  toggle.textContent = endpoint.enabled ? "Pause" : "Resume";
  lanes.replaceChildren(...endpoint.lanes.map((/** @type {any} */ lane) => el("li", {}, laneWords(lane))));
  calls.replaceChildren(...log.data.map(callRow));
  one.hidden = false;
  if (isNew) title.focus();
}

export async function readWebhooks() {
  const mine = ++asked;
  const body = await read("/v1/admin/webhooks");
  if (body === null || mine !== asked) return;
  list.replaceChildren(...body.data.map(row));
  area.hidden = body.data.length === 0;
  none.hidden = !area.hidden;
}

/** What was read is for who is signed in. */
export function forgetWebhooks() {
  asked += 1;
  chosen = null;
  for (const part of [list, lanes, calls]) part.replaceChildren();
  for (const part of [area, none, one]) part.hidden = true;
  title.textContent = "Endpoint";
  tell("");
}

/** @param {() => Record<string, string>} note who commands and why, as they say */
export function bindWebhooks(note) {
  /** @param {string} what @param {Record<string, unknown>} body @param {"POST" | "PATCH"} [method] */
  async function carry(what, body, method) {
    if (chosen === null) return;
    const { id } = chosen;
    await carryOut(`/v1/admin/webhooks/${id}${what}`, { ...body, ...note() }, tell, method);
    if (chosen?.id !== id) return;
    await readWebhooks();
    await look(id);
  }
  toggle.addEventListener("click", () => carry("", { enabled: !chosen?.enabled }, "PATCH"));
  byId("webhook-test", HTMLButtonElement).addEventListener("click", () => carry("/test", {}));
  byId("webhook-look", HTMLButtonElement).addEventListener("click", () => chosen && look(chosen.id));
  again.addEventListener("submit", (event) => {
    event.preventDefault();
    carry("/replay", replayOf(since.value, until.value));
  });
}

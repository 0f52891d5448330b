// Commands of an operator: sent once, then followed in the audit until it says what came of them.

import { newKey } from "./draft.js";
import { ask } from "./session.js";

/** @import { OperatorSession, SessionAnswer } from "../types.js" */

const look_after_ms = [150, 300, 500, 1000];
const patience_ms = 30_000;
/** @type {Map<string, boolean>} what was sent and is not over, and whether it was accepted; of this session */
let under_way = new Map();

/** @type {OperatorSession | null} */
let session = null;

/** Who commands; null: nobody any more. @param {OperatorSession | null} who */
export function commandAs(who) {
  session = who;
  if (who === null) under_way = new Map(); // what somebody else has sent is no longer followed
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @param {"POST" | "PATCH"} [method]
 * @returns {Promise<SessionAnswer>}
 */
export function send(path, body, method = "POST") {
  return ask(path, {
    method,
    body: JSON.stringify(body),
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": newKey(),
      ...(session?.csrf_token !== undefined && { "X-CSRF-Token": session.csrf_token }),
    },
  });
}

/** Why a command was not taken, in words. @param {SessionAnswer} answer */
export function refusalWordsFor({ status, body }) {
  if (status === 0) return "The server does not answer. Whether it took this is not known: look at the commands below.";
  if (status === 401) return "The session is over. Sign in again.";
  if (status === 403) return body?.detail ?? "Only operators may do this.";
  if (status === 422 && body?.errors?.length > 0) {
    return body.errors.map((/** @type {any} */ { pointer, detail }) => `${pointer.slice(1)}: ${detail}`).join(" ");
  }
  if (status === 429) return "There were too many requests. Wait a moment, and try again.";
  return body?.detail ?? `The server cannot do this at the moment (${status}). Try again.`;
}

/** What came of a command, in words. @param {any} record of the audit */
export function outcomeOf(record) {
  const { state, changed, skipped, count, failure } = record;
  const left = skipped > 0 ? `, ${skipped} left as they were` : "";
  const why = failure ? ` ${failure.detail}` : "";
  if (state === "running") return `${changed}${count === undefined ? "" : ` of ${count}`} done…`;
  if (state === "refused") return `Refused.${why}`;
  if (state === "stopped") return `Stopped: ${changed} done${left}.`;
  return `Done: ${changed} changed${left}.${why}`;
}

/**
 * What is said of an accepted command of which the audit tells nothing.
 * @param {number} status of the audit's answer
 * @returns {{now: string, later: string, mood: "" | "trouble"}} `later`: when it stayed so
 */
export function waitingWordsFor(status) {
  if (status === 404) {
    return {
      now: "Accepted; it waits for a worker…",
      later: "Accepted, and no worker has taken it up yet. The commands below will say what came of it.",
      mood: "",
    };
  }
  const why = status === 0 ? "the server does not answer" : `the server answers with ${status}`;
  return {
    now: `Accepted. How it goes on cannot be seen now: ${why}. Asking again…`,
    later: `Accepted. What came of it could not be seen: ${why}. The commands below will say it.`,
    mood: "trouble",
  };
}

/**
 * Sends a command and says how it goes on, until it is over or its session is. While it is under way, nothing else is
 * sent to its address.
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @param {(text: string, mood: "" | "trouble", running: string | null) => void} tell `running`: what can be stopped
 * @param {"POST" | "PATCH"} [method]
 * @returns {Promise<"done" | "not-done" | "not-sent">} not sent: another is under way. A press of the same kind, while
 *   the first has no answer yet, is that one.
 */
export async function carryOut(path, body, tell, method = "POST") {
  const mine = under_way;
  if (mine.has(path)) return mine.get(path) ? "not-sent" : "not-done";
  mine.set(path, false);
  try {
    return await follow(path, body, tell, method);
  } finally {
    mine.delete(path);
  }
}

/** @param {Parameters<typeof carryOut>} arguments_ @returns {Promise<"done" | "not-done">} */
async function follow(...[path, body, tell, method]) {
  const mine = under_way;
  tell("Sending…", "", null);
  const answer = await send(path, body, method);
  if (mine !== under_way) return "not-done";
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  if (answer.status !== 202) {
    tell(refusalWordsFor(answer), "trouble", null);
    return "not-done";
  }
  mine.set(path, true);
  const { self } = answer.body.links;
  let words = waitingWordsFor(404);
  let heard = performance.now();
  for (let i = 0; performance.now() - heard < patience_ms; i += 1) {
    await pause(look_after_ms[Math.min(i, look_after_ms.length - 1)]);
    const { status, body: record } = await ask(self, {});
    if (mine !== under_way) return "not-done";
    if (status === 401) {
      document.dispatchEvent(new Event("session-over"));
      return "not-done";
    }
    if (status !== 200) {
      words = waitingWordsFor(status);
      tell(words.now, words.mood, self);
      continue;
    }
    heard = performance.now();
    const over = record.state !== "running";
    tell(outcomeOf(record), record.state === "refused" ? "trouble" : "", over ? null : self);
    if (!over) continue;
    document.dispatchEvent(new Event("command-over"));
    return record.state === "refused" ? "not-done" : "done";
  }
  tell(words.later, "trouble", null);
  return "not-done";
}

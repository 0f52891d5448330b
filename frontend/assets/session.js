// The session of an operator: the calls, and what the page says of their answers. The token goes to the server once. The
// session itself is a cookie that no script can read; what is here, in memory alone, is its CSRF token.

/** @import { OperatorSession, SessionAnswer } from "../types.js" */

const path = "/v1/admin/session";
const answer_within_ms = 15_000;

/**
 * A question to the API; never throws.
 * @param {string} target
 * @param {RequestInit} init
 * @returns {Promise<SessionAnswer>}
 */
export async function ask(target, init) {
  try {
    const response = await fetch(target, {
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(answer_within_ms),
      ...init,
    });
    const json = /[/+]json\b/.test(response.headers.get("Content-Type") ?? "");
    const body = json ? await response.json() : null;
    return { status: response.status, body, retryAfter: response.headers.get("Retry-After") };
  } catch {
    return { status: 0, body: null, retryAfter: null };
  }
}

export const readSession = () => ask(path, {});

/** @param {string} token */
export const openSession = (token) =>
  ask(path, { method: "POST", body: JSON.stringify({ token }), headers: { "Content-Type": "application/json" } });

/** @param {string} csrf */
export const endSession = (csrf) => ask(path, { method: "DELETE", headers: { "X-CSRF-Token": csrf } });

/** What went wrong, in words. @param {SessionAnswer} answer */
export function wordsFor({ status, body, retryAfter }) {
  if (status === 0) return "The server does not answer. Nothing was changed: try again.";
  if (status === 401) return "This is not the token of an operator. It is the one in ORDERFLOW_ADMIN_TOKEN.";
  if (status === 403 && body?.code === "https-required") {
    return "A session needs a page that was loaded over https. Open this page with https and sign in there.";
  }
  if (status === 403) return "The server took this for a request of another site. Load the page again, and try again.";
  if (status === 422) return "A token has 1 to 512 characters.";
  if (status === 429) {
    const seconds = Number(retryAfter);
    return seconds > 0
      ? `There were too many tries. Wait ${seconds} ${seconds === 1 ? "second" : "seconds"}, and try again.`
      : "There were too many tries. Wait a minute, and try again.";
  }
  return `The server cannot do this at the moment (${status}). Try again.`;
}

/** What a role may do. @param {OperatorSession["role"]} role */
export function rightsOf(role) {
  return role === "operator" ? "look and command" : "look";
}

/** Whether the session is over. @param {OperatorSession} session @param {number} now in ms */
export function isOver(session, now) {
  return session.expires_at !== undefined && Date.parse(session.expires_at) <= now;
}

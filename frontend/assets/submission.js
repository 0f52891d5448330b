// Sends one order until there is a definite answer. Every try carries the same body and the same idempotency key, so
// however often it is sent, there is one order.

/** @import { Answer, State, Surroundings } from "../types.js" */

const first_delay_ms = 500;
const longest_delay_ms = 8_000;
const longest_retry_after_ms = 30_000;
export const patience_ms = 90_000;

/** Whether the same request may be sent again after this status. @param {number} status */
export function isRetryable(status) {
  return status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** Whether an answer leaves open if the order was taken. @param {Answer} answer */
export function leavesOpen({ status, problem }) {
  if (status === 429) return false;
  return status !== 503 || problem === null || problem.code === "outcome-unknown";
}

/**
 * Full jitter: anything up to the doubled delay, never less than what the server asks for.
 * @param {number} tries so far, from 1
 * @param {number | null} retryAfter seconds
 * @param {number} random
 */
export function delayAfter(tries, retryAfter, random) {
  const ceiling = Math.min(longest_delay_ms, first_delay_ms * 2 ** (tries - 1));
  return Math.max(random * ceiling, Math.min((retryAfter ?? 0) * 1000, longest_retry_after_ms));
}

/**
 * Ends in accepted, refused or, when patience is over, gave-up. Time spent offline does not count.
 * @param {Surroundings} around
 * @returns {Promise<State>}
 */
export async function submitOrder({ send, wait, isOnline, untilOnline, now, random, report }) {
  let deadline = now() + patience_ms;
  let unknown = false;
  /** @param {State} state */
  const finish = (state) => {
    report(state);
    return state;
  };
  for (let tries = 1; ; tries += 1) {
    if (!isOnline()) {
      const since = now();
      report({ phase: "offline", unknown });
      await untilOnline();
      deadline += now() - since;
    }
    report({ phase: "sending", tries });
    const answer = await send().catch(() => null);
    if (answer?.status === 202) return finish({ phase: "accepted", body: answer.body });
    if (answer && !isRetryable(answer.status)) {
      return finish({ phase: "refused", status: answer.status, problem: answer.problem });
    }
    unknown ||= answer === null || leavesOpen(answer);
    const delay = delayAfter(tries, answer?.retryAfter ?? null, random());
    if (now() + delay > deadline) return finish({ phase: "gave-up", unknown });
    report({ phase: "waiting", unknown });
    await wait(delay);
  }
}

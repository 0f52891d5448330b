import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { delayAfter, isRetryable, leavesOpen, patience_ms, submitOrder } from "../../../frontend/assets/submission.js";

const accepted = { status: 202, problem: null, body: { id: "ord_1" }, retryAfter: null };
const refused = { status: 422, problem: { code: "validation-failed" }, body: null, retryAfter: null };
const busy = { status: 503, problem: { code: "queue-unavailable" }, body: null, retryAfter: 2 };
const unknown = { status: 503, problem: { code: "outcome-unknown" }, body: null, retryAfter: null };
const limited = { status: 429, problem: { code: "rate-limited" }, body: null, retryAfter: 1 };
const reset = new TypeError("network error");

/** A world in which time passes only while waiting. */
function world(answers, { online = () => true } = {}) {
  const log = { phases: [], waits: [], sends: 0 };
  let time = 0;
  return {
    log,
    around: {
      send: () => {
        const answer = answers[Math.min(log.sends, answers.length - 1)];
        log.sends += 1;
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
      wait: (ms) => {
        log.waits.push(ms);
        time += ms;
        return Promise.resolve();
      },
      isOnline: () => online(log),
      untilOnline: () => {
        time += 3_600_000;
        return Promise.resolve();
      },
      now: () => time,
      random: () => 0.5,
      report: (state) => log.phases.push(state.phase),
    },
  };
}

describe("An order that is sent", () => {
  test("is accepted at once", async () => {
    const { around, log } = world([accepted]);
    assert.deepEqual(await submitOrder(around), { phase: "accepted", body: { id: "ord_1" } });
    assert.deepEqual(log.phases, ["sending", "accepted"]);
  });

  for (const [what, answer] of Object.entries({
    "a lost connection": reset,
    "an unknown outcome": unknown,
    "a busy shop": busy,
    "a rate limit": limited,
  })) {
    test(`is sent again after ${what}`, async () => {
      const { around, log } = world([answer, accepted]);
      assert.equal((await submitOrder(around)).phase, "accepted");
      assert.deepEqual(log.phases, ["sending", "waiting", "sending", "accepted"]);
    });
  }

  test("is not sent again after a refusal", async () => {
    const { around, log } = world([refused]);
    assert.deepEqual(await submitOrder(around), { phase: "refused", status: 422, problem: refused.problem });
    assert.equal(log.sends, 1);
  });

  test("waits as long as the server asks, and longer each time", async () => {
    const { around, log } = world([busy, reset, reset, reset, accepted]);
    await submitOrder(around);
    assert.deepEqual(log.waits, [2000, 500, 1000, 2000]);
  });

  test("is given up when patience is over, knowing that nothing was taken", async () => {
    const { around, log } = world([busy]);
    assert.deepEqual(await submitOrder(around), { phase: "gave-up", unknown: false });
    assert.ok(log.waits.reduce((sum, ms) => sum + ms, 0) <= patience_ms);
    assert.ok(log.sends > 10);
  });

  test("is given up in doubt when one answer was lost, whatever came later", async () => {
    const { around } = world([reset, busy]);
    assert.deepEqual(await submitOrder(around), { phase: "gave-up", unknown: true });
  });

  test("waits offline without losing patience", async () => {
    let offline = 2;
    const { around, log } = world([reset, accepted], { online: () => offline-- <= 0 });
    assert.equal((await submitOrder(around)).phase, "accepted");
    assert.deepEqual(log.phases, ["offline", "sending", "waiting", "offline", "sending", "accepted"]);
  });
});

describe("An answer", () => {
  test("may be asked for again exactly for these statuses", () => {
    const all = Array.from({ length: 200 }, (_, i) => 400 + i).filter(isRetryable);
    assert.deepEqual(all, [408, 429, 500, 502, 503, 504]);
  });

  test("leaves the outcome open unless the shop says that nothing was taken", () => {
    assert.equal(leavesOpen(unknown), true);
    assert.equal(leavesOpen({ status: 502, problem: null, body: null, retryAfter: null }), true);
    assert.equal(leavesOpen({ status: 503, problem: null, body: null, retryAfter: null }), true, "from a proxy");
    assert.equal(leavesOpen(busy), false);
    assert.equal(leavesOpen(limited), false);
  });

  test("is awaited with full jitter under a doubling ceiling of 8 seconds", () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((tries) => delayAfter(tries, null, 1)),
      [500, 1000, 2000, 4000, 8000, 8000],
    );
    assert.equal(delayAfter(3, null, 0), 0);
    assert.equal(delayAfter(1, 3600, 0), 30_000);
  });
});

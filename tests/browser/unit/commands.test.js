import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { outcomeOf, refusalWordsFor, waitingWordsFor } from "../../../frontend/assets/commands.js";

describe("Why a command was not taken", () => {
  const words = (status, body = null) => refusalWordsFor({ status, body, retryAfter: null });

  test("leaves open whether it was taken when there was no answer", () => {
    assert.match(words(0), /not known/);
  });

  test("is what the server says, field by field where it can", () => {
    assert.equal(words(403, { detail: "A reader may only look." }), "A reader may only look.");
    assert.equal(words(409, { detail: "The letter is not open." }), "The letter is not open.");
    const errors = [{ pointer: "/per_second", code: "out-of-range", detail: "It is 1 to 1000." }];
    assert.equal(words(422, { detail: "x", errors }), "per_second: It is 1 to 1000.");
    assert.equal(words(422, { detail: "The body is no JSON." }), "The body is no JSON.");
  });

  test("says what to do when the server has nothing to say", () => {
    assert.equal(words(503), "The server cannot do this at the moment (503). Try again.");
    assert.match(words(429), /Wait a moment/);
    assert.match(words(401), /Sign in again/);
  });
});

describe("What came of a command", () => {
  const record = (more) => outcomeOf({ state: "done", changed: 3, skipped: 0, ...more });

  test("is its failure when it was refused", () => {
    assert.equal(
      record({ state: "refused", changed: 0, failure: { code: "letter.none", detail: "No letter is like that." } }),
      "Refused. No letter is like that.",
    );
  });

  test("says what was left, and why", () => {
    const failure = { code: "letter.not_open", detail: "Letter 7 is not open." };
    assert.equal(record({ skipped: 2, failure }), "Done: 3 changed, 2 left as they were. Letter 7 is not open.");
    assert.equal(record({ state: "stopped", skipped: 1 }), "Stopped: 3 done, 1 left as they were.");
  });

  test("tells how far it is while it runs", () => {
    assert.equal(record({ state: "running", count: 40 }), "3 of 40 done…");
    assert.equal(record({ state: "running" }), "3 done…");
    assert.equal(record({}), "Done: 3 changed.");
  });
});

describe("What is said of a command that nobody tells of", () => {
  test("is that it waits, only when the audit does not have it yet", () => {
    assert.deepEqual([waitingWordsFor(404).now, waitingWordsFor(404).mood], ["Accepted; it waits for a worker…", ""]);
    assert.match(waitingWordsFor(404).later, /no worker has taken it up/);
    for (const status of [0, 429, 503]) {
      const { now, later, mood } = waitingWordsFor(status);
      assert.doesNotMatch(now + later, /worker/);
      assert.equal(mood, "trouble");
    }
  });
});

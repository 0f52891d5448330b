import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

/** @type {Map<string, string>} */
const kept = new Map();
globalThis.sessionStorage = /** @type {any} */ ({
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
});
const { attempt, draft, newKey } = await import("../../../frontend/assets/draft.js");

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("The idempotency key", () => {
  beforeEach(() => kept.clear());

  test("is a UUID", () => assert.match(newKey(), uuid));

  test("is a UUID where only getRandomValues is there, as on plain http", (t) => {
    t.mock.getter(globalThis, "crypto", () => ({ getRandomValues: (bytes) => bytes.map((_, i) => (i * 37) & 0xff) }));
    assert.match(newKey(), uuid);
  });

  test("stays while the content is the same", () => {
    const { key } = attempt.start("a");
    assert.equal(attempt.start("a").key, key);
    attempt.settle();
    assert.equal(attempt.start("a").key, key);
  });

  test("is new after an edit, and after the order was accepted", () => {
    const { key } = attempt.start("a");
    assert.notEqual(attempt.start("b").key, key);
    attempt.clear();
    assert.notEqual(attempt.start("b").key, key);
  });

  test("remembers whether an answer is still open", () => {
    attempt.start("a");
    assert.equal(attempt.load().sent, true);
    attempt.settle();
    assert.equal(attempt.load().sent, false);
  });
});

describe("The draft", () => {
  test("is nothing when storage holds something else", () => {
    kept.set("orderflow.draft", "{");
    assert.equal(draft.load(), null);
  });
});

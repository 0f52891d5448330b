import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isOver, rightsOf, wordsFor } from "../../../frontend/assets/session.js";

const answer = (status, code, retryAfter = null) => ({ status, body: code ? { code } : null, retryAfter });

describe("The words for an answer", () => {
  test("say what to do", () => {
    for (const [given, words] of [
      [answer(0), "try again"],
      [answer(401), "ORDERFLOW_ADMIN_TOKEN"],
      [answer(403, "https-required"), "https"],
      [answer(403, "cross-site"), "Load the page again"],
      [answer(403), "Load the page again"],
      [answer(422), "512"],
      [answer(429, "rate-limited", "1"), "Wait 1 second,"],
      [answer(429, "rate-limited", "90"), "Wait 90 seconds,"],
      [answer(429, "rate-limited", "Sun, 22 Nov 2026 09:14:07 GMT"), "Wait a minute"],
      [answer(500), "(500)"],
    ]) {
      assert.ok(wordsFor(given).includes(words), `${given.status}: ${wordsFor(given)}`);
    }
  });
});

describe("A session", () => {
  test("is over at its end, and never without one", () => {
    const session = { role: "operator", expires_at: "2026-11-22T09:14:07.000Z", csrf_token: "t" };
    const end = Date.parse(session.expires_at);
    assert.equal(isOver(session, end - 1), false);
    assert.equal(isOver(session, end), true);
    assert.equal(isOver({ role: "operator" }, end), false);
  });

  test("of a reader may look only", () => {
    assert.equal(rightsOf("reader"), "look");
    assert.equal(rightsOf("operator"), "look and command");
  });
});

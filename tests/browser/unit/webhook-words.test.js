import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointState, laneWords, replayOf } from "../../../frontend/assets/webhook-words.js";

describe("Webhook endpoints in words", () => {
  test("say why one is off, also for a reason that this page does not know", () => {
    assert.equal(endpointState({ enabled: false, disabled_because: "gone" }), "off: it answered that it is gone");
    assert.equal(endpointState({ enabled: false, disabled_because: "moved" }), "off: moved");
    assert.equal(endpointState({ enabled: true }), "on");
  });

  test("say how far a lane is, and nothing of what did not happen", () => {
    const lane = { kind: "live", delivered: 40, given_up: 0, held_orders: 0, failures_in_a_row: 0 };
    assert.equal(laneWords(lane), "What is new: 40 delivered");
    assert.equal(
      laneWords({
        ...lane,
        given_up: 2,
        held_orders: 1,
        failures_in_a_row: 3,
        last_success_at: "2026-11-22T09:14:07.101Z",
      }),
      "What is new: 40 delivered, 2 given up, 1 order waits for another try, 3 failures in a row, last at 2026-11-22 09:14:07",
    );
    assert.equal(
      laneWords({ ...lane, kind: "range", held_orders: 2 }),
      "A time again: 40 delivered, 2 orders wait for another try",
    );
    assert.equal(laneWords({ ...lane, kind: "parcel" }), "parcel: 40 delivered");
  });

  test("ask for a time in UTC", () => {
    assert.deepEqual(replayOf("2026-11-22T00:00", "2026-11-22T06:00:30"), {
      since: "2026-11-22T00:00:00Z",
      until: "2026-11-22T06:00:30Z",
    });
  });
});

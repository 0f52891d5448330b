import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { isFinal, isSettled, isStalled, stalled_after_ms, standing } from "../../../frontend/assets/status.js";
import { duration, eventTypes, merge, timeToSettled, trail } from "../../../frontend/assets/timeline.js";

const api = JSON.parse(readFileSync(new URL("../../../contracts/openapi.json", import.meta.url), "utf8"));
const { EventsConfirmed } = api.components.examples;
const events = EventsConfirmed.value.data;
const event = (version, type, data = {}) => ({ version, type, at: new Date(version * 1000).toISOString(), data });

describe("The trail", () => {
  test("has a line for each event, with the time since the one before", () => {
    assert.deepEqual(
      trail(events).map(({ label, since }) => [label, since]),
      [
        ["Accepted", null],
        ["Checked and priced", 17],
        ["Goods put aside", 0],
        ["Paid", 46],
        ["Confirmed", 0],
      ],
    );
  });

  test("keeps every version once and in order, however they come", () => {
    assert.deepEqual(
      merge([event(2, "a"), event(1, "b")], [event(2, "a"), event(3, "c")]).map(({ version }) => version),
      [1, 2, 3],
    );
  });

  test("shows a type that it does not know", () => {
    assert.equal(trail([event(1, "order.gift_wrapped")])[0].label, "order gift wrapped");
  });

  test("says a reason once", () => {
    const why = { code: "payment-declined", detail: "The payment was declined." };
    assert.deepEqual(
      trail([event(1, "payment.declined", why), event(2, "order.rejected", why)]).map(({ detail }) => detail),
      ["The payment was declined.", ""],
    );
  });

  test("knows every event type of the contract", () => {
    assert.deepEqual([...eventTypes].sort(), [...api.components.schemas.Event.properties.type.examples].sort());
  });

  test("measures up to the event that settled the order", () => {
    assert.equal(timeToSettled(events), 63);
    assert.equal(timeToSettled(events.slice(0, 4)), null);
    assert.equal(timeToSettled([]), null);
  });
});

describe("A duration", () => {
  for (const [ms, text] of [
    [0, "0 ms"],
    [999, "999 ms"],
    [1000, "1.0 s"],
    [59_949, "59.9 s"],
    [59_999, "1 min 0 s"],
    [185_000, "3 min 5 s"],
    [7_440_000, "2 h 4 min"],
    [266_400_000, "3 d 2 h"],
  ]) {
    test(`of ${ms} ms is ${text}`, () => assert.equal(duration(ms), text));
  }
});

describe("The standing of an order", () => {
  const { enum: statuses } = api.components.schemas.OrderStatus;

  test("has words for every status of the contract", () => {
    for (const status of statuses) assert.notEqual(standing({ status }).meaning, "", status);
  });

  test("gives the reason of a rejection", () => {
    const failure = { code: "payment-declined", detail: "x" };
    assert.match(standing({ status: "rejected", failure }).meaning, /^The payment was declined\./);
    assert.match(
      standing({ status: "rejected", failure: { code: "new", detail: "We moved." } }).meaning,
      /^We moved\. /,
    );
  });

  test("is settled in four of them, and final when no money is on its way", () => {
    assert.deepEqual(statuses.filter(isSettled), ["confirmed", "completed", "rejected", "cancelled"]);
    assert.equal(isFinal({ status: "confirmed" }), false);
    assert.equal(isFinal({ status: "cancelled", payment_status: "refunded" }), true);
    assert.equal(isFinal({ status: "rejected", payment_status: "refunding" }), false);
  });

  test("is stalled after 15 minutes without progress, unless it is settled", () => {
    assert.equal(isStalled("reserved", 0, stalled_after_ms - 1), false);
    assert.equal(isStalled("reserved", 0, stalled_after_ms), true);
    assert.equal(isStalled("confirmed", 0, stalled_after_ms), false);
  });
});

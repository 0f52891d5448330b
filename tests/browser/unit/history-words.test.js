import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { historyWords } from "../../../frontend/assets/history-words.js";

const words = (entry) => historyWords(entry, (minor) => `€${minor / 100}`);

describe("The history of an order in words", () => {
  test("tells an entry of a kind that this page does not know", () => {
    assert.deepEqual(words({ kind: "parcel", type: "lost", detail: "at sea" }), ["parcel", "lost, at sea"]);
  });

  test("tells an event with its reason, where it has one", () => {
    const at = "2026-11-22T09:14:07.101Z";
    assert.deepEqual(words({ kind: "event", at, version: 1, type: "order.accepted" }), ["Accepted", ""]);
    assert.deepEqual(
      words({ kind: "event", at, version: 4, type: "order.on_hold", code: "payment.unknown", detail: "No answer." }),
      ["On hold", "payment.unknown, No answer."],
    );
  });

  test("tells attempts to pay and to give back", () => {
    const attempt = {
      kind: "payment_attempt",
      effect: "charge",
      key: "k",
      amount: 1250,
      state: "captured",
      reference: "r",
    };
    assert.deepEqual(words(attempt), ["Charge of €12.5: captured", "reference r, key k"]);
    assert.deepEqual(words({ ...attempt, effect: "refund", state: "unknown", reference: undefined }), [
      "Refund of €12.5: unknown",
      "key k",
    ]);
  });

  test("tells where pieces went", () => {
    const moves = [{ sku: "MUG", reserved: 2 }];
    assert.deepEqual(words({ kind: "stock", moves }), ["Stock", "2 × MUG put aside"]);
    assert.deepEqual(words({ kind: "stock", moves: [{ sku: "MUG", reserved: -2 }] })[1], "2 × MUG back on the shelf");
    const shipped = {
      kind: "stock",
      moves: [{ sku: "MUG", reserved: -2, shipped: 2 }],
      fulfillment: "f-1",
      carrier: "DHL",
      tracking_number: "42",
    };
    assert.deepEqual(words(shipped), ["Shipment f-1", "2 × MUG left the house, DHL, 42"]);
  });

  test("tells postings, dead letters and calls to webhooks", () => {
    assert.deepEqual(words({ kind: "posting", debit: "payment_provider", credit: "sales", amount: 100 }), [
      "Ledger: €1",
      "payment_provider to sales",
    ]);
    assert.deepEqual(
      words({ kind: "dead_letter", number: 7, state: "open", code: "c", detail: "d", receive_count: 20 }),
      ["Dead letter 7: open", "c, d, received 20 times"],
    );
    assert.deepEqual(
      words({ kind: "delivery", webhook: "w", state: "failed", type: "order.confirmed", attempt: 2, code: "http.503" }),
      ["Webhook w: failed", "order.confirmed, attempt 2, http.503"],
    );
  });
});

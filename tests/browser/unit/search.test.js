import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressOf, filtersIn, questionOf, searchWordsFor, shortTime } from "../../../frontend/assets/search.js";

describe("The filters of a search", () => {
  test("are what the address says, without what is empty or no filter", () => {
    assert.deepEqual(filtersIn("?status=on_hold&sku=&customer=%20ada%40example.com&page=2"), {
      status: "on_hold",
      customer: "ada@example.com",
    });
    assert.deepEqual(filtersIn(""), {});
  });

  test("come back from their own address", () => {
    const filters = { customer: "a+b&c@example.com", created_before: "2026-11-22T09:14" };
    assert.deepEqual(filtersIn(addressOf(filters)), filters);
    assert.equal(addressOf({ status: "" }), "");
  });

  test("are asked of the API with times in UTC", () => {
    const asked = (filters, after = null) => new URL(questionOf(filters, after), "http://shop").searchParams;
    assert.equal(asked({ created_before: "2026-11-22T09:14" }).get("created_before"), "2026-11-22T09:14:00Z");
    assert.equal(asked({ created_after: "2026-11-22T09:14:07" }).get("created_after"), "2026-11-22T09:14:07Z");
    assert.equal(asked({ created_after: "2026-11-22T09:14:07.5Z" }).get("created_after"), "2026-11-22T09:14:07.5Z");
    assert.equal(String(asked({ order: "ord_1", sku: "MUG" })), "sku=MUG&id=ord_1");
    assert.equal(asked({}, "ord_1").get("starting_after"), "ord_1");
  });
});

describe("The words for an answer", () => {
  test("are those of the API for a filter, else what to do", () => {
    assert.equal(searchWordsFor({ status: 400, body: { detail: "No SKU." }, retryAfter: null }), "No SKU.");
    for (const status of [0, 429, 500, 503]) {
      assert.match(searchWordsFor({ status, body: null, retryAfter: null }), /[Tt]ry again/);
    }
  });
});

test("A time is short and in UTC", () => {
  assert.equal(shortTime("2026-11-22T09:14:07.101Z"), "2026-11-22 09:14:07");
});

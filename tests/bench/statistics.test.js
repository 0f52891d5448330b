import assert from "node:assert/strict";
import { test } from "node:test";
import { median, percentile, ratios, spread } from "../../bench/harness/statistics.js";

test("the median of an odd count is the middle value, whatever the order", () => {
  assert.equal(median([9, 1, 5]), 5);
});

test("the median of an even count lies between the two in the middle", () => {
  assert.equal(median([1, 9, 5, 3]), 4);
});

test("numbers are ordered as numbers, not as text", () => {
  assert.equal(median([10, 9, 100]), 10);
});

test("without values there is no median and no percentile", () => {
  assert.ok(Number.isNaN(median([])));
  assert.ok(Number.isNaN(percentile([], 0.99)));
});

test("the percentile is a value that was measured: the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile([7], 0.99), 7);
});

test("the spread keeps every round", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3, rounds: [3, 1, 2] });
});

test("ratios are taken round by round", () => {
  assert.deepEqual(ratios([10, 30], [5, 10]), [2, 3]);
  assert.throws(() => ratios([1], [1, 2]), /as many rounds/);
});

test("statistics leave their input as it was", () => {
  const values = [3, 1, 2];

  median(values);
  percentile(values, 0.5);

  assert.deepEqual(values, [3, 1, 2]);
});

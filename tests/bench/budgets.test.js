import assert from "node:assert/strict";
import { test } from "node:test";
import { budgets, timesMust, verdict } from "../../bench/harness/budgets.js";
import { digits, figure } from "../../bench/harness/figures.js";

/** @param {string} id */
const budget = (id) => budgets.find((one) => one.id === id) ?? assert.fail(`there is no budget ${id}`);

test("where more is better, the limits are reached from above", () => {
  assert.equal(verdict(budget("B1"), 30), "aim");
  assert.equal(verdict(budget("B1"), 29.9), "must");
  assert.equal(verdict(budget("B1"), 15), "must");
  assert.equal(verdict(budget("B1"), 14.9), "missed");
});

test("where less is better, the limits are reached from below", () => {
  assert.equal(verdict(budget("B4"), 45), "aim");
  assert.equal(verdict(budget("B4"), 90), "must");
  assert.equal(verdict(budget("B4"), 90.1), "missed");
});

test("a flagged run and a figure that is none have no verdict, however good", () => {
  assert.equal(verdict(budget("B1"), 1000, false), "invalid");
  assert.equal(verdict(budget("B4"), NaN), "invalid");
  assert.equal(verdict(budget("B1"), Infinity), "invalid");
});

test("an aim is at least as hard as what must be reached", () => {
  for (const one of budgets) assert.equal(verdict(one, one.aim), "aim", one.id);
  for (const one of budgets) assert.ok(timesMust(one, one.aim) > 1, one.id);
});

test("twice as good as must counts two in both directions", () => {
  assert.equal(timesMust(budget("B1"), 30), 2);
  assert.equal(timesMust(budget("B4"), 45), 2);
});

test("figures have as many digits as a person reads", () => {
  assert.equal(digits(12345.6), "12,346");
  assert.equal(digits(41.37), "41.4");
  assert.equal(digits(0.1234), "0.12");
  assert.equal(digits(NaN), "-");
});

test("a unit stands where it is read", () => {
  assert.equal(figure(15.42, "x"), "15.4×");
  assert.equal(figure(10000, "/s"), "10,000/s");
  assert.equal(figure(90, "µs"), "90 µs");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { budgets } from "../../bench/harness/budgets.js";
import { parseOptions, usage } from "../../bench/harness/options.js";

test("without arguments everything is measured at full length", () => {
  const options = parseOptions([]);

  assert.equal(options.quick, false);
  assert.equal(options.check, false);
  assert.deepEqual(options.only, []);
  assert.equal(options.rounds, 5);
  assert.equal(options.backlog, 1_000_000);
});

test("a quick run is short, unless a length is asked for", () => {
  assert.equal(parseOptions(["--quick"]).rounds, 1);
  assert.ok(parseOptions(["--quick"]).backlog < 1_000_000);
  assert.equal(parseOptions(["--quick", "--rounds", "3"]).rounds, 3);
});

test("budgets are chosen by id", () => {
  assert.deepEqual(parseOptions(["--only", "B1,B4"]).only, ["B1", "B4"]);
});

test("each measure can be chosen singly, and the help names it", () => {
  for (const { id } of budgets) {
    assert.deepEqual(parseOptions(["--only", id]).only, [id]);
    assert.match(usage, new RegExp(`^  ${id} `, "m"));
  }
});

test("what cannot be meant is refused", () => {
  assert.throws(() => parseOptions(["--only", "B99"]), /--only takes/);
  assert.throws(() => parseOptions(["--only"]), /--only takes/);
  assert.throws(() => parseOptions(["--rounds", "0"]), /--rounds takes/);
  assert.throws(() => parseOptions(["--seconds", "1.5"]), /--seconds takes/);
  assert.throws(() => parseOptions(["--fast"]), /no option '--fast'/);
});

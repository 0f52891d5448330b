import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignOf, judgeLoad } from "../../bench/harness/runs.js";
import { chart, position } from "../../bench/harness/report/chart.js";
import { recordName } from "../../bench/harness/report/record.js";
import { remarks, summarize } from "../../bench/harness/report/summary.js";
import { element, text } from "../../bench/harness/report/svg.js";
import { markdownBesides, markdownTable, textBesides, textTable } from "../../bench/harness/report/table.js";

const run = { measure: "throughput", side: "orderflow", round: 2, flags: [], notes: [], figures: {} };
const measured = [{ values: { B4: [50, 80, 60], B9: [200, 210, 190] }, runs: [run] }];

test("each budget has the median of its rounds and a verdict, in the order of the budgets", () => {
  const lines = summarize(measured, []);

  assert.deepEqual(
    lines.map(({ budget, measured: { median }, verdict }) => [budget.id, median, verdict]),
    [
      ["B4", 60, "must"],
      ["B9", 200, "missed"],
    ],
  );
});

test("a budget that was not asked for is not shown", () => {
  assert.deepEqual(
    summarize(measured, ["B9"]).map(({ budget }) => budget.id),
    ["B9"],
  );
});

test("one flagged run makes every figure of its measure invalid, and says which run it was", () => {
  const flagged = [{ ...measured[0], runs: [{ ...run, flags: ["7 requests failed"] }] }];

  const [line] = summarize(flagged, []);

  assert.equal(line.verdict, "invalid");
  assert.deepEqual(line.flags, ["orderflow, round 2: 7 requests failed"]);
});

test("a flagged run of another measure leaves a figure alone", () => {
  const start = { ...run, measure: "start" };
  const backlog = { ...run, measure: "backlog", flags: ["7 requests failed"] };

  const lines = summarize([{ values: { B7: [1], B8: [0.05] }, runs: [start, backlog] }], []);

  assert.deepEqual(
    lines.map(({ budget, verdict }) => [budget.id, verdict]),
    [
      ["B7", "invalid"],
      ["B8", "aim"],
    ],
  );
});

test("a measure that broke is a line without a verdict that says why", () => {
  const [line] = summarize([{ values: { B4: [NaN] }, runs: [], failure: "throughput: the program ended" }], []);

  assert.equal(line.verdict, "invalid");
  assert.deepEqual(line.flags, ["throughput: the program ended"]);
});

test("a measure that the machine does not permit is no failure, and says why", () => {
  const [line] = summarize([{ values: { B10: [NaN] }, runs: [], skipped: "far queue: no control groups" }], []);

  assert.equal(line.verdict, "skipped");
  assert.deepEqual(line.flags, []);
  assert.deepEqual(line.notes, ["far queue: no control groups"]);
  assert.match(textTable([line]), /not measured$/);
  assert.ok(chart({ lines: [line], sides: [], captions: [] }).includes("not measured"));
});

test("a run of the side that ours is compared with spoils the comparison, and no other figure", () => {
  const original = { ...run, side: "original design", measure: "original design", flags: ["noise"] };

  const lines = summarize([{ values: { B1: [20], B2: [9], B4: [50] }, runs: [run, original] }], []);

  assert.deepEqual(
    lines.map(({ budget, verdict }) => [budget.id, verdict]),
    [
      ["B1", "invalid"],
      ["B2", "invalid"],
      ["B4", "must"],
    ],
  );
});

test("a remark is told once, with the budgets that it concerns", () => {
  const flagged = [{ ...measured[0], runs: [{ ...run, flags: ["noise"], notes: ["slow"] }] }];
  const lines = summarize(flagged, []);

  assert.deepEqual(remarks(lines, "flags"), ["B4, B9: orderflow, round 2: noise"]);
  assert.deepEqual(remarks(lines, "notes"), ["B4, B9: orderflow, round 2: slow"]);
  assert.deepEqual(remarks(summarize(measured, []), "flags"), []);
});

test("figures without a budget have a table of their own", () => {
  const besides = [
    { title: "orders/s settled", unit: "/s", rounds: [9000, 8000, 10000] },
    { title: "CPU time per order", unit: "µs", rounds: [200] },
  ];

  assert.match(textBesides(besides), /^orders\/s settled +9,000\/s +8,000\/s - 10,000\/s\n/);
  assert.match(markdownBesides(besides), /\| CPU time per order \| 200 µs \| one round \|$/);
});

test("short measurements are judged together, each by its length", () => {
  assert.equal(foreignOf([]), 0);
  assert.equal(foreignOf([{ seconds: 1, foreign: 0.4 }]), 0.4);
  assert.equal(
    foreignOf([
      { seconds: 3, foreign: 0 },
      { seconds: 1, foreign: 0.4 },
    ]),
    0.1,
  );
});

const load = { accepted: 100, failed: 0, busiestThread: 0.5 };

test("a load without errors on a quiet machine is sound", () => {
  assert.deepEqual(judgeLoad(load, 0.01), { flags: [], notes: [] });
});

test("errors, nothing accepted and a noisy machine are flagged", () => {
  assert.match(judgeLoad({ ...load, failed: 3 }, 0).flags.join(), /3 requests failed/);
  assert.match(judgeLoad({ ...load, accepted: 0 }, 0).flags.join(), /nothing was accepted/);
  assert.match(judgeLoad(load, 0.4).flags.join(), /40 % of the machine/);
});

test("a side that ours is compared with may fail a request in a hundred, ours none", () => {
  assert.deepEqual(judgeLoad({ ...load, failed: 1 }, 0, false), { flags: [], notes: ["1 requests failed"] });
  assert.match(judgeLoad({ ...load, failed: 2 }, 0, false).flags.join(), /2 requests failed/);
  assert.match(judgeLoad({ ...load, failed: 1 }, 0, true).flags.join(), /1 requests failed/);
});

test("a generator at its limit is a note for our side and a flag for a side we are compared with", () => {
  const limited = { ...load, busiestThread: 0.99 };

  assert.deepEqual(judgeLoad(limited, 0, true).flags, []);
  assert.match(judgeLoad(limited, 0, true).notes.join(), /generator was at its limit/);
  assert.match(judgeLoad(limited, 0, false).flags.join(), /generator was at its limit/);
});

test("both tables have a row for each budget, with sign, unit and spread", () => {
  const lines = summarize(measured, []);

  const plain = textTable(lines).split("\n");
  const markdown = markdownTable(lines).split("\n");

  assert.equal(plain.length, 3);
  assert.match(plain[1], /^B4 .* ≤ 90 µs .* ≤ 45 µs .* 60 µs .* 50 µs - 80 µs .* must reached$/);
  assert.equal(markdown.length, 4);
  assert.equal(markdown[1], "| --- | --- | --- | --- | --- | --- | --- |");
  assert.match(markdown[3], /^\| B9 \| .* \| 200 MB \| 190 MB - 210 MB \| MISSED \|$/);
});

test("further right is better, and must stands at the same place for all", () => {
  assert.ok(position(2) > position(1));
  assert.ok(position(1) > position(0.5));
  assert.equal(position(1e9), position(32), "beyond the scale the bar ends at the edge");
  assert.ok(Number.isFinite(position(0)));
});

test("the picture is well-formed, names every budget and brings colours for light and dark", () => {
  const lines = summarize(measured, []);
  const sides = [
    { name: "orderflow", perSecond: 12000, style: "aim" },
    { name: "original design", perSecond: 900, style: "other" },
  ];

  const svg = chart({ lines, sides, captions: ['a "fast" <machine> & more'] });

  const opened = svg.match(/<[a-z][^>]*[^/]>/g)?.length;
  assert.equal(svg.match(/<\/[a-z]+>/g)?.length, opened);
  for (const word of ["B4", "B9", "12,000 orders/s", "900 orders/s", "missed", "prefers-color-scheme: dark"]) {
    assert.ok(svg.includes(word), word);
  }
  assert.ok(svg.includes("a &quot;fast&quot; &lt;machine&gt; &amp; more"));
  assert.ok(!svg.includes("NaN"));
});

test("a figure that is none is drawn without breaking the picture", () => {
  const lines = summarize([{ values: { B4: [NaN] }, runs: [run] }], []);

  const svg = chart({ lines, sides: [], captions: [] });

  assert.ok(!svg.includes("NaN"));
  assert.ok(svg.includes("not valid"));
});

test("an element without children closes itself; text is escaped", () => {
  assert.equal(element("line", { x1: 1.23456 }), '<line x1="1.23"/>');
  assert.equal(text(1, 2, "a < b"), '<text x="1" y="2" class="">a &lt; b</text>');
});

test("a record is named by day and version, with nothing that a file system minds", () => {
  assert.equal(recordName(new Date("2026-01-02T23:59:59Z"), "v1.2-3-gabc/dirty"), "2026-01-02-v1.2-3-gabc_dirty");
});

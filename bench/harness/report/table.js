// The result as a table: aligned for a terminal, and in Markdown. The same cells in both.
import { figure } from "../figures.js";
import { spread } from "../statistics.js";

const verdicts = { aim: "aim reached", must: "must reached", missed: "MISSED", invalid: "NOT VALID", skipped: "not measured" };
const head = ["", "measure", "must", "aim", "measured", "lowest - highest", "verdict"];

const besidesHead = ["measured besides", "", "lowest - highest"];

/** @param {number[]} rounds @param {string} unit */
function range(rounds, unit) {
  const { min, max } = spread(rounds);
  return rounds.length > 1 ? `${figure(min, unit)} - ${figure(max, unit)}` : "one round";
}

/** @param {import("./summary.js").Besides} besides */
const besidesCells = ({ title, unit, rounds }) => [title, figure(spread(rounds).median, unit), range(rounds, unit)];

/** @param {import("./summary.js").Line} line */
function cells({ budget, measured, verdict }) {
  const text = (/** @type {number} */ value) => figure(value, budget.unit);
  const sign = budget.better === "higher" ? "≥" : "≤";
  return [
    budget.id,
    budget.title,
    `${sign} ${text(budget.must)}`,
    `${sign} ${text(budget.aim)}`,
    text(measured.median),
    range(measured.rounds, budget.unit),
    verdicts[verdict],
  ];
}

/** @param {import("./summary.js").Line[]} lines */
export const textTable = (lines) => aligned([head, ...lines.map(cells)]);

/** @param {import("./summary.js").Besides[]} besides */
export const textBesides = (besides) => aligned(besides.map(besidesCells));

/** @param {string[][]} rows */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {import("./summary.js").Line[]} lines */
export const markdownTable = (lines) => markdown(head, lines.map(cells));

/** @param {import("./summary.js").Besides[]} besides */
export const markdownBesides = (besides) => markdown(besidesHead, besides.map(besidesCells));

/** @param {string[]} top @param {string[][]} rows */
function markdown(top, rows) {
  const row = (/** @type {string[]} */ columns) => `| ${columns.join(" | ")} |`;
  return [row(top), row(top.map(() => "---")), ...rows.map(row)].join("\n");
}

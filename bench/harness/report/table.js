// The result as a table: aligned for a terminal, and in Markdown. The same cells in both.
import { figure } from "../figures.js";

const verdicts = { aim: "aim reached", must: "must reached", missed: "MISSED", invalid: "NOT VALID" };
const head = ["", "measure", "must", "aim", "measured", "lowest - highest", "verdict"];

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
    measured.rounds.length > 1 ? `${text(measured.min)} - ${text(measured.max)}` : "one round",
    verdicts[verdict],
  ];
}

/** @param {import("./summary.js").Line[]} lines */
export function textTable(lines) {
  const rows = [head, ...lines.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
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
export function markdownTable(lines) {
  const row = (/** @type {string[]} */ columns) => `| ${columns.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map((line) => row(cells(line)))].join("\n");
}

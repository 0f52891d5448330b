// From the values of each round to one line per budget.
import { budgets, verdict } from "../budgets.js";
import { spread } from "../statistics.js";

/**
 * @typedef {object} Line
 * @property {import("../budgets.js").Budget} budget
 * @property {import("../statistics.js").Spread} measured
 * @property {import("../budgets.js").Verdict} verdict
 * @property {string[]} flags of the runs behind it
 * @property {string[]} notes of the runs behind it
 *
 * @typedef {object} Measured
 * @property {Record<string, number[]>} values of each round, by budget
 * @property {import("../runs.js").Run[]} runs
 * @property {Besides[]} [besides] figures without a budget
 * @property {string} [failure] why there are no values
 * @property {string} [skipped] why this machine cannot measure it
 *
 * @typedef {object} Besides
 * @property {string} title
 * @property {string} unit shown after the figure
 * @property {number[]} rounds
 */

/** @param {import("../runs.js").Run} run @param {string} text */
const told = (run, text) => `${run.side}, round ${run.round}: ${text}`;

/** @param {Measured[]} measured @param {string[]} only ids; all when empty @returns {Line[]} in the order of the budgets */
export function summarize(measured, only) {
  return budgets.flatMap((budget) => {
    const source = measured.find(({ values }) => budget.id in values);
    if (!source || (only.length > 0 && !only.includes(budget.id))) return [];
    const runs = source.runs.filter((run) => budget.runs.includes(run.measure));
    const flags = runs.flatMap((run) => run.flags.map((flag) => told(run, flag)));
    if (source.failure) flags.push(source.failure);
    const notes = runs.flatMap((run) => run.notes.map((note) => told(run, note)));
    if (source.skipped) notes.push(source.skipped);
    const values = spread(source.values[budget.id]);
    const judged = source.skipped ? "skipped" : verdict(budget, values.median, flags.length === 0);
    return [{ budget, measured: values, verdict: judged, flags, notes }];
  });
}

/**
 * What a reader should know of the runs, once, with the budgets that it concerns.
 * @param {Line[]} lines @param {"flags" | "notes"} kind @returns {string[]}
 */
export function remarks(lines, kind) {
  /** @type {Map<string, string[]>} */
  const budgetsOf = new Map();
  for (const { budget, ...line } of lines) {
    for (const remark of new Set(line[kind])) budgetsOf.set(remark, [...(budgetsOf.get(remark) ?? []), budget.id]);
  }
  return [...budgetsOf].map(([remark, ids]) => `${ids.join(", ")}: ${remark}`);
}

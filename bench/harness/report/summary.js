// From the values of each round to one line per budget.
import { budgets, verdict } from "../budgets.js";
import { spread } from "../statistics.js";

/**
 * @typedef {object} Line
 * @property {import("../budgets.js").Budget} budget
 * @property {import("../statistics.js").Spread} measured
 * @property {"aim" | "must" | "missed" | "invalid"} verdict
 * @property {string[]} flags of the runs behind it
 * @property {string[]} notes of the runs behind it
 *
 * @typedef {object} Measured
 * @property {Record<string, number[]>} values of each round, by budget
 * @property {import("../runs.js").Run[]} runs
 * @property {string} [failure] why there are no values
 */

/** @param {import("../runs.js").Run} run @param {string} text */
const told = (run, text) => `${run.side}, round ${run.round}: ${text}`;

/** @param {Measured[]} measured @param {string[]} only ids; all when empty @returns {Line[]} in the order of the budgets */
export function summarize(measured, only) {
  return budgets.flatMap((budget) => {
    const source = measured.find(({ values }) => budget.id in values);
    if (!source || (only.length > 0 && !only.includes(budget.id))) return [];
    const runs = source.runs.filter((run) => run.measure === budget.runs);
    const flags = runs.flatMap((run) => run.flags.map((flag) => told(run, flag)));
    if (source.failure) flags.push(source.failure);
    const notes = runs.flatMap((run) => run.notes.map((note) => told(run, note)));
    const values = spread(source.values[budget.id]);
    return [{ budget, measured: values, verdict: verdict(budget, values.median, flags.length === 0), flags, notes }];
  });
}

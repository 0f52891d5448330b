// The command line of ./dev bench.
import { budgets } from "./budgets.js";

/**
 * @typedef {object} Options
 * @property {boolean} quick short rounds and a small backlog: shows that everything works, proves no figure
 * @property {boolean} check end with 1 when a "must" is missed or a run is not valid
 * @property {string[]} only ids of budgets; all when empty
 * @property {number} rounds
 * @property {number} seconds of load in each round
 * @property {number} backlog messages for B7 and B8
 * @property {string} dataDir where the data directories are made: the disk that is measured
 */

export const usage = `usage: ./dev bench [options]

  --quick          short rounds, a small backlog: shows that everything works, proves no figure
  --only B1,B4     these budgets alone: ${budgets.map(({ id }) => id).join(" ")}
  --rounds N       rounds of each measure, the sides in turn            [5]
  --seconds N      seconds of load in each round                        [10]
  --dir DIR        where data directories are made: the disk to measure [build/bench]
  --check          exit with 1 when a "must" is missed or a run is not valid
  --micro          the inner pieces (google-benchmark) instead

measures (budgets that are measured together cost one measurement):
${measureLines()}
`;

function measureLines() {
  return budgets.map(({ id, title }) => `  ${id.padEnd(5)} ${title}`).join("\n");
}

/** @param {string} name @param {string | undefined} text */
function positive(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number from 1, not '${text}'`);
  return value;
}

/** @param {string | undefined} text */
function budgetIds(text) {
  const ids = (text ?? "").split(",").filter(Boolean);
  const known = new Set(budgets.map(({ id }) => id));
  const strange = ids.filter((id) => !known.has(id));
  if (ids.length === 0 || strange.length > 0) throw new Error(`--only takes budgets: ${[...known].join(",")}`);
  return ids;
}

/** @param {string[]} args @returns {Options} @throws {Error} for a person */
export function parseOptions(args) {
  const given = new Map();
  const flags = new Set(["--quick", "--check"]);
  const valued = new Set(["--only", "--rounds", "--seconds", "--dir"]);
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at];
    if (flags.has(name)) given.set(name, "on");
    else if (valued.has(name)) given.set(name, args[(at += 1)]);
    else throw new Error(`there is no option '${name}'`);
  }
  const quick = given.has("--quick");
  return {
    quick,
    check: given.has("--check"),
    only: given.has("--only") ? budgetIds(given.get("--only")) : [],
    rounds: given.has("--rounds") ? positive("--rounds", given.get("--rounds")) : quick ? 1 : 5,
    seconds: given.has("--seconds") ? positive("--seconds", given.get("--seconds")) : quick ? 3 : 10,
    backlog: quick ? 50_000 : 1_000_000,
    dataDir: given.get("--dir") ?? "build/bench",
  };
}

// The record of one `./dev bench`: everything that is needed to judge its figures.

/**
 * @param {object} given
 * @param {Date} given.date
 * @param {import("../options.js").Options} given.options
 * @param {object} given.machine
 * @param {Record<string, string>} given.versions
 * @param {import("./summary.js").Line[]} given.lines
 * @param {import("./summary.js").Besides[]} given.besides
 * @param {import("../runs.js").Run[]} given.runs
 */
export function record({ date, options, machine, versions, lines, besides, runs }) {
  const { quick, rounds, seconds, backlog } = options;
  return {
    format: 1,
    date: date.toISOString(),
    quick,
    rounds,
    secondsPerRound: seconds,
    backlog,
    machine,
    versions,
    budgets: lines.map(({ budget, measured, verdict, flags, notes }) => ({
      ...budget,
      measured,
      verdict,
      flags,
      notes,
    })),
    besides,
    runs,
  };
}

/** @param {Date} date @param {string} version of orderflow */
export function recordName(date, version) {
  return `${date.toISOString().slice(0, 10)}-${version.replace(/[^\w.-]/g, "_")}`;
}

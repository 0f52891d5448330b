// Where a side's CPU time goes, by thread and by process.
import { cpuSeconds, processTree, threadSeconds } from "./proc.js";

/** @param {number[]} pids @returns {Record<string, number>} seconds by the name of the thread */
function byName(pids) {
  /** @type {Record<string, number>} */
  const total = {};
  for (const { name, seconds } of pids.flatMap(processTree).flatMap(threadSeconds)) {
    total[name] = (total[name] ?? 0) + seconds;
  }
  return total;
}

/** Reads now; perOrder() tells the CPU µs of each thread since then, for each order. @param {number[]} pids */
export function threadCosts(pids) {
  const before = byName(pids);
  return {
    /** @param {number} orders @returns {Record<string, number>} */
    perOrder: (orders) =>
      Object.fromEntries(
        Object.entries(byName(pids))
          .map(
            ([name, seconds]) =>
              /** @type {[string, number]} */ ([name, ((seconds - (before[name] ?? 0)) / orders) * 1e6]),
          )
          .filter(([, micros]) => micros >= 0.05)
          .sort(([, a], [, b]) => b - a),
      ),
  };
}

/** Reads now; perOrder() tells the CPU µs of each process since then. @param {{name: string, pids: () => number[]}[]} parts */
export function processCosts(parts) {
  const before = parts.map((part) => cpuSeconds(part.pids()));
  return {
    /** @param {number} orders @returns {Record<string, number>} */
    perOrder: (orders) =>
      Object.fromEntries(
        parts.map((part, at) => [part.name, ((cpuSeconds(part.pids()) - before[at]) / orders) * 1e6]),
      ),
  };
}

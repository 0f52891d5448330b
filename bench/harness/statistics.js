// Figures of several rounds: median and spread. No round is thrown away.

/** @param {number[]} values @returns {number} NaN without values */
export function median(values) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed.
 * @param {number[]} values
 * @param {number} share between 0 and 1
 */
export function percentile(values, share) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** @typedef {{median: number, min: number, max: number, rounds: number[]}} Spread */

/** @param {number[]} rounds @returns {Spread} */
export function spread(rounds) {
  return { median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds };
}

/**
 * Round by round: each pair was measured one right after the other, so that what slows the machine slows both.
 * @param {number[]} numerators
 * @param {number[]} denominators as many
 */
export function ratios(numerators, denominators) {
  if (numerators.length !== denominators.length) throw new Error("a ratio needs as many rounds on both sides");
  return numerators.map((value, round) => value / denominators[round]);
}

// Waiting for another process: there is no event to wait for, so it is asked again and again.

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {() => Promise<boolean>} condition
 * @param {string} what for the error
 * @param {{every?: number, atMost?: number}} [times] milliseconds
 */
export async function until(condition, what, { every = 20, atMost = 30_000 } = {}) {
  const deadline = performance.now() + atMost;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`after ${atMost / 1000} s this was still not so: ${what}`);
    await pause(every);
  }
}

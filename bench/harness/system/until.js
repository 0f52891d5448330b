// Waiting for another process: there is no event to wait for, so it is asked again and again.

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {() => Promise<boolean>} condition
 * @param {{every?: number, atMost?: number}} [times] milliseconds
 * @returns {Promise<boolean>} false when it did not come true in time
 */
export async function becomes(condition, { every = 20, atMost = 30_000 } = {}) {
  const deadline = performance.now() + atMost;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(every);
  }
  return true;
}

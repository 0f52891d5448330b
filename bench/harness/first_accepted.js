// From the start of the program to the first order that it takes.
import { stopwatch } from "./runs.js";
import { Orderflow } from "./sides/orderflow.js";
import { cpuSeconds } from "./system/proc.js";

/** @param {string} sku @param {number} quantity */
const order = (sku, quantity) => ({
  currency: "EUR",
  items: [{ sku, quantity }],
  customer: { name: "Ada Lovelace", email: "ada@example.org" },
  shipping_address: { line1: "Am Markt 1", city: "Bremen", postal_code: "28195", country: "DE" },
  payment: { mode: "token", token: "tok_ok" },
});

/** @param {string} url @returns {Promise<{id: string}>} the accepted order */
export async function postOrder(url, sku = "NB-A5-DOT", quantity = 1) {
  const answer = await fetch(`${url}/order`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order(sku, quantity)),
  });
  if (answer.status !== 202) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  return /** @type {any} */ (await answer.json());
}

/**
 * Ends the program at once, so that next to nothing of a backlog is worked off.
 * @param {string} binary @param {string} dataDir
 * @returns {Promise<{seconds: number, foreign: number}>} foreign: share of the machine that other programs used
 */
export async function firstAccepted(binary, dataDir) {
  const watch = stopwatch([]);
  const side = await Orderflow.start(binary, dataDir);
  await postOrder(side.url);
  const seconds = watch.seconds();
  const foreign = watch.foreign(cpuSeconds(side.pids()));
  await side.stop();
  return { seconds, foreign };
}

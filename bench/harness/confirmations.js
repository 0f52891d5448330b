// How long an order takes from its 202 to "confirmed", as a buyer's page sees it: through the order's event stream.
// Samples beside the load, 50 orders per second, sent at fixed times whatever the answers do.
import { request } from "node:http";
import { postOrder } from "./first_accepted.js";
import { pause } from "./system/until.js";

const perSecond = 50;
const limitMs = 20_000;

/** @param {string} url @param {string} id @returns {Promise<void>} when the stream shows the confirmation */
function confirmed(url, id) {
  return new Promise((resolve, reject) => {
    const stream = request(`${url}/v1/orders/${id}/stream`, { timeout: limitMs }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk) => {
        text += chunk;
        if (!text.includes("order.confirmed")) return;
        resolve();
        stream.destroy();
      });
      answer.on("end", () => reject(new Error(`the stream ended without a confirmation:\n${text}`)));
    });
    stream.once("timeout", () => stream.destroy(new Error("no confirmation in time")));
    stream.once("error", reject);
    stream.end();
  });
}

/** @param {string} url @param {number} seconds @returns {Promise<{times: number[], failed: number}>} milliseconds */
export async function watchConfirmations(url, seconds) {
  /** @type {number[]} */
  const times = [];
  let failed = 0;
  const sample = async () => {
    const { id } = await postOrder(url);
    const accepted = performance.now();
    await confirmed(url, id);
    times.push(performance.now() - accepted);
  };
  const began = performance.now();
  const samples = [];
  for (let n = 0; n < seconds * perSecond; n += 1) {
    await pause(Math.max(0, began + (n * 1000) / perSecond - performance.now()));
    samples.push(sample().catch(() => (failed += 1)));
  }
  await Promise.all(samples);
  return { times, failed };
}

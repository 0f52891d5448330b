// The load generator: `orderflow load`, with the same varied requests for every side.
import { observedRun } from "./system/observed_run.js";

/**
 * @typedef {object} Load
 * @property {string} url of the side
 * @property {number} seconds
 * @property {number} [rate] requests per second, sent on time whatever the answers do; without one as many as
 *   `fullLoadConnections` carry
 * @property {number} seed the same seed makes the same requests
 * @property {string} [hotSku] every order is one piece of this product
 *
 * @typedef {object} LoadResult
 * @property {number} accepted answered 202
 * @property {number} failed anything else, or no answer
 * @property {number} seconds from the first request to the last answer
 * @property {number} acceptP50Ms
 * @property {number} acceptP99Ms
 * @property {number} cpuSeconds of the generator
 * @property {number} busiestThread of the generator, as a share of one processor
 */

// What a server that answers after a synced write needs to have enough to do; the same for every side.
const fullLoadConnections = 256;

// Named, because only our side can be asked what it sells.
const skus = ["NB-A5-DOT", "NB-A6-POCKET", "PC-SHARP", "PC-ERASER", "PN-ROLL-05", "DK-CLIP-50", "EN-C6-25", "PA-BLOT-10"];

/** @param {Load} load @returns {string[]} */
export function loadArguments(load) {
  return [
    "load",
    "--json",
    ...["--url", `${load.url}/order`],
    ...["--duration", `${load.seconds}s`],
    ...["--seed", String(load.seed)],
    ...(load.rate ? ["--rate", String(load.rate)] : ["--connections", String(fullLoadConnections)]),
    ...(load.hotSku ? ["--flash-sale", load.hotSku] : ["--sku", skus.join(",")]),
    ...["--followers", "0"],
    "--keep-going", // requests that fail are counted, not a failure of the generator
  ];
}

/** @param {{binary: string}} context @param {Load} load @returns {Promise<LoadResult>} */
export async function generate(context, load) {
  const { output, cpuSeconds, busiestThread } = await observedRun(context.binary, loadArguments(load));
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`the load generator gave no result:\n${output}`);
  const result = JSON.parse(line);
  return {
    accepted: result.accepted,
    failed: result.errors,
    seconds: result.sending_us / 1e6,
    acceptP50Ms: result.answer.p50_us / 1000,
    acceptP99Ms: result.answer.p99_us / 1000,
    cpuSeconds,
    busiestThread,
  };
}

// B3: accepting alone. The worker is off; the other side is nginx, which answers a constant 202.
import { generate } from "../generator.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Nginx } from "../sides/nginx.js";
import { Orderflow } from "../sides/orderflow.js";
import { ratios } from "../statistics.js";
import { threadCosts } from "../system/thread_costs.js";
import { becomes } from "../system/until.js";

/** @param {import("../context.js").Context} context @param {any} side @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function underFullLoad(context, side, round) {
  await generate(context, { url: side.url, seconds: context.warmUpSeconds, seed: 1000 + round });
  const threads = threadCosts(side.pids());
  const watch = stopwatch(side.pids());
  const load = await generate(context, { url: side.url, seconds: context.options.seconds, seed: round });
  return {
    measure: "accepting",
    side: side.name,
    round,
    ...judgeLoad(load, watch.foreign(load.cpuSeconds), side instanceof Orderflow),
    figures: {
      accepted: load.accepted,
      failed: load.failed,
      acceptedPerSecond: load.accepted / load.seconds,
      cpuMicrosPerOrder: (watch.cpu() / load.accepted) * 1e6,
      acceptP50Ms: load.acceptP50Ms,
      acceptP99Ms: load.acceptP99Ms,
      generatorCpuMicrosPerOrder: (load.cpuSeconds / load.accepted) * 1e6,
    },
    threads: threads.perOrder(load.accepted),
  };
}

/** @param {import("../context.js").Context} context @param {number} round */
async function ours(context, round) {
  const side = await Orderflow.start(context.binary, context.freshDir("accepting"), { worker: false });
  const run = await underFullLoad(context, side, round);
  const accepted = await side.accepted();
  const allWait = await becomes(async () => (await side.waiting()) === accepted);
  if (!allWait) run.flags.push(`${accepted} accepted, ${await side.waiting()} on the queue`);
  await side.stop();
  return run;
}

/** @param {import("../context.js").Context} context @param {number} round */
async function theirs(context, round) {
  const side = await Nginx.start(context.freshDir("nginx"));
  const run = await underFullLoad(context, side, round);
  await side.stop();
  return run;
}

export const accepting = {
  name: "accepting",
  budgets: ["B3"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      runs.push(await context.step(`accepting, round ${round}: orderflow`, () => ours(context, round)));
      runs.push(await context.step(`accepting, round ${round}: nginx`, () => theirs(context, round)));
    }
    const rates = (/** @type {string} */ side) =>
      runs.filter((run) => run.side === side).map((run) => run.figures.acceptedPerSecond);
    return { runs, values: { B3: ratios(rates("orderflow"), rates("nginx")) } };
  },
};

// B1, B4, B9: as many orders as the machine carries, from POST to settled, on our side and on the original design's.
import { generate } from "../generator.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Orderflow } from "../sides/orderflow.js";
import { Original } from "../sides/original.js";
import { ratios } from "../statistics.js";
import { threadCosts } from "../system/thread_costs.js";
import { becomes } from "../system/until.js";

const settleLimitMs = 120_000;

/** @param {import("../context.js").Context} context @param {any} side @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function underFullLoad(context, side, round) {
  const warm = await generate(context, { url: side.url, seconds: context.warmUpSeconds, seed: 1000 + round });
  await becomes(async () => (await side.settled()) >= warm.accepted, { atMost: settleLimitMs });

  const before = await side.settled();
  const threads = threadCosts(side.pids());
  const watch = stopwatch(side.pids());
  const load = await generate(context, { url: side.url, seconds: context.options.seconds, seed: round });
  const complete = await becomes(async () => (await side.settled()) - before >= load.accepted, {
    atMost: settleLimitMs,
  });
  const seconds = watch.seconds();
  const { flags, notes } = judgeLoad(load, watch.foreign(load.cpuSeconds), side instanceof Orderflow);
  if (!complete) flags.push("orders were accepted and not settled");
  return {
    measure: "throughput",
    side: side.name,
    round,
    flags,
    notes,
    figures: {
      accepted: load.accepted,
      failed: load.failed,
      acceptedPerSecond: load.accepted / load.seconds,
      settledPerSecond: load.accepted / seconds,
      cpuMicrosPerOrder: (watch.cpu() / load.accepted) * 1e6,
      peakMb: watch.peakMb(),
      acceptP50Ms: load.acceptP50Ms,
      acceptP99Ms: load.acceptP99Ms,
      generatorCpuMicrosPerOrder: (load.cpuSeconds / load.accepted) * 1e6,
    },
    threads: threads.perOrder(load.accepted),
  };
}

/** @param {import("../context.js").Context} context @param {number} round */
async function ours(context, round) {
  const dataDir = context.freshDir("throughput");
  const side = await Orderflow.start(context.binary, dataDir);
  const run = await underFullLoad(context, side, round);
  const settled = await side.settled();
  const accepted = await side.accepted();
  await side.stop();
  const stored = side.stored();
  if (stored !== accepted) run.flags.push(`${accepted} accepted, ${settled} settled, ${stored} stored`);
  return run;
}

/** @param {import("../context.js").Context} context @param {number} round */
async function theirs(context, round) {
  const side = await Original.start();
  const run = await underFullLoad(context, side, round);
  await side.stop();
  return run;
}

export const throughput = {
  name: "throughput",
  budgets: ["B1", "B4", "B9"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      runs.push(await context.step(`throughput, round ${round}: orderflow`, () => ours(context, round)));
      if (context.wants("B1"))
        runs.push(await context.step(`throughput, round ${round}: original design`, () => theirs(context, round)));
    }
    const figures = (/** @type {string} */ side, /** @type {string} */ name) =>
      runs.filter((run) => run.side === side).map((run) => run.figures[name]);
    return {
      runs,
      values: {
        ...(context.wants("B1") && {
          B1: ratios(figures("orderflow", "settledPerSecond"), figures("original design", "settledPerSecond")),
        }),
        B4: figures("orderflow", "cpuMicrosPerOrder"),
        B9: figures("orderflow", "peakMb"),
      },
    };
  },
};

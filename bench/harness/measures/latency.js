// B5, B6: how long a buyer waits at 2,000 orders per second, for the 202 and for the confirmation. In two loads: the
// watchers of the confirmations take a part of the machine that the first one is to have.
import { generate } from "../generator.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Orderflow } from "../sides/orderflow.js";
import { percentile } from "../statistics.js";
import { syncTimes } from "../system/disk.js";
import { becomes } from "../system/until.js";
import { watchConfirmations } from "../confirmations.js";

const rate = 2000;
const syncs = 500; // on each side of the load

/** @param {import("../context.js").Context} context @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function ours(context, round) {
  const dataDir = context.freshDir("latency");
  const side = await Orderflow.start(context.binary, dataDir);
  const warm = await generate(context, { url: side.url, seconds: context.warmUpSeconds, rate, seed: 1000 + round });
  await becomes(async () => (await side.settled()) >= warm.accepted);

  const disk = syncTimes(dataDir, syncs);
  const watch = stopwatch(side.pids());
  const load = await generate(context, { url: side.url, seconds: context.options.seconds, rate, seed: round });
  const foreign = watch.foreign(load.cpuSeconds);
  disk.push(...syncTimes(dataDir, syncs));

  const sampling = watchConfirmations(side.url, context.options.seconds);
  const watched = await generate(context, { url: side.url, seconds: context.options.seconds, rate, seed: 100 + round });
  const confirmations = await sampling;
  const complete = await becomes(async () => (await side.settled()) >= (await side.accepted()));
  await side.stop();

  const { flags, notes } = judgeLoad(load, foreign);
  if (!complete) flags.push("orders were accepted and not settled");
  if (confirmations.failed > 0) flags.push(`${confirmations.failed} orders were not seen to be confirmed`);
  for (const { accepted, seconds } of [load, watched]) {
    if (accepted < 0.98 * rate * seconds) flags.push(`only ${Math.round(accepted / seconds)} orders/s`);
  }
  return {
    measure: "latency",
    side: side.name,
    round,
    flags,
    notes,
    figures: {
      acceptedPerSecond: load.accepted / load.seconds,
      acceptP50Ms: load.acceptP50Ms,
      acceptP99Ms: load.acceptP99Ms,
      syncP50Ms: percentile(disk, 0.5),
      syncP99Ms: percentile(disk, 0.99),
      confirmSamples: confirmations.times.length,
      confirmP50Ms: percentile(confirmations.times, 0.5),
      confirmP99Ms: percentile(confirmations.times, 0.99),
    },
  };
}

export const latency = {
  name: "latency",
  budgets: ["B5", "B6"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      runs.push(await context.step(`latency at 2,000/s, round ${round}`, () => ours(context, round)));
    }
    return {
      runs,
      values: {
        B5: runs.map(({ figures }) => figures.acceptP99Ms - figures.syncP99Ms),
        B6: runs.map(({ figures }) => figures.confirmP99Ms),
      },
    };
  },
};

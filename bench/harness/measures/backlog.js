// B7, B8: a million messages waiting must slow neither the traffic nor a start, and must not fill the memory.
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { generate } from "../generator.js";
import { foreignOf, judgeLoad, loadRemarks, stopwatch } from "../runs.js";
import { firstAccepted } from "../first_accepted.js";
import { Orderflow } from "../sides/orderflow.js";
import { ratios } from "../statistics.js";
import { residentBytes } from "../system/proc.js";

const starts = 3; // of each kind, in each round; the slowest counts

/** Takes orders without a worker until `context.options.backlog` wait. @param {import("../context.js").Context} context */
async function fill(context) {
  const dataDir = context.freshDir("backlog");
  const side = await Orderflow.start(context.binary, dataDir, { worker: false });
  let seed = 5000;
  while ((await side.waiting()) < context.options.backlog) {
    const { failed } = await generate(context, { url: side.url, seconds: 5, seed: (seed += 1) });
    if (failed > 0) throw new Error(`${failed} requests failed while the backlog was made`);
  }
  const waiting = await side.waiting();
  await side.stop();
  return { dataDir, waiting };
}

/**
 * All that arrives and all that is settled while the load runs.
 * @param {import("../context.js").Context} context @param {string} dataDir @param {string} kind @param {number} round
 * @returns {Promise<import("../runs.js").Run>}
 */
async function traffic(context, dataDir, kind, round) {
  const side = await Orderflow.start(context.binary, dataDir);
  await generate(context, { url: side.url, seconds: context.warmUpSeconds, seed: 1000 + round });
  const watch = stopwatch(side.pids());
  const settledBefore = await side.settled();
  const load = await generate(context, { url: side.url, seconds: context.options.seconds, seed: round });
  const settled = (await side.settled()) - settledBefore;
  const seconds = watch.seconds();
  const run = {
    measure: "backlog",
    side: `orderflow, ${kind}`,
    round,
    ...judgeLoad(load, watch.foreign(load.cpuSeconds)),
    figures: {
      acceptedPerSecond: load.accepted / load.seconds,
      settledPerSecond: settled / seconds,
      residentMb: residentBytes(side.pids(), "VmRSS") / 1e6,
      peakMb: watch.peakMb(),
      waitingAfter: await side.waiting(),
    },
  };
  await side.kill(); // what is left is not wanted
  return run;
}

/** @param {import("../context.js").Context} context @param {() => string} dataDir @param {string} kind @param {number} round */
async function start(context, dataDir, kind, round) {
  const seen = [];
  for (let nth = 0; nth < starts; nth += 1) seen.push(await firstAccepted(context.binary, dataDir()));
  return {
    measure: "start",
    side: `orderflow, ${kind}`,
    round,
    ...loadRemarks({ accepted: starts, failed: 0, foreign: foreignOf(seen) }, true),
    figures: { seconds: Math.max(...seen.map(({ seconds }) => seconds)) },
  };
}

export const backlog = {
  name: "backlog",
  budgets: ["B7", "B7m", "B8", "B8w"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const empty = () => context.freshDir("empty");
    const filled = await context.step(`backlog of ${context.options.backlog.toLocaleString("en-US")}`, () =>
      fill(context),
    );
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      const copy = context.freshDir("backlog-copy");
      cpSync(filled.dataDir, copy, { recursive: true });
      execFileSync("sync"); // or writing the copy would slow what is measured next
      runs.push(await context.step(`start, empty, round ${round}`, () => start(context, empty, "empty", round)));
      runs.push(
        await context.step(`start, waiting, round ${round}`, () => start(context, () => copy, "waiting", round)),
      );
      runs.push(await context.step(`traffic, empty, round ${round}`, () => traffic(context, empty(), "empty", round)));
      runs.push(await context.step(`traffic, waiting, round ${round}`, () => traffic(context, copy, "waiting", round)));
    }
    const figures = (/** @type {string} */ measure, /** @type {string} */ kind, /** @type {string} */ name) =>
      runs.filter((run) => run.measure === measure && run.side.endsWith(kind)).map((run) => run.figures[name]);
    const compared = (/** @type {string} */ name) =>
      ratios(figures("backlog", "waiting", name), figures("backlog", "empty", name));
    const settled = compared("settledPerSecond");
    const emptyPeaks = figures("backlog", "empty", "peakMb");
    return {
      runs,
      values: {
        B7: compared("acceptedPerSecond").map((accepted, round) => Math.min(accepted, settled[round])),
        B7m: figures("backlog", "waiting", "peakMb").map((peak, round) => peak - emptyPeaks[round]),
        B8: figures("start", "empty", "seconds"),
        B8w: figures("start", "waiting", "seconds"),
      },
    };
  },
};

// B1, B2, B4, B9: as many orders as the machine carries, from POST to settled: `orderflow`, our three services and the
// original design's stack in turn.
import { generate } from "../generator.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Orderflow } from "../sides/orderflow.js";
import { Original } from "../sides/original.js";
import { Services } from "../sides/services.js";
import { ratios } from "../statistics.js";
import { processCosts, threadCosts } from "../system/thread_costs.js";
import { becomes } from "../system/until.js";

const settleLimitMs = 120_000;

/**
 * @param {import("../context.js").Context} context @param {string} measure @param {any} side @param {number} round
 * @returns {Promise<import("../runs.js").Run>}
 */
export async function underFullLoad(context, measure, side, round) {
  const warm = await generate(context, { url: side.url, seconds: context.warmUpSeconds, seed: 1000 + round });
  await becomes(async () => (await side.settled()) >= warm.accepted, { atMost: settleLimitMs });

  const before = await side.settled();
  const threads = threadCosts(side.pids());
  const processes = "processes" in side ? processCosts(side.processes()) : undefined;
  const watch = stopwatch(side.pids());
  const load = await generate(context, { url: side.url, seconds: context.options.seconds, seed: round });
  const complete = await becomes(async () => (await side.settled()) - before >= load.accepted, {
    atMost: settleLimitMs,
  });
  const seconds = watch.seconds();
  const { flags, notes } = judgeLoad(load, watch.foreign(load.cpuSeconds), !(side instanceof Original));
  if (!complete) flags.push("orders were accepted and not settled");
  return {
    measure,
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
    ...(processes && { processes: processes.perOrder(load.accepted) }),
  };
}

/** @param {import("../context.js").Context} context @param {number} round */
async function ours(context, round) {
  const side = await Orderflow.start(context.binary, context.freshDir("throughput"));
  return stopped(side, await underFullLoad(context, "throughput", side, round));
}

/** @param {import("../context.js").Context} context @param {number} round */
async function apart(context, round) {
  const side = await Services.start(context, context.freshDir("services"));
  return stopped(side, await underFullLoad(context, "services", side, round));
}

/** @param {import("../runs.js").Run[]} runs of one side @returns {import("../report/summary.js").Besides[]} */
export function processTimes(runs) {
  return Object.keys(runs[0].processes ?? {}).map((process) => ({
    title: `CPU time per order, ${runs[0].side}: ${process}`,
    unit: "µs",
    rounds: runs.map(({ processes = {} }) => processes[process]),
  }));
}

/** Every order that was accepted must be in the store. @param {Orderflow | Services} side @param {import("../runs.js").Run} run */
export async function stopped(side, run) {
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
  const run = await underFullLoad(context, "original design", side, round);
  await side.stop();
  return run;
}

export const throughput = {
  name: "throughput",
  budgets: ["B1", "B2", "B4", "B9"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const compared = ["B1", "B2"].some((id) => context.wants(id));
    const sides = [
      { name: "orderflow", wanted: ["B1", "B4", "B9"].some((id) => context.wants(id)), run: ours },
      { name: "three services", wanted: context.wants("B2"), run: apart },
      { name: "original design", wanted: compared, run: theirs },
    ].filter(({ wanted }) => wanted);
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      for (const { name, run } of sides) {
        runs.push(await context.step(`throughput, round ${round}: ${name}`, () => run(context, round)));
      }
    }
    const figures = (/** @type {string} */ side, /** @type {string} */ name) =>
      runs.filter((run) => run.side === side).map((run) => run.figures[name]);
    const againstOriginal = (/** @type {string} */ side) =>
      ratios(figures(side, "settledPerSecond"), figures("original design", "settledPerSecond"));
    return {
      runs,
      values: {
        ...(context.wants("B1") && { B1: againstOriginal("orderflow") }),
        ...(context.wants("B2") && { B2: againstOriginal("three services") }),
        ...(sides[0].run === ours && {
          B4: figures("orderflow", "cpuMicrosPerOrder"),
          B9: figures("orderflow", "peakMb"),
        }),
      },
      besides: sides.flatMap(({ name }) => [
        { title: `orders/s settled, ${name}`, unit: "/s", rounds: figures(name, "settledPerSecond") },
        { title: `CPU time per order, ${name}`, unit: "µs", rounds: figures(name, "cpuMicrosPerOrder") },
        ...processTimes(runs.filter((run) => run.side === name)),
      ]),
    };
  },
};

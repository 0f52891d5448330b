// B10: the worker alone, on a quarter of a core, against a queue that answers each call after 20 ms: what a small
// container settles when the queue is a network away.
import { cpSync } from "node:fs";
import { generate } from "../generator.js";
import { generatorLimit, loadRemarks, stopwatch } from "../runs.js";
import { DelayProxy } from "../sides/delay_proxy.js";
import { Orderflow } from "../sides/orderflow.js";
import { QueueService } from "../sides/queue_service.js";
import { WorkerService } from "../sides/worker_service.js";
import { CpuQuota } from "../system/cpu_quota.js";
import { cpuSeconds } from "../system/proc.js";
import { threadCosts } from "../system/thread_costs.js";
import { pause } from "../system/until.js";

const share = 0.25;
const delayMs = 20;
const enoughPerSecond = 7500; // more than the aim: the queue must not run empty

/** A queue with orders that nobody has worked on. @param {import("../context.js").Context} context */
async function fill(context) {
  const orders = enoughPerSecond * (context.options.seconds + context.warmUpSeconds);
  const dataDir = context.freshDir("far-queue");
  const side = await Orderflow.start(context.binary, dataDir, { worker: false });
  for (let seed = 6001; (await side.waiting()) < orders; seed += 1) {
    const { failed } = await generate(context, { url: side.url, seconds: 2, seed });
    if (failed > 0) throw new Error(`${failed} requests failed while the queue was filled`);
  }
  await side.stop();
  return dataDir;
}

/** @param {import("../context.js").Context} context @param {CpuQuota} quota @param {string} filled @param {number} round */
async function ours(context, quota, filled, round) {
  const dataDir = context.freshDir("far-queue-copy");
  cpSync(filled, dataDir, { recursive: true });
  const queue = await QueueService.start(context.program("queue-service"), dataDir);
  const proxy = await DelayProxy.start(context.program("delay-proxy"), queue.endpoint, delayMs);
  const queueUrl = queue.queueUrl.replace(queue.endpoint, proxy.url);
  const worker = await WorkerService.start(context.program("worker-service"), dataDir, queueUrl);
  quota.hold(worker.program.pid);
  await pause(context.warmUpSeconds * 1000);

  const pids = [worker, proxy, queue].map((side) => side.pids());
  const threads = threadCosts(worker.pids());
  const watch = stopwatch(pids.flat());
  const before = { settled: await worker.settled(), cpu: pids.map(cpuSeconds) };
  await pause(context.options.seconds * 1000);
  const settled = (await worker.settled()) - before.settled;
  const seconds = watch.seconds();
  const perOrder = threads.perOrder(settled);
  const [workerCpu, proxyCpu, queueCpu] = pids.map((side, at) => cpuSeconds(side) - before.cpu[at]);
  const { flags, notes } = loadRemarks({ accepted: settled, failed: 0, foreign: watch.foreign(0) }, true);
  if ((await queue.waiting()) === 0) flags.push("the queue ran empty");
  if (proxyCpu / seconds > generatorLimit) notes.push("the proxy was at its limit: the worker may be faster");
  for (const side of [worker, proxy, queue]) await side.kill(); // what is left is not wanted
  return {
    measure: "far queue",
    side: worker.name,
    round,
    flags,
    notes,
    figures: {
      settledPerSecond: settled / seconds,
      cpuMicrosPerOrder: (workerCpu / settled) * 1e6,
      cores: workerCpu / seconds,
      proxyCores: proxyCpu / seconds,
      queueCores: queueCpu / seconds,
    },
    threads: perOrder,
  };
}

export const farQueue = {
  name: "far queue",
  budgets: ["B10"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const quota = new CpuQuota("orderflow-bench", share);
    try {
      const filled = await context.step("far queue: orders for it", () => fill(context));
      const runs = [];
      for (let round = 1; round <= context.options.rounds; round += 1) {
        runs.push(
          await context.step(`far queue, round ${round}: worker-service`, () => ours(context, quota, filled, round)),
        );
      }
      const figures = (/** @type {string} */ name) =>
        runs.map((run) => /** @type {Record<string, number>} */ (run.figures)[name]);
      return {
        runs,
        values: { B10: figures("settledPerSecond") },
        besides: [
          { title: "B10: CPU time per order, worker-service", unit: "µs", rounds: figures("cpuMicrosPerOrder") },
          { title: "B10: cores that worker-service got", unit: "", rounds: figures("cores") },
          { title: "B10: cores that the proxy of the delay used", unit: "", rounds: figures("proxyCores") },
        ],
      };
    } finally {
      quota.remove();
    }
  },
};

// B7 and B8 over the wire: a million messages waiting in queue-service must slow neither its calls nor its start, and
// must not fill its memory.
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { foreignOf, judgeLoad, loadRemarks, stopwatch } from "../runs.js";
import { drive, fill } from "../sqs_client.js";
import { QueueService } from "../sides/queue_service.js";
import { ratios } from "../statistics.js";
import { cpuSeconds } from "../system/proc.js";

const starts = 3; // in each round; the slowest counts
const batch = 10; // as the worker's calls are
const few = 100_000; // what waits in the other queue while messages are only received

/** @param {string} queueUrl @returns {Promise<void>} when the queue has given a message, and has it back */
async function firstMessage(queueUrl) {
  const answer = await fetch(new URL("/", queueUrl), {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReceiveMessage" },
    body: JSON.stringify({ QueueUrl: queueUrl, VisibilityTimeout: 0 }),
  });
  const { Messages: messages = [] } = /** @type {any} */ (await answer.json());
  if (answer.status !== 200 || messages.length !== 1) throw new Error(`a receive was answered ${answer.status}`);
}

/** The slowest of some starts. @param {import("../context.js").Context} context @param {string} dataDir @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function reopened(context, dataDir, round) {
  const seen = [];
  for (let nth = 0; nth < starts; nth += 1) {
    const watch = stopwatch([]);
    const side = await QueueService.start(context.program("queue-service"), dataDir);
    await firstMessage(side.queueUrl);
    seen.push({ seconds: watch.seconds(), foreign: watch.foreign(cpuSeconds(side.pids())) });
    await side.stop();
  }
  return {
    measure: "queue start",
    side: "queue-service, waiting",
    round,
    ...loadRemarks({ accepted: starts, failed: 0, foreign: foreignOf(seen) }, true),
    figures: { seconds: Math.max(...seen.map(({ seconds }) => seconds)) },
  };
}

/**
 * @param {import("../context.js").Context} context @param {string} dataDir @param {string} kind @param {"cycle" | "pairs"} mode
 * @param {number} round @returns {Promise<import("../runs.js").Run>}
 */
async function traffic(context, dataDir, kind, mode, round) {
  const side = await QueueService.start(context.program("queue-service"), dataDir);
  const url = side.queueUrl;
  await drive(context, { mode: "cycle", url, batch, seconds: context.warmUpSeconds });
  const messages = mode === "pairs" ? few : undefined;
  if (mode === "pairs" && kind === "empty") await fill(context, url, few);
  const watch = stopwatch(side.pids());
  const load = await drive(context, { mode, url, batch, seconds: context.options.seconds / 2, messages });
  const run = {
    measure: "deep queue",
    side: `queue-service, ${kind}, ${mode}`,
    round,
    ...judgeLoad(load, watch.foreign(load.cpuSeconds)),
    figures: { perSecond: load.perSecond, callP99Ms: load.callP99Ms, peakMb: watch.peakMb() },
  };
  await side.kill(); // what is left is not wanted
  return run;
}

export const deepQueue = {
  name: "deep queue",
  budgets: ["B7q", "B7qm", "B8q"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const { backlog, rounds } = context.options;
    const filled = context.freshDir("deep-queue");
    await context.step(`deep queue of ${backlog.toLocaleString("en-US")}`, async () => {
      const side = await QueueService.start(context.program("queue-service"), filled);
      await fill(context, side.queueUrl, backlog);
      await side.stop();
    });
    /** @type {import("../runs.js").Run[]} */
    const runs = [];
    for (let round = 1; round <= rounds; round += 1) {
      const copy = context.freshDir("deep-queue-copy");
      cpSync(filled, copy, { recursive: true });
      execFileSync("sync"); // or writing the copy would slow what is measured next
      runs.push(await context.step(`deep queue, round ${round}: start`, () => reopened(context, copy, round)));
      for (const mode of /** @type {const} */ (["cycle", "pairs"])) {
        const empty = context.freshDir("empty");
        const title = `deep queue, round ${round}: ${mode}`;
        runs.push(await context.step(`${title}, empty`, () => traffic(context, empty, "empty", mode, round)));
        runs.push(await context.step(`${title}, waiting`, () => traffic(context, copy, "waiting", mode, round)));
      }
    }
    const figures = (/** @type {string} */ kind, /** @type {string} */ name) =>
      runs.filter((run) => run.side === `queue-service, ${kind}`).map((run) => run.figures[name]);
    const compared = (/** @type {string} */ mode) =>
      ratios(figures(`waiting, ${mode}`, "perSecond"), figures(`empty, ${mode}`, "perSecond"));
    const [cycles, pairs] = [compared("cycle"), compared("pairs")];
    const emptyPeaks = figures("empty, cycle", "peakMb");
    return {
      runs,
      values: {
        B7q: cycles.map((cycle, round) => Math.min(cycle, pairs[round])),
        B7qm: figures("waiting, cycle", "peakMb").map((peak, round) => peak - emptyPeaks[round]),
        B8q: figures("waiting", "seconds"),
      },
      besides: ["cycle", "pairs"].flatMap((mode) =>
        ["empty", "waiting"].map((kind) => ({
          title: `B7q: messages ${mode === "cycle" ? "sent, received and deleted" : "received and deleted"}, ${kind}`,
          unit: "/s",
          rounds: figures(`${kind}, ${mode}`, "perSecond"),
        })),
      ),
    };
  },
};

// B13: queue-service, which syncs before it answers, against the emulators of npm, which keep all in memory, with the
// same client: messages sent, and messages received and deleted, one and ten in a call.
import { judgeLoad, stopwatch } from "../runs.js";
import { drive, fill } from "../sqs_client.js";
import { Emulator, emulators } from "../sides/emulator.js";
import { QueueService } from "../sides/queue_service.js";
import { ratios } from "../statistics.js";

const waiting = 30_000; // at first, where messages are received

const experiments = /** @type {const} */ ([
  { budget: "B13", mode: "send", batch: 1, title: "sent" },
  { budget: "B13r", mode: "pairs", batch: 1, title: "received and deleted" },
  { budget: "B13t", mode: "send", batch: 10, title: "sent, ten in a call" },
  { budget: "B13u", mode: "pairs", batch: 10, title: "received and deleted, ten in a call" },
]);

/** @typedef {(typeof experiments)[number]} Experiment */

/** @param {import("../context.js").Context} context @param {Experiment} experiment @param {any} side @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function underLoad(context, { budget, mode, batch }, side, round) {
  const url = side.queueUrl;
  const warm = await drive(context, { mode: "send", url, batch, seconds: context.warmUpSeconds / 2 });
  await drive(context, { mode: "pairs", url, batch, seconds: 60, messages: warm.accepted });
  if (mode === "pairs") await fill(context, url, waiting);

  const watch = stopwatch(side.pids());
  const seconds = context.options.seconds / 2;
  const load = await drive(context, { mode, url, batch, seconds, ...(mode === "pairs" && { messages: waiting }) });
  return {
    measure: `queue ${budget}`,
    side: side.name,
    round,
    ...judgeLoad(load, watch.foreign(load.cpuSeconds), side instanceof QueueService),
    figures: {
      messages: load.accepted,
      perSecond: load.perSecond,
      callP99Ms: load.callP99Ms,
      cpuMicrosPerMessage: (watch.cpu() / load.accepted) * 1e6,
      clientCores: load.busiestThread,
    },
  };
}

/** @param {import("../context.js").Context} context @param {string} name */
async function started(context, name) {
  const emulator = emulators.find((known) => known === name);
  if (emulator) return Emulator.start(emulator);
  return QueueService.start(context.program("queue-service"), context.freshDir("queue-speed"));
}

/** The rates of the better of the emulators, round by round. @param {number[][]} rates */
const best = (rates) => rates[0].map((_, round) => Math.max(...rates.map((side) => side[round])));

export const queueSpeed = {
  name: "queue speed",
  budgets: experiments.map(({ budget }) => budget),
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const wanted = experiments.filter(({ budget }) => context.wants(budget));
    const sides = ["queue-service", ...emulators];
    /** @type {import("../runs.js").Run[]} */
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      for (const experiment of wanted) {
        for (const name of sides) {
          const title = `queue speed, round ${round}: ${experiment.title}: ${name}`;
          const side = await started(context, name);
          runs.push(await context.step(title, () => underLoad(context, experiment, side, round)));
          await side.stop();
        }
      }
    }
    const figures = (/** @type {string} */ budget, /** @type {string} */ side, /** @type {string} */ name) =>
      runs.filter((run) => run.measure === `queue ${budget}` && run.side === side).map((run) => run.figures[name]);
    const against = (/** @type {string} */ budget) =>
      ratios(
        figures(budget, "queue-service", "perSecond"),
        best(emulators.map((name) => figures(budget, name, "perSecond"))),
      );
    return {
      runs,
      values: Object.fromEntries(wanted.map(({ budget }) => [budget, against(budget)])),
      besides: wanted.flatMap(({ budget, title }) => [
        ...sides.map((name) => ({
          title: `${budget}: messages ${title}, ${name}`,
          unit: "/s",
          rounds: figures(budget, name, "perSecond"),
        })),
        {
          title: `${budget}: core of the client against queue-service`,
          unit: "",
          rounds: figures(budget, "queue-service", "clientCores"),
        },
      ]),
    };
  },
};

// The budgets: what is measured, what must be reached, what is aimed at, and the verdict on a figure.
// B13 and B13r are budget B13, whose limits were made from figures of one message in a call; B13t and B13u hold calls
// of ten to the same limits. B7q, B7qm and B8q hold queue-service by itself to the limits of B7 and B8.

/**
 * @typedef {object} Budget
 * @property {string} id
 * @property {string[]} runs the measures of the runs that it rests on
 * @property {string} title
 * @property {string} unit shown after the figure
 * @property {"higher" | "lower"} better
 * @property {number} must
 * @property {number} aim
 */

/** @type {Budget[]} */
export const budgets = [
  {
    id: "B1",
    runs: ["throughput", "original design"],
    title: "orders/s, POST to settled, against the original design",
    unit: "x",
    better: "higher",
    must: 15,
    aim: 30,
  },
  {
    id: "B2",
    runs: ["services", "original design"],
    title: "the same as three services over the SQS protocol",
    unit: "x",
    better: "higher",
    must: 8,
    aim: 20,
  },
  {
    id: "B3",
    runs: ["accepting"],
    title: "accepted/s, worker off, against nginx's constant 202",
    unit: "x",
    better: "higher",
    must: 0.35,
    aim: 0.7,
  },
  {
    id: "B4",
    runs: ["throughput"],
    title: "CPU time per order, POST to settled",
    unit: "µs",
    better: "lower",
    must: 90,
    aim: 45,
  },
  {
    id: "B5",
    runs: ["latency"],
    title: "accept p99 at 2,000/s, over the p99 of one fdatasync",
    unit: "ms",
    better: "lower",
    must: 5,
    aim: 2,
  },
  {
    id: "B6",
    runs: ["latency"],
    title: "accepted to confirmed at 2,000/s, p99",
    unit: "ms",
    better: "lower",
    must: 150,
    aim: 50,
  },
  {
    id: "B7",
    runs: ["backlog"],
    title: "throughput with a backlog, against an empty queue",
    unit: "x",
    better: "higher",
    must: 0.8,
    aim: 0.95,
  },
  { id: "B7m", runs: ["backlog"], title: "memory for the backlog", unit: "MB", better: "lower", must: 100, aim: 16 },
  {
    id: "B7q",
    runs: ["deep queue"],
    title: "queue-service with a backlog, against an empty queue",
    unit: "x",
    better: "higher",
    must: 0.8,
    aim: 0.95,
  },
  {
    id: "B7qm",
    runs: ["deep queue"],
    title: "memory of queue-service for the backlog",
    unit: "MB",
    better: "lower",
    must: 100,
    aim: 16,
  },
  { id: "B8", runs: ["start"], title: "start to first 202, empty", unit: "s", better: "lower", must: 0.5, aim: 0.1 },
  {
    id: "B8w",
    runs: ["start"],
    title: "start to first 202, with a backlog",
    unit: "s",
    better: "lower",
    must: 2,
    aim: 0.5,
  },
  {
    id: "B8q",
    runs: ["queue start"],
    title: "start of queue-service to first message, backlog",
    unit: "s",
    better: "lower",
    must: 2,
    aim: 0.5,
  },
  {
    id: "B9",
    runs: ["throughput"],
    title: "resident memory under full load",
    unit: "MB",
    better: "lower",
    must: 128,
    aim: 48,
  },
  {
    id: "B10",
    runs: ["far queue"],
    title: "worker on a quarter of a core, queue 20 ms away",
    unit: "/s",
    better: "higher",
    must: 2000,
    aim: 5000,
  },
  {
    id: "B11",
    runs: ["PostgreSQL"],
    title: "orders/s, POST to settled, orders in PostgreSQL here",
    unit: "/s",
    better: "higher",
    must: 5000,
    aim: 10000,
  },
  {
    id: "B12",
    runs: ["flash sale"],
    title: "reservations/s on one hot SKU, none oversold",
    unit: "/s",
    better: "higher",
    must: 10000,
    aim: 25000,
  },
  searching("B14", "SQLite"),
  searching("B14p", "PostgreSQL"),
  againstEmulators("B13", "sent/s"),
  againstEmulators("B13r", "received and deleted/s"),
  againstEmulators("B13t", "sent/s, ten in a call"),
  againstEmulators("B13u", "received and deleted/s, ten in a call"),
];

/** @param {string} id @param {string} what @returns {Budget} */
function againstEmulators(id, what) {
  const title = `queue-service, messages ${what}`;
  return { id, runs: [`queue ${id}`], title, unit: "x", better: "higher", must: 1.5, aim: 4 };
}

/** @param {Budget} budget @param {number} value @param {number} limit */
function reaches(budget, value, limit) {
  return budget.better === "higher" ? value >= limit : value <= limit;
}

/** @param {string} id @param {string} store @returns {Budget} */
function searching(id, store) {
  const title = `a page of orders of 1,000,000, p95 of the slowest search, ${store}`;
  return { id, runs: ["search"], title, unit: "ms", better: "lower", must: 100, aim: 20 };
}

/** @typedef {"aim" | "must" | "missed" | "invalid" | "skipped"} Verdict skipped: this machine cannot measure it */

/**
 * @param {Budget} budget
 * @param {number} value
 * @param {boolean} valid false when a run behind the figure was flagged
 * @returns {Verdict}
 */
export function verdict(budget, value, valid = true) {
  if (!valid || !Number.isFinite(value)) return "invalid";
  if (reaches(budget, value, budget.aim)) return "aim";
  return reaches(budget, value, budget.must) ? "must" : "missed";
}

/** How many times better than `must`: 1 is just reached, below 1 is missed. @param {Budget} budget @param {number} value */
export function timesMust(budget, value) {
  return budget.better === "higher" ? value / budget.must : budget.must / value;
}

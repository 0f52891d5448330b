// What the counter of operators says of an overview of the system. Pure.

import { duration } from "./timeline.js";

/** @import { Figure, Health } from "../types.js" */

export const seconds_between_points = 10;
export const points_max = 60;
export const stale_after_ms = 3000;
const dead_letter_queue = /-dlq$/;

/** 1234567 is "1,234,567". @param {number} count */
export const grouped = (count) => count.toLocaleString("en");

/** Microseconds as 740 µs, 17 ms, 1.2 s; a dash when nothing was measured. @param {number | undefined} us */
export function shortDuration(us) {
  if (us === undefined) return "–";
  return us < 1000 ? `${us} µs` : duration(us / 1000);
}

/** How long something waits: 740 ms, 4 s, 3 min, 2 h, 5 d. @param {number} ms */
export function shortAge(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`;
}

/** @param {any} counts */
const settledOf = ({ settled }) => settled.confirmed + settled.rejected + settled.cancelled;

/** The queues that workers take from. @param {any[]} queues */
const working = (queues) => queues.filter(({ name }) => !dead_letter_queue.test(name));

/** @param {any[]} queues @param {"visible" | "in_flight" | "delayed"} what */
const sum = (queues, what) => working(queues).reduce((total, queue) => total + queue[what], 0);

/** @param {any} times */
const percentiles = ({ p50_us, p99_us }) =>
  `half within ${shortDuration(p50_us)}, 99 % within ${shortDuration(p99_us)}`;

/** @param {string} names @param {number} count */
const some = (names, count) => (count > 0 ? [`${grouped(count)} ${names}`] : []);

/** The rows of the counter. @param {any} overview @returns {Figure[]} */
export function figuresOf(overview) {
  const { per_minute: rate, latency, queues } = overview;
  const ages = working(queues).flatMap(({ oldest_age_ms: age }) => (age === undefined ? [] : [age]));
  return [
    {
      id: "accepted",
      label: "Accepted a minute",
      value: grouped(rate.accepted),
      detail: [...some("sent again", rate.replayed), ...some("refused", rate.refused)].join(", "),
      trouble: false,
    },
    {
      id: "settled",
      label: "Settled a minute",
      value: grouped(settledOf(rate)),
      detail: [...some("rejected", rate.settled.rejected), ...some("cancelled", rate.settled.cancelled)].join(", "),
      trouble: false,
    },
    {
      id: "waiting",
      label: "Waiting",
      value: grouped(sum(queues, "visible")),
      detail: [
        ...(ages.length > 0 ? [`the oldest for ${shortAge(Math.max(...ages))}`] : []),
        ...some("in flight", sum(queues, "in_flight")),
        ...some("to be tried again later", sum(queues, "delayed")),
      ].join(", "),
      trouble: false,
    },
    {
      id: "accept",
      label: "Time to accept, 95 %",
      value: shortDuration(latency.accept.p95_us),
      detail: latency.accept.count > 0 ? percentiles(latency.accept) : "no order in the last minute",
      trouble: false,
    },
    {
      id: "settle",
      label: "Time to settle, 95 %",
      value: shortDuration(latency.settle.p95_us),
      detail: latency.settle.count > 0 ? percentiles(latency.settle) : "no order in the last minute",
      trouble: false,
    },
    {
      id: "faults",
      label: "Faults of the API a minute",
      value: grouped(rate.faults),
      detail: `of ${grouped(rate.responses)} answers`,
      trouble: rate.faults > 0,
    },
    {
      id: "letters",
      label: "Open dead letters",
      value: grouped(overview.dead_letters_open),
      detail: some("new a minute", rate.dead_lettered).join(""),
      trouble: overview.dead_letters_open > 0,
    },
  ];
}

/**
 * What the lines beside the figures show, by id of the figure.
 * @param {any} span of the history, or an overview as of one minute
 * @param {number} [seconds] that the counts are of
 * @returns {Record<string, number>}
 */
export function pointsOf(span, seconds = 60) {
  const counts = span.per_minute ?? span;
  const a_minute = 60 / seconds;
  return {
    accepted: counts.accepted * a_minute,
    settled: settledOf(counts) * a_minute,
    waiting: sum(span.queues, "visible"),
    accept: span.latency.accept.p95_us ?? 0,
    settle: span.latency.settle.p95_us ?? 0,
    faults: counts.faults * a_minute,
  };
}

/**
 * A line through `values` in a box, as the points of an SVG polyline. The scale begins at nothing.
 * @param {number[]} values
 * @param {number} width
 * @param {number} height
 */
export function lineThrough(values, width, height) {
  const top = Math.max(...values, 1);
  const step = width / (points_max - 1);
  const first = points_max - values.length;
  return values
    .map((value, i) => `${((first + i) * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`)
    .join(" ");
}

/** The one sentence above everything. @param {any} overview @returns {Health} */
export function healthOf(overview) {
  const alarms = overview.alarms.toSorted(
    (/** @type {any} */ a, /** @type {any} */ b) =>
      Number(b.severity === "critical") - Number(a.severity === "critical"),
  );
  if (alarms.length > 0) {
    const more = alarms.length > 1 ? ` And ${alarms.length - 1} more.` : "";
    return { mood: "trouble", text: `${alarms[0].summary}${more}` };
  }
  if (overview.workers.paused) return { mood: "trouble", text: "The workers are paused: orders are taken, and wait." };
  if (overview.dead_letters_open > 0) {
    const one = overview.dead_letters_open === 1;
    return {
      mood: "trouble",
      text: `${grouped(overview.dead_letters_open)} ${one ? "message needs" : "messages need"} you.`,
    };
  }
  return { mood: "good", text: "Orders are taken and worked on. No alarm is raised." };
}

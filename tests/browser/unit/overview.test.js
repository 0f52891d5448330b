import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  figuresOf,
  healthOf,
  lineThrough,
  pointsOf,
  shortAge,
  shortDuration,
} from "../../../frontend/assets/overview.js";

const counts = {
  accepted: 1234,
  replayed: 0,
  refused: 0,
  settled: { confirmed: 50, completed: 9, rejected: 3, cancelled: 0 },
  responses: 2000,
  faults: 0,
  dead_lettered: 0,
};
const quiet = {
  at: "2026-11-22T09:14:07.101Z",
  per_minute: counts,
  latency: { accept: { count: 2, p50_us: 900, p95_us: 17_400, p99_us: 1_240_000 }, settle: { count: 0 } },
  queues: [
    { name: "orders", visible: 4, in_flight: 2, delayed: 0, oldest_age_ms: 65_000 },
    { name: "orders-commands", visible: 1, in_flight: 0, delayed: 0 },
    { name: "orders-dlq", visible: 1000, in_flight: 0, delayed: 0, oldest_age_ms: 9_000_000 },
  ],
  dead_letters_open: 0,
  workers: { paused: false },
  alarms: [],
};
const figure = (overview, id) => figuresOf(overview).find((one) => one.id === id);
const alarm = (name, severity) => ({ name, severity, summary: `${name}.`, since: quiet.at, instances: [] });

describe("The figures of the counter", () => {
  test("say nothing of a time that was not measured", () => {
    assert.equal(figure(quiet, "settle").value, "–");
    assert.equal(figure(quiet, "settle").detail, "no order in the last minute");
  });

  test("do not count what waits on a dead-letter queue, nor its age", () => {
    assert.deepEqual(
      [figure(quiet, "waiting").value, figure(quiet, "waiting").detail],
      ["5", "the oldest for 1 min, 2 in flight"],
    );
  });

  test("leave the age out where a queue does not tell it", () => {
    const queues = [{ name: "orders", visible: 4, in_flight: 0, delayed: 2 }];
    assert.equal(figure({ ...quiet, queues }, "waiting").detail, "2 to be tried again later");
  });

  test("count a completed order once: it was confirmed before", () => {
    assert.deepEqual([figure(quiet, "settled").value, figure(quiet, "settled").detail], ["53", "3 rejected"]);
  });

  test("are trouble when the API fails or a message needs somebody, and else none", () => {
    const troubles = (overview) => figuresOf(overview).flatMap(({ id, trouble }) => (trouble ? [id] : []));
    assert.deepEqual(troubles(quiet), []);
    const bad = { ...quiet, per_minute: { ...counts, faults: 1 }, dead_letters_open: 2 };
    assert.deepEqual(troubles(bad), ["faults", "letters"]);
  });

  test("group their digits, and have short times", () => {
    assert.equal(figure(quiet, "accepted").value, "1,234");
    assert.equal(figure(quiet, "accept").value, "17 ms");
    assert.equal(figure(quiet, "accept").detail, "half within 900 µs, 99 % within 1.2 s");
    assert.deepEqual([undefined, 0, 999, 1000, 999_499, 1_040_000].map(shortDuration), [
      "–",
      "0 µs",
      "999 µs",
      "1 ms",
      "999 ms",
      "1.0 s",
    ]);
    assert.deepEqual([-5, 999, 1000, 59_999, 60_000, 3_600_000, 172_799_999, 172_800_000].map(shortAge), [
      "0 ms",
      "999 ms",
      "1 s",
      "59 s",
      "1 min",
      "1 h",
      "47 h",
      "2 d",
    ]);
  });
});

describe("The sentence above them", () => {
  test("is the worst alarm, and how many more there are", () => {
    const alarms = [alarm("disk-nearly-full", "warning"), alarm("worker-silent", "critical")];
    assert.deepEqual(healthOf({ ...quiet, alarms }), { mood: "trouble", text: "worker-silent. And 1 more." });
  });

  test("is a pause when there is no alarm, then letters, then that all is well", () => {
    const texts = [
      { ...quiet, workers: { paused: true }, dead_letters_open: 1 },
      { ...quiet, dead_letters_open: 1 },
      { ...quiet, dead_letters_open: 1200 },
      quiet,
    ].map((overview) => healthOf(overview));
    assert.deepEqual(texts, [
      { mood: "trouble", text: "The workers are paused: orders are taken, and wait." },
      { mood: "trouble", text: "1 message needs you." },
      { mood: "trouble", text: "1,200 messages need you." },
      { mood: "good", text: "Orders are taken and worked on. No alarm is raised." },
    ]);
  });
});

describe("The lines beside them", () => {
  test("hold a span of ten seconds and an overview to the same scale", () => {
    const { per_minute, ...rest } = quiet;
    const span = {
      ...rest,
      ...per_minute,
      accepted: 5,
      settled: { confirmed: 2, completed: 0, rejected: 0, cancelled: 1 },
    };
    assert.equal(pointsOf(span, 10).accepted, 30);
    assert.equal(pointsOf(span, 10).settled, 18);
    assert.deepEqual(pointsOf(quiet), {
      accepted: 1234,
      settled: 53,
      waiting: 5,
      accept: 17_400,
      settle: 0,
      faults: 0,
    });
  });

  test("end at the right, and lie on the floor when there is nothing", () => {
    assert.equal(lineThrough([], 118, 20), "");
    assert.equal(lineThrough([0, 0], 118, 20), "116.0,20.0 118.0,20.0");
    assert.equal(lineThrough([2, 4], 118, 20), "116.0,10.0 118.0,0.0");
  });
});

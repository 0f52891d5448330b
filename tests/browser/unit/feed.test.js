import assert from "node:assert/strict";
import { beforeEach, describe, mock, test } from "node:test";
import { Feed } from "../../../frontend/assets/feed.js";

const event = (version, type = "order.created") => ({ version, type, at: "2026-11-22T09:14:07.101Z", data: {} });
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A service with one order and its stream, in the test's hands. */
class World {
  order = { stored: true, version: 0, status: "accepted" };
  events = [];
  streams = [];
  reads = 0;
  down = false;
  seen = { events: [], orders: [], states: [], missing: [] };

  feed = new Feed(
    {
      readOrder: async (etag) => {
        this.reads += 1;
        if (this.down) throw new TypeError("network error");
        if (this.missing) return { status: this.missing, etag: null, body: { code: "x" } };
        const current = `"${this.order.version}"`;
        return etag === current
          ? { status: 304, etag, body: null }
          : { status: 200, etag: current, body: { ...this.order } };
      },
      readEvents: async (after) => this.events.filter(({ version }) => version > after),
      openStream: () => {
        const stream = Object.assign(new EventTarget(), { closed: false, close: () => (stream.closed = true) });
        this.streams.push(stream);
        return stream;
      },
    },
    {
      onEvents: (events) => this.seen.events.push(...events.map(({ version }) => version)),
      onOrder: (order) => this.seen.orders.push(order.version),
      onMissing: (status) => this.seen.missing.push(status),
      onState: (state) => this.seen.states.push(state),
    },
  );

  happen(...events) {
    this.events.push(...events);
    this.order = { ...this.order, version: events.at(-1).version };
  }

  send(type, data) {
    this.streams.at(-1).dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }));
  }
}

describe("The feed of an order", () => {
  let world;
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    world = new World();
  });

  /** Lets time pass, and what it brings happen. */
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 500) {
      mock.timers.tick(Math.min(500, left));
      await settle();
    }
  };

  test("brings the history at once and then each event as it comes, once", async () => {
    world.happen(event(1), event(2));
    world.feed.start();
    await settle();
    world.happen(event(3));
    world.send("order.created", event(3));
    world.send("order.created", event(3));
    world.send("order.created", event(2));
    await settle();
    assert.deepEqual(world.seen.events, [1, 2, 3]);
    assert.deepEqual(world.seen.orders, [2, 3]);
  });

  test("reads what a heartbeat says it missed: an event of a type it is too old for", async () => {
    world.feed.start();
    await settle();
    world.happen(event(1, "order.gift_wrapped"));
    world.send("heartbeat", { version: 1 });
    await settle();
    assert.deepEqual(world.seen.events, [1]);
  });

  test("asks again when the stream breaks, and says that it is not live", async () => {
    world.feed.start();
    await settle();
    world.send("error", {});
    world.happen(event(1));
    await pass(2_000);
    assert.equal(world.streams[0].closed, true);
    assert.deepEqual(world.seen.events, [1]);
    assert.equal(world.seen.states.at(-1), "asking");
  });

  test("takes silence for a broken line, and heartbeats for a whole one", async () => {
    world.feed.start();
    for (let beat = 0; beat < 8; beat += 1) {
      await pass(15_000);
      world.send("heartbeat", { version: 0 });
    }
    assert.equal(world.streams[0].closed, false);
    await pass(41_000);
    assert.equal(world.streams[0].closed, true);
  });

  test("comes back to the stream after a while", async () => {
    world.feed.start();
    await settle();
    world.send("error", {});
    await pass(45_000);
    assert.equal(world.streams.length, 2);
  });

  test("asks less and less often", async () => {
    world.feed.start();
    await settle();
    const before = world.reads;
    world.send("error", {});
    await pass(25_000);
    assert.ok(world.reads - before >= 3 && world.reads - before <= 7, String(world.reads - before));
  });

  test("says when nothing gets through, and goes on trying", async () => {
    world.down = true;
    world.feed.start();
    await settle();
    world.send("error", {});
    await pass(3_000);
    assert.equal(world.seen.states.at(-1), "offline");
    world.down = false;
    world.happen(event(1));
    await pass(20_000);
    assert.deepEqual(world.seen.events, [1]);
  });

  for (const status of [404, 410]) {
    test(`ends at ${status}`, async () => {
      world.missing = status;
      world.feed.start();
      await settle();
      const { reads } = world;
      await pass(60_000);
      assert.deepEqual(world.seen.missing, [status]);
      assert.equal(world.reads, reads);
      assert.equal(world.streams[0].closed, true);
    });
  }

  test("holds no connection and no timer once it is stopped, and can go on", async () => {
    world.feed.start();
    await settle();
    world.send("error", {}); // it is about to ask
    world.feed.stop();
    const { reads } = world;
    await pass(120_000);
    assert.equal(world.streams[0].closed, true);
    assert.equal(world.reads, reads);
    world.happen(event(1));
    world.feed.start();
    await settle();
    assert.deepEqual(world.seen.events, [1]);
    world.feed.stop();
  });
});

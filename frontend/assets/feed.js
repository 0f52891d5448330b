// Follows one order: its events by server-sent events, or by asking again and again where the stream does not hold.

import { eventTypes } from "./timeline.js";

/** @import { FeedListener, FeedSources, OrderEvent } from "../types.js" */

const silence_ms = 40_000; // the server sends a heartbeat every 15 s
const ask_first_ms = 1_500;
const ask_longest_ms = 10_000;
const stream_again_ms = 30_000;

export class Feed {
  /** @type {EventSource | null} */
  #stream = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchdog;
  #running = false;
  #version = 0;
  /** @type {string | null} */
  #etag = null;
  #delay = ask_first_ms;
  #streamFailedAt = Number.NEGATIVE_INFINITY;
  /** @type {Promise<void> | null} */
  #reading = null;
  #readAgain = false;

  /** @param {FeedSources} sources @param {FeedListener} listener */
  constructor(sources, listener) {
    this.sources = sources;
    this.listener = listener;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  /** Holds no connection and no timer afterwards; start() goes on. */
  stop() {
    this.#running = false;
    this.#closeStream();
    clearTimeout(this.#timer);
  }

  /** Reads the order now, e.g. after a command. */
  refresh() {
    return this.#read();
  }

  #connect() {
    this.#delay = ask_first_ms;
    this.#read();
    this.#openStream();
  }

  #openStream() {
    const stream = this.sources.openStream();
    this.#stream = stream;
    this.#heard();
    stream.addEventListener("open", () => this.listener.onState("live"));
    stream.addEventListener("heartbeat", (message) => {
      this.#heard();
      // A version that brought no event here is one of a type that this page is too old for.
      if (JSON.parse(message.data).version > this.#version) this.#read();
    });
    for (const type of eventTypes) stream.addEventListener(type, (message) => this.#take(message));
    stream.addEventListener("error", () => {
      this.#closeStream();
      this.#ask();
    });
  }

  /** @param {MessageEvent<string>} message */
  #take(message) {
    this.#heard();
    const event = /** @type {OrderEvent} */ (JSON.parse(message.data));
    if (event.version <= this.#version) return;
    this.#version = event.version;
    this.listener.onEvents([event]);
    this.#read();
  }

  #heard() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      this.#closeStream(); // half open: the other side is gone and nobody said so
      this.#ask();
    }, silence_ms);
  }

  #closeStream() {
    clearTimeout(this.#watchdog);
    if (!this.#stream) return;
    this.#stream.close();
    this.#stream = null;
    this.#streamFailedAt = Date.now();
  }

  /** Asks in growing steps; tries the stream again after a while. */
  #ask() {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    this.#timer = setTimeout(async () => {
      await this.#read();
      if (!this.#running) return;
      if (Date.now() - this.#streamFailedAt >= stream_again_ms) {
        this.#connect();
        return;
      }
      this.#delay = Math.min(ask_longest_ms, this.#delay * 1.5);
      this.#ask();
    }, this.#delay);
  }

  /** One reading at a time; a call during one makes it happen once more. */
  #read() {
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = null;
      if (!this.#readAgain) return undefined;
      this.#readAgain = false;
      return this.#read();
    });
    return this.#reading;
  }

  async #readOnce() {
    try {
      const { status, etag, body } = await this.sources.readOrder(this.#etag);
      if (status === 404 || status === 410) {
        this.stop();
        this.listener.onMissing(status, body);
        return;
      }
      if (status === 200) await this.#takeOrder(body, etag);
      else if (status !== 304) throw new Error(`order: ${status}`);
      if (this.#running && !this.#stream) this.listener.onState("asking");
    } catch {
      if (this.#running) this.listener.onState("offline");
    }
  }

  /** @param {any} order @param {string | null} etag */
  async #takeOrder(order, etag) {
    if (order.stored && order.version > this.#version) {
      const events = await this.sources.readEvents(this.#version);
      this.#version = Math.max(this.#version, ...events.map(({ version }) => version));
      this.listener.onEvents(events);
    }
    this.#etag = etag;
    this.listener.onOrder(order);
  }
}

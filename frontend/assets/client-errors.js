// What a page tells the shop of its own faults: what went wrong and where in our files. Nothing that anybody typed, no
// query of an address, no number of an order: those are cut here, before anything leaves the browser.

/** @import { ClientError, ErrorFrame } from "../types.js" */

const message_max = 300;
const name_max = 100;
const frames_max = 20;
/** Of one view of a page. What comes first tells the most. */
export const reports_max = 5;

/** @param {string} text @param {number} max characters */
const cut = (text, max) =>
  [...text]
    .slice(0, max)
    .join("")
    .replace(/\p{Surrogate}/gu, "\ufffd");

/**
 * Text of a browser or of ours without what may be data: engines quote values in their messages. A name in single quotes
 * is one of the program's and stays.
 * @param {string} text
 */
export function masked(text) {
  const plain = text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/".*"|".*$/, '"…"')
    .replace(/'([^']*)'/g, (whole, inside) => (/^[A-Za-z_$][\w$]{0,39}$/.test(inside) ? whole : "'…'"))
    .replace(/(\b[a-z][a-z-]*:\/\/[^\s?#]+)[?#]\S*/gi, "$1")
    .replace(/\bord_[0-9a-z]+/gi, "ord_…")
    .replace(/[^\s@]+@[^\s@]+/g, "…@…")
    .replace(/\d{5,}/g, "…")
    .trim();
  return cut(plain || "nothing was said", message_max);
}

/** @param {string} url @param {string} base */
function parsed(url, base) {
  try {
    return new URL(url, base);
  } catch {
    return new URL("unknown:");
  }
}

/**
 * Where something is: the path of a file or page of ours, with the order left out; for everything else what kind of
 * address it has ("https", "blob", "chrome-extension").
 * @param {string} url
 * @param {string} origin of the page
 */
export function placeOf(url, origin) {
  const { protocol, pathname, origin: theirs } = parsed(url, origin);
  if (theirs !== origin) return protocol.slice(0, -1);
  return cut(pathname.replace(/^(\/orders)\/[^/]+/, "$1/{id}").replace(/ord_[0-9a-z]+/gi, "{id}"), 200);
}

/**
 * The frames of a stack as Chromium, Firefox and Safari write it.
 * @param {string} stack
 * @param {string} origin
 * @returns {ErrorFrame[]}
 */
export function framesOf(stack, origin) {
  const frames = [];
  for (const line of stack.split("\n")) {
    const [, named, before, url, at, column] = /^(?:\s*at (?:(.*?) \()?|(.*?)@)(\S+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (url === undefined || frames.length === frames_max) continue;
    const name = cut((named ?? before ?? "").replace(/[^\w$.<> ]/g, ""), name_max).trim();
    frames.push({
      ...(name && { function: name }),
      file: placeOf(url, origin),
      line: Number(at),
      column: Number(column),
    });
  }
  return frames;
}

/**
 * What was thrown. Of a value that is no error only its type is told: it may be anything.
 * @param {unknown} thrown
 * @param {string} origin
 */
export function described(thrown, origin) {
  if (!(thrown instanceof Error)) return { message: `what was thrown is no error but of type ${typeof thrown}` };
  const stack = framesOf(thrown.stack ?? "", origin);
  const type = /^\w{1,60}$/.exec(thrown.name)?.[0];
  return { ...(type && { type }), message: masked(thrown.message), ...(stack.length > 0 && { stack }) };
}

/** Sends reports, each different one once, and few of them. */
export class Reporter {
  /** @type {Set<string>} */
  #sent = new Set();
  #chosen;
  #send;

  /**
   * @param {(body: string) => void} send
   * @param {number} share of the views of pages that report, 0 to 1
   * @param {() => number} random
   */
  constructor(send, share, random = Math.random) {
    this.#chosen = random() < share;
    this.#send = send;
  }

  /** @param {ClientError} report */
  tell(report) {
    const body = JSON.stringify(report);
    if (!this.#chosen || this.#sent.has(body) || this.#sent.size === reports_max) return;
    this.#sent.add(body);
    this.#send(body);
  }
}

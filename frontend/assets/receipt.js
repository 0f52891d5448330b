// Draws the receipt: goods, sums, and the trail of what happened.

import { countryName } from "./countries.js";
import { byId, el, slipLine } from "./dom.js";
import { formatMoney } from "./money.js";
import { isSettled, standing } from "./status.js";
import { duration, timeToSettled, trail } from "./timeline.js";

/** @import { Keepsake, OrderEvent, TrailLine } from "../types.js" */

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/** @param {string} id */
export function showNumber(id) {
  for (const place of ["order-id", "receipt-id"]) byId(place, HTMLElement).textContent = id;
}

/** @param {string} at */
function showDate(at) {
  byId("receipt-date", HTMLElement).replaceChildren(el("time", { datetime: at }, calendar.format(new Date(at))));
}

/**
 * What was ordered, from this browser's memory: for the moment before the order is stored.
 * @param {Keepsake} kept
 */
export function showKeepsake({ at, currency, lines }) {
  showDate(at);
  byId("lines", HTMLElement).replaceChildren(
    ...lines.map(({ name, quantity, amount }) => slipLine(`${quantity} × ${name}`, formatMoney(amount, currency))),
  );
}

/** @param {Record<string, string | undefined>} address @param {string} customer */
function showAddress({ name, line1, line2, city, region, postal_code, country }, customer) {
  const place = [postal_code, city].filter(Boolean).join(" ");
  const lines = [name ?? customer, line1, line2, place, region, country && countryName(country)];
  byId("goes-to", HTMLElement).textContent = lines.filter(Boolean).join("\n");
}

/** @param {any} order as the API gives it */
export function showGoods(order) {
  showDate(order.created_at);
  const money = (/** @type {number} */ minor) => formatMoney(minor, order.currency);
  byId("lines", HTMLElement).replaceChildren(
    ...order.items.map((/** @type {any} */ { sku, name, quantity, unit_price: price, discount }) =>
      slipLine(`${quantity} × ${name ?? sku}`, price === undefined ? "" : money(price * quantity - (discount ?? 0))),
    ),
  );
  showAddress(order.shipping_address, order.customer.name);
  const priced = order.items.some((/** @type {any} */ { unit_price: price }) => price !== undefined) && order.total > 0;
  /** @type {[string, number, boolean][]} */
  const sums = [
    ["Shipping", order.shipping_amount, true],
    ["Discount", -order.discount_amount, order.discount_amount > 0],
    ["Tax", order.tax_amount, true],
    ["Total", order.total, true],
  ];
  byId("sums", HTMLElement).replaceChildren(
    ...sums
      .filter(([, , shown]) => priced && shown)
      .map(([term, amount]) => el("div", {}, el("dt", {}, term), el("dd", { class: "amount" }, money(amount)))),
  );
}

/** @param {TrailLine} line */
function trailLine({ version, at, label, mood, detail, since }) {
  return el(
    "li",
    { class: mood, "data-version": String(version) },
    el("time", { datetime: at }, clock.format(new Date(at))),
    el("span", { class: "text" }, label),
    el("span", { class: "since" }, since === null ? "" : `+${duration(since)}`),
    ...(detail ? [el("span", { class: "detail" }, detail)] : []),
  );
}

/**
 * Adds the lines that are not there yet, so that only what is new moves.
 * @param {OrderEvent[]} events
 * @returns {TrailLine[]} the new ones
 */
export function showTrail(events) {
  const list = byId("trail", HTMLElement);
  const shown = new Set([...list.children].map((item) => Number(/** @type {HTMLElement} */ (item).dataset.version)));
  const lines = trail(events);
  const fresh = lines.filter(({ version }) => !shown.has(version));
  const inOrder = fresh.every(({ version }) => version > Math.max(0, ...shown));
  if (inOrder) list.append(...fresh.map(trailLine));
  else list.replaceChildren(...lines.map(trailLine));
  return fresh;
}

/**
 * The heading, what it means, and what the order waits for.
 * @param {{status: string, failure?: {code: string, detail: string}}} order
 * @param {OrderEvent[]} events
 */
export function showStanding(order, events) {
  const { title, meaning, waiting } = standing(order);
  const heading = byId("title", HTMLElement);
  if (heading.textContent !== title) heading.textContent = title;
  heading.dataset.status = order.status;
  byId("meaning", HTMLElement).textContent = meaning;
  document.title = `${title} – your Orderflow order`;
  byId("waiting", HTMLElement).hidden = waiting === null;
  byId("waiting-text", HTMLElement).textContent = waiting ?? "";
  showStamp(order.status, title, isSettled(order.status) ? timeToSettled(events) : null);
}

/**
 * What settled the order, pressed onto the receipt.
 * @param {string} status
 * @param {string} title
 * @param {number | null} took milliseconds, null while nothing is settled
 */
function showStamp(status, title, took) {
  const stamp = byId("stamp", HTMLElement);
  stamp.hidden = took === null;
  if (took === null || stamp.dataset.status === status) return;
  stamp.dataset.status = status;
  stamp.replaceChildren(title, el("small", {}, `${duration(took)} after it was accepted`));
}

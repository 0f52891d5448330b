// What operators look for, as the address of the page has it and as the API is asked. Pure.

/** @import { SessionAnswer } from "../types.js" */

/** The fields of the form. Their names are those of the API, but for `order`: a form has an `id` of its own. */
export const fields = ["status", "customer", "sku", "number", "order", "created_after", "created_before"];
const times = ["created_after", "created_before"];

/**
 * The filters in an address; what is empty or no filter is left out.
 * @param {string} search
 * @returns {Record<string, string>}
 */
export function filtersIn(search) {
  const given = new URLSearchParams(search);
  return Object.fromEntries(fields.map((name) => [name, (given.get(name) ?? "").trim()]).filter(([, value]) => value));
}

/** The same as an address: with "?", or empty. @param {Record<string, string>} filters */
export function addressOf(filters) {
  const query = new URLSearchParams(fields.filter((name) => filters[name]).map((name) => [name, filters[name]]));
  return query.size > 0 ? `?${query}` : "";
}

/**
 * What the API is asked. A field of the form gives a time without zone, which is meant in UTC.
 * @param {Record<string, string>} filters
 * @param {string | null} after the last id of the page before
 */
export function questionOf(filters, after) {
  const query = new URLSearchParams(addressOf(filters));
  for (const name of times) {
    const time = query.get(name);
    if (time) query.set(name, inUtc(time));
  }
  const order = query.get("order");
  query.delete("order");
  if (order) query.set("id", order);
  if (after) query.set("starting_after", after);
  return `/v1/orders?${query}`;
}

/** "2026-11-22T09:14" as the API has times. @param {string} time */
export function inUtc(time) {
  if (time.endsWith("Z")) return time;
  return /T\d\d:\d\d$/.test(time) ? `${time}:00Z` : `${time}Z`;
}

/** "2026-11-22 09:14:07" in UTC. @param {string} timestamp */
export const shortTime = (timestamp) => timestamp.slice(0, 19).replace("T", " ");

/** What went wrong, in words. @param {SessionAnswer} answer */
export function searchWordsFor({ status, body }) {
  if (status === 0) return "The server does not answer. Try again.";
  if (status === 400) return body?.detail ?? "One of the filters is none.";
  if (status === 429) return "There were too many searches. Wait a moment, and try again.";
  if (status === 503) return "Orders cannot be read at the moment. Placed orders are safe. Try again.";
  return `The server cannot search at the moment (${status}). Try again.`;
}

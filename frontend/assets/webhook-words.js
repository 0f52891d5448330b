// Webhook endpoints in words. Pure.

import { inUtc, shortTime } from "./search.js";

/** @type {Record<string, string>} */
const reasons = {
  operator: "paused by an operator",
  gone: "off: it answered that it is gone",
  failing: "off: it failed for too long",
};
/** @type {Record<string, string>} */
const kinds = { live: "What is new", range: "A time again", one: "One event again", test: "A test" };

/** @param {any} endpoint */
export function endpointState({ enabled, disabled_because: why }) {
  if (enabled) return "on";
  return reasons[why] ?? `off: ${why}`;
}

/** How far a lane is. @param {any} lane */
export function laneWords({
  kind,
  delivered,
  given_up,
  held_orders,
  failures_in_a_row: failures,
  last_success_at: last,
}) {
  return [
    `${kinds[kind] ?? kind}: ${delivered} delivered`,
    ...(given_up > 0 ? [`${given_up} given up`] : []),
    ...(held_orders > 0 ? [`${held_orders} ${held_orders === 1 ? "order waits" : "orders wait"} for another try`] : []),
    ...(failures > 0 ? [`${failures} failures in a row`] : []),
    ...(last ? [`last at ${shortTime(last)}`] : []),
  ].join(", ");
}

/** The time to deliver again; the fields of the form are meant in UTC. @param {string} since @param {string} until */
export function replayOf(since, until) {
  return { since: inUtc(since), until: inUtc(until) };
}

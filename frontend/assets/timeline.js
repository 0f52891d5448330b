// The history of an order as the lines of a receipt.

/** @import { OrderEvent, TrailLine } from "../types.js" */

/** @type {Record<string, [label: string, mood: TrailLine["mood"]]>} */
const known = {
  "order.accepted": ["Accepted", "step"],
  "order.created": ["Checked and priced", "step"],
  "inventory.reserved": ["Goods put aside", "step"],
  "payment.captured": ["Paid", "step"],
  "payment.declined": ["Payment declined", "bad"],
  "order.confirmed": ["Confirmed", "good"],
  "order.completed": ["Completed", "good"],
  "order.rejected": ["Rejected", "bad"],
  "cancel.requested": ["Cancellation asked for", "note"],
  "cancel.refused": ["Cancellation refused", "bad"],
  "payment.voided": ["Payment voided", "step"],
  "payment.refunded": ["Money given back", "step"],
  "inventory.released": ["Goods back on the shelf", "step"],
  "order.cancelled": ["Cancelled", "note"],
  "order.on_hold": ["On hold", "bad"],
  "order.resumed": ["Taken up again", "note"],
  "order.conflict": ["Another order came with the same key", "note"],
  "fulfillment.created": ["Shipped", "step"],
  "fulfillment.refused": ["A shipment was refused", "step"],
  "payment.refund_failed": ["Giving the money back failed; it is tried again", "bad"],
};

export const eventTypes = Object.keys(known);

/**
 * Both lists as one, by version, each version once.
 * @param {OrderEvent[]} before
 * @param {OrderEvent[]} more
 */
export function merge(before, more) {
  const versions = new Map([...before, ...more].map((event) => [event.version, event]));
  return [...versions.values()].sort((a, b) => a.version - b.version);
}

/** @param {OrderEvent[]} events by version @returns {TrailLine[]} */
export function trail(events) {
  return events.map(({ version, type, at, data }, index) => {
    const [label, mood] = known[type] ?? [type.replaceAll(/[._]/g, " "), "note"];
    const since = index === 0 ? null : Math.max(0, Date.parse(at) - Date.parse(events[index - 1].at));
    const detail = data?.detail ?? "";
    return { version, at, label, mood, detail: detail === events[index - 1]?.data?.detail ? "" : detail, since };
  });
}

/** 17 ms, 1.2 s, 3 min 5 s, 2 h 4 min, 3 d 2 h. @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min ${seconds % 60} s`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** From the first line to the last one that settled the order, or null. @param {OrderEvent[]} events */
export function timeToSettled(events) {
  const settled = events.findLast(({ type }) => /^order\.(confirmed|completed|rejected|cancelled)$/.test(type));
  return settled ? Date.parse(settled.at) - Date.parse(events[0].at) : null;
}

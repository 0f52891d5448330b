// What each status means to the person who waits.

/** @import { Standing } from "../types.js" */

/** @type {Record<string, Standing>} */
const standings = {
  accepted: {
    title: "Accepted",
    meaning: "We have your order safely. It is being looked at now.",
    waiting: "waiting to be checked",
    cancellable: true,
  },
  processing: {
    title: "Being checked",
    meaning: "Your order is stored and its prices are fixed.",
    waiting: "looking for the goods",
    cancellable: true,
  },
  reserved: {
    title: "Waiting for payment",
    meaning: "The goods are put aside for you while the payment is made.",
    waiting: "waiting for the payment",
    cancellable: true,
  },
  confirmed: {
    title: "Confirmed",
    meaning: "Paid, and the goods are yours. They will be packed next.",
    waiting: null,
    cancellable: true,
  },
  completed: { title: "Completed", meaning: "Packed and on its way.", waiting: null, cancellable: false },
  rejected: { title: "Rejected", meaning: "Nothing was charged.", waiting: null, cancellable: false },
  cancelling: {
    title: "Being cancelled",
    meaning: "What was paid is on its way back.",
    waiting: "giving the money back",
    cancellable: false,
  },
  cancelled: {
    title: "Cancelled",
    meaning: "The order is cancelled and nothing is owed.",
    waiting: null,
    cancellable: false,
  },
  on_hold: {
    title: "On hold",
    meaning:
      "Something went wrong on our side. Somebody has to look at it; your order is kept and you need not order again.",
    waiting: "waiting for somebody to look at it",
    cancellable: true,
  },
};

/** What the shop says about a refusal, by failure code. @type {Record<string, string>} */
const reasons = {
  "payment-declined": "The payment was declined. Nothing was charged; try again with another way to pay.",
  "out-of-stock": "Somebody was faster: there was not enough left. Nothing was charged.",
  "price-changed":
    "The price has changed since you saw it. Nothing was charged; look at the new price and order again.",
  "unknown-sku": "One of the products is no longer sold. Nothing was charged.",
  "not-sold-in-currency": "One of the products is not sold in this currency. Nothing was charged.",
};

/**
 * @param {{status: string, failure?: {code: string, detail: string}}} order
 * @returns {Standing}
 */
export function standing({ status, failure }) {
  const found = standings[status] ?? { title: status, meaning: "", waiting: null, cancellable: false };
  if (!failure || status !== "rejected") return found;
  return { ...found, meaning: reasons[failure.code] ?? `${failure.detail} ${found.meaning}` };
}

/** Nothing more will happen by itself. @param {string} status */
export const isSettled = (status) => ["confirmed", "completed", "rejected", "cancelled"].includes(status);

/** No event can follow, so there is nothing to listen for. @param {{status: string, payment_status?: string}} order */
export const isFinal = ({ status, payment_status }) =>
  ["completed", "rejected", "cancelled"].includes(status) && payment_status !== "refunding";

export const stalled_after_ms = 15 * 60_000;

/**
 * Whether an order that waits for something has waited too long.
 * @param {string} status
 * @param {number} lastProgress milliseconds since the epoch
 * @param {number} now
 */
export function isStalled(status, lastProgress, now) {
  return !isSettled(status) && now - lastProgress >= stalled_after_ms;
}

// The entries of an operator's timeline in words. Pure.

import { trail } from "./timeline.js";

/** @param {any} move */
function moved({ sku, reserved, shipped }) {
  if (shipped !== undefined) return `${shipped} × ${sku} left the house`;
  return `${Math.abs(reserved)} × ${sku} ${reserved < 0 ? "back on the shelf" : "put aside"}`;
}

/** @param {...(string | undefined)} parts */
const joined = (...parts) => parts.filter(Boolean).join(", ");

/**
 * What happened, and more about it.
 * @param {any} entry
 * @param {(minor: number) => string} money
 * @returns {[what: string, detail: string]}
 */
export function historyWords(entry, money) {
  switch (entry.kind) {
    case "event": {
      const [{ label }] = trail([{ version: entry.version, type: entry.type, at: entry.at, data: {} }]);
      return [label, joined(entry.code, entry.detail)];
    }
    case "payment_attempt":
      return [
        `${entry.effect === "refund" ? "Refund" : "Charge"} of ${money(entry.amount)}: ${entry.state}`,
        joined(entry.reference && `reference ${entry.reference}`, `key ${entry.key}`),
      ];
    case "stock":
      return [
        entry.fulfillment ? `Shipment ${entry.fulfillment}` : "Stock",
        joined(...entry.moves.map(moved), entry.carrier, entry.tracking_number),
      ];
    case "posting":
      return [`Ledger: ${money(entry.amount)}`, `${entry.debit} to ${entry.credit}`];
    case "dead_letter":
      return [
        `Dead letter ${entry.number}: ${entry.state}`,
        joined(entry.code, entry.detail, `received ${entry.receive_count} times`),
      ];
    case "delivery":
      return [
        `Webhook ${entry.webhook}: ${entry.state}`,
        joined(`${entry.type}, attempt ${entry.attempt}`, entry.code),
      ];
    default:
      return [String(entry.kind), joined(entry.type, entry.code, entry.detail)];
  }
}

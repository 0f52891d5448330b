// The slip beside the form: what has been chosen so far, and what it comes to.

import { el } from "./dom.js";
import { formatMoney, goodsTotal } from "./money.js";

/**
 * One line of a slip or receipt: text, dots, amount.
 * @param {string} text
 * @param {string} amount
 */
export function slipLine(text, amount) {
  return el("li", {}, el("span", { class: "text" }, text), el("span", { class: "amount" }, amount));
}

/**
 * @param {{list: HTMLElement, total: HTMLElement}} slip
 * @param {import("./order-request.js").Line[]} lines
 * @param {string} currency
 */
export function renderSlip({ list, total }, lines, currency) {
  const rows = lines.map(({ product, price, quantity }) =>
    slipLine(`${quantity} × ${product.name}`, formatMoney(price * quantity, currency)),
  );
  list.replaceChildren(...(rows.length > 0 ? rows : [el("li", { class: "empty" }, "Nothing chosen yet")]));
  const sum = goodsTotal(lines);
  total.textContent = sum === null ? "too large to show" : formatMoney(sum, currency);
}

// The products as a price list, one row each with its quantity, and the slip that sums up what was chosen.

import { el, slipLine } from "./dom.js";
import { formatMoney, goodsTotal } from "./money.js";

/** @import { Line, Product } from "../types.js" */

const few = 10;

/** @param {Product} product @param {string} currency */
function stockNote({ available, prices }, currency) {
  if (prices[currency] === undefined) return `Sold in ${Object.keys(prices).join(", ")} only`;
  if (available === 0) return "Sold out";
  return available <= few ? `Only ${available} left` : "";
}

/**
 * The two buttons are for a finger or a mouse; the keyboard has the arrow keys in the field itself.
 * @param {HTMLInputElement} input
 * @param {number} step
 */
function stepButton(input, step) {
  const button = el("button", {
    type: "button",
    class: step > 0 ? "step more" : "step less",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  button.addEventListener("click", () => stepQuantity(input, step));
  return button;
}

/** @param {HTMLInputElement} input @param {number} step */
function stepQuantity(input, step) {
  const next = Math.max(0, (Number.parseInt(input.value, 10) || 0) + step);
  input.value = next === 0 ? "" : String(next);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {Product} product */
function row(product) {
  const id = `qty_${product.sku}`;
  const input = el("input", {
    id,
    name: id,
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    placeholder: "0",
    "aria-describedby": `${id}-note`,
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    stepQuantity(input, event.key === "ArrowUp" ? 1 : -1);
  });
  return el(
    "li",
    { class: "product", "data-sku": product.sku },
    el(
      "div",
      { class: "product-text" },
      el("label", { for: id }, product.name, el("span", { class: "unseen" }, ", quantity")),
      el("p", { class: "description" }, product.description),
    ),
    el("p", { class: "price" }),
    el("div", { class: "quantity" }, stepButton(input, -1), input, stepButton(input, 1)),
    el("p", { class: "note", id: `${id}-note` }),
  );
}

/**
 * @param {HTMLElement} container
 * @param {Product[]} products
 */
export function renderPriceList(container, products) {
  const categories = [...new Set(products.map(({ category }) => category))];
  container.replaceChildren(
    ...categories.map((category) =>
      el(
        "section",
        {},
        el("h3", {}, category),
        el("ul", { class: "products" }, ...products.filter((product) => product.category === category).map(row)),
      ),
    ),
  );
}

/**
 * Writes the prices of one currency; what is not sold in it cannot be typed in.
 * @param {HTMLElement} container
 * @param {Product[]} products
 * @param {string} currency
 */
export function showPrices(container, products, currency) {
  for (const product of products) {
    const item = container.querySelector(`[data-sku="${CSS.escape(product.sku)}"]`);
    if (!item) continue;
    const price = product.prices[currency];
    const sold = price !== undefined && product.available > 0;
    item.classList.toggle("unsold", !sold);
    for (const control of item.querySelectorAll("input, button")) control.toggleAttribute("disabled", !sold);
    const [money, note] = [item.querySelector(".price"), item.querySelector(".note")];
    if (money) money.textContent = price === undefined ? "–" : formatMoney(price, currency);
    if (note) note.textContent = stockNote(product, currency);
  }
}

/**
 * @param {{list: HTMLElement, total: HTMLElement}} slip
 * @param {Line[]} lines
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

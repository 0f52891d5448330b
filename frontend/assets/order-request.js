// From what stands in the form to the body of POST /v1/orders.

import { checkField, fields, readQuantity } from "./fields.js";

/**
 * @typedef {object} Product
 * @property {string} sku
 * @property {string} name
 * @property {string} description
 * @property {string} category
 * @property {number} available
 * @property {Record<string, number>} prices  of one piece in minor units, by currency
 *
 * @typedef {{control: string, code: string}} BrokenRule
 * @typedef {{product: Product, price: number, quantity: number}} Line
 */

/**
 * The products that are asked for, as far as they are sold in the currency.
 * @param {Record<string, string>} values  by form control
 * @param {Product[]} products
 * @returns {Line[]}
 */
export function chosenLines(values, products) {
  return products.flatMap((product) => {
    const price = product.prices[values.currency];
    const { quantity } = readQuantity(values[`qty_${product.sku}`] ?? "", product.available);
    return price === undefined || quantity === 0 ? [] : [{ product, price, quantity }];
  });
}

/**
 * Every rule that the form breaks, in the order of the form.
 * @param {Record<string, string>} values
 * @param {Product[]} products
 * @returns {BrokenRule[]}
 */
export function brokenRules(values, products) {
  /** @type {BrokenRule[]} */
  const broken = [];
  for (const product of products) {
    if (product.prices[values.currency] === undefined) continue;
    const control = `qty_${product.sku}`;
    const { code } = readQuantity(values[control] ?? "", product.available);
    if (code) broken.push({ control, code });
  }
  if (broken.length === 0 && chosenLines(values, products).length === 0)
    broken.push({ control: "items", code: "required" });
  for (const field of fields) {
    const code = checkField(field, values[field.name] ?? "");
    if (code) broken.push({ control: field.name, code });
  }
  return broken;
}

/**
 * The request body; empty fields are left out. Amounts are not sent: prices are the shop's.
 * @param {Record<string, string>} values  that break no rule
 * @param {Product[]} products
 */
export function orderRequest(values, products) {
  /** @type {Record<string, any>} */
  const request = {
    currency: values.currency,
    items: chosenLines(values, products).map(({ product, quantity }) => ({ sku: product.sku, quantity })),
    customer: {},
    shipping_address: {},
    payment: { mode: "token" },
  };
  for (const { name, pointer } of fields) {
    const value = (values[name] ?? "").trim();
    const [, parent, member] = pointer.split("/");
    if (value !== "") request[parent][member] = value;
  }
  return request;
}

// The order form as data: its fields with the rule each has to keep and what is said when it does not, what is chosen,
// and the order request that comes of it. Codes are those of the API (FieldError.code), so a rule broken here and one
// broken there read the same.

/** @import { BrokenRule, Field, Line, Product } from "../types.js" */

/** @type {readonly Field[]} in the order of the form */
export const fields = [
  {
    name: "customer_name",
    pointer: "/customer/name",
    required: true,
    max: 200,
    words: { required: "Enter your name", "too-long": "Name must be 200 characters or fewer" },
  },
  {
    name: "customer_email",
    pointer: "/customer/email",
    required: true,
    min: 3,
    max: 254,
    pattern: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
    words: {
      required: "Enter your email address",
      "too-short": "Enter an email address in the correct format, like name@example.com",
      "too-long": "Email address must be 254 characters or fewer",
      "invalid-format": "Enter an email address in the correct format, like name@example.com",
    },
  },
  {
    name: "customer_phone",
    pointer: "/customer/phone",
    required: false,
    min: 5,
    max: 32,
    pattern: /^\+?[0-9][0-9 ()./-]*$/,
    words: {
      "too-short": "Phone number must have at least 5 digits",
      "too-long": "Phone number must be 32 characters or fewer",
      "invalid-format": "Enter a phone number, like +44 20 7946 0000",
    },
  },
  {
    name: "line1",
    pointer: "/shipping_address/line1",
    required: true,
    max: 200,
    words: { required: "Enter the street and house number", "too-long": "Street must be 200 characters or fewer" },
  },
  {
    name: "line2",
    pointer: "/shipping_address/line2",
    required: false,
    max: 200,
    words: { "too-long": "Flat, floor, company must be 200 characters or fewer" },
  },
  {
    name: "postal_code",
    pointer: "/shipping_address/postal_code",
    required: false,
    max: 20,
    words: { "too-long": "Postal code must be 20 characters or fewer" },
  },
  {
    name: "city",
    pointer: "/shipping_address/city",
    required: true,
    max: 100,
    words: { required: "Enter the town or city", "too-long": "Town or city must be 100 characters or fewer" },
  },
  {
    name: "region",
    pointer: "/shipping_address/region",
    required: false,
    max: 100,
    words: { "too-long": "State or region must be 100 characters or fewer" },
  },
  {
    name: "country",
    pointer: "/shipping_address/country",
    required: true,
    max: 2,
    pattern: /^[A-Z]{2}$/,
    words: { required: "Choose a country", "invalid-format": "Choose a country from the list" },
  },
  {
    name: "payment_token",
    pointer: "/payment/token",
    required: true,
    max: 255,
    words: { required: "Choose how to pay" },
  },
];

/** What is said about the rest of the form. @type {Record<string, Record<string, string>>} */
const other_words = {
  items: {
    required: "Choose at least one product",
    "too-many-items": "Choose at most 100 different products",
  },
  currency: { "unsupported-currency": "Choose one of the currencies of the price list" },
};

export const quantityMax = 1_000_000;

/**
 * The code of the rule that a text breaks, or null.
 * @param {Field} field
 * @param {string} text
 */
export function checkField(field, text) {
  const value = text.trim();
  const length = [...value].length;
  if (length === 0) return field.required ? "required" : null;
  if (length > field.max) return "too-long";
  if (field.min && length < field.min) return "too-short";
  if (/\p{Cc}/u.test(value)) return "invalid-format";
  if (field.pattern && !field.pattern.test(value)) return "invalid-format";
  return null;
}

/**
 * A quantity as typed: empty is 0 (not ordered).
 * @param {string} text
 * @param {number} available
 * @returns {{quantity: number, code: string | null}}
 */
export function readQuantity(text, available) {
  const value = text.trim();
  if (value === "") return { quantity: 0, code: null };
  if (!/^[+-]?\d+$/.test(value)) return { quantity: 0, code: "not-an-integer" };
  const quantity = Number(value);
  if (quantity < 0 || quantity > quantityMax) return { quantity: 0, code: "out-of-range" };
  if (quantity > available) return { quantity, code: "not-available" };
  return { quantity, code: null };
}

/**
 * The form control that a JSON Pointer of the API is about, or null.
 * @param {string} pointer
 * @param {{sku: string}[]} items of the request that was refused
 */
export function controlFor(pointer, items) {
  const line = /^\/items\/(\d+)(\/|$)/.exec(pointer);
  if (line) {
    const item = items[Number(line[1])];
    return item ? `qty_${item.sku}` : "items";
  }
  if (pointer === "") return null;
  if (pointer === "/items" || pointer === "/currency") return pointer.slice(1);
  return fields.find((field) => field.pointer === pointer || field.pointer.startsWith(`${pointer}/`))?.name ?? null;
}

/** @param {string} code @param {{name: string, available: number}} product */
function aboutQuantity(code, { name, available }) {
  if (code === "not-an-integer" || code === "wrong-type") return `Quantity of “${name}” must be a whole number, like 2`;
  if (code !== "not-available") return `Quantity of “${name}” must be from 1 to 1,000,000`;
  return available === 0 ? `“${name}” is sold out` : `Only ${available} of “${name}” left: enter ${available} or fewer`;
}

/**
 * One wording per control and code, wherever the rule was checked.
 * @param {string} control
 * @param {string} code
 * @param {{detail?: string, product?: {name: string, available: number}}} [about]
 *   detail: what the API said, used only where the page has no words of its own
 */
export function wordingFor(control, code, { product, detail } = {}) {
  if (product) return aboutQuantity(code, product);
  const words = fields.find(({ name }) => name === control)?.words ?? other_words[control];
  return words?.[code] ?? detail ?? "Check this entry";
}

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

// The fields of the order form: their limits, where they stand in the order request, and the rule each has to keep.
// Codes are those of the API (FieldError.code), so a rule broken here and one broken there read the same.

/**
 * @typedef {object} Field
 * @property {string} name      of the form control
 * @property {string} pointer   JSON Pointer into the order request
 * @property {boolean} required
 * @property {number} max       characters (Unicode code points)
 * @property {number} [min]
 * @property {RegExp} [pattern]
 */

/** @type {readonly Field[]} in the order of the form */
export const fields = [
  { name: "customer_name", pointer: "/customer/name", required: true, max: 200 },
  {
    name: "customer_email",
    pointer: "/customer/email",
    required: true,
    max: 254,
    pattern: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
  },
  { name: "customer_phone", pointer: "/customer/phone", required: false, min: 5, max: 32, pattern: /^\+?[0-9][0-9 ()./-]*$/ },
  { name: "line1", pointer: "/shipping_address/line1", required: true, max: 200 },
  { name: "line2", pointer: "/shipping_address/line2", required: false, max: 200 },
  { name: "city", pointer: "/shipping_address/city", required: true, max: 100 },
  { name: "region", pointer: "/shipping_address/region", required: false, max: 100 },
  { name: "postal_code", pointer: "/shipping_address/postal_code", required: false, max: 20 },
  { name: "country", pointer: "/shipping_address/country", required: true, max: 2, pattern: /^[A-Z]{2}$/ },
  { name: "payment_token", pointer: "/payment/token", required: true, max: 255 },
];

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

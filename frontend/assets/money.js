// Money is a whole number of minor units and an ISO 4217 code; it is never put into a fraction.

/** Digits behind the decimal point: 2 for EUR, 0 for JPY. @param {string} currency */
function exponent(currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * The amount as a decimal text, exact for every safe integer: (1205, 2) is "12.05".
 * @param {number} minor
 * @param {number} digits
 */
export function toDecimal(minor, digits) {
  const sign = minor < 0 ? "-" : "";
  const padded = String(Math.abs(minor)).padStart(digits + 1, "0");
  if (digits === 0) return sign + padded;
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/**
 * For a person, e.g. "€12.50" or "12,50 €".
 * @param {number} minor
 * @param {string} currency
 * @param {string} [locale] the browser's when absent
 */
export function formatMoney(minor, currency, locale) {
  const decimal = /** @type {`${number}`} */ (toDecimal(minor, exponent(currency)));
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(decimal);
}

/**
 * The sum of price times quantity, or null when it is too large to be shown exactly.
 * @param {{price: number, quantity: number}[]} lines
 */
export function goodsTotal(lines) {
  let sum = 0;
  for (const { price, quantity } of lines) {
    sum += price * quantity;
    if (!Number.isSafeInteger(sum)) return null;
  }
  return sum;
}

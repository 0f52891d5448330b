// What the page says when a rule is broken: one wording per field and code, wherever the rule was checked.

/** @type {Record<string, Record<string, string>>} */
const messages = {
  items: {
    required: "Choose at least one product",
    "too-many-items": "Choose at most 100 different products",
  },
  currency: { "unsupported-currency": "Choose one of the currencies of the price list" },
  customer_name: { required: "Enter your name", "too-long": "Name must be 200 characters or fewer" },
  customer_email: {
    required: "Enter your email address",
    "too-long": "Email address must be 254 characters or fewer",
    "invalid-format": "Enter an email address in the correct format, like name@example.com",
  },
  customer_phone: {
    "too-short": "Phone number must have at least 5 digits",
    "too-long": "Phone number must be 32 characters or fewer",
    "invalid-format": "Enter a phone number, like +44 20 7946 0000",
  },
  line1: { required: "Enter the street and house number", "too-long": "Street must be 200 characters or fewer" },
  line2: { "too-long": "Second address line must be 200 characters or fewer" },
  city: { required: "Enter the town or city", "too-long": "Town or city must be 100 characters or fewer" },
  region: { "too-long": "State or region must be 100 characters or fewer" },
  postal_code: { required: "Enter the postal code", "too-long": "Postal code must be 20 characters or fewer" },
  country: {
    required: "Choose a country",
    "too-long": "Choose a country from the list",
    "invalid-format": "Choose a country from the list",
  },
  payment_token: {
    required: "Choose how to pay",
    "too-long": "Choose one of the ways to pay",
    "invalid-format": "Choose one of the ways to pay",
  },
};

/**
 * @param {string} code
 * @param {string} product
 * @param {number} available
 */
function aboutQuantity(code, product, available) {
  if (code === "not-an-integer" || code === "wrong-type") return `Quantity of “${product}” must be a whole number, like 2`;
  if (code === "not-available") {
    return available === 0 ? `“${product}” is sold out` : `Only ${available} of “${product}” left: enter ${available} or fewer`;
  }
  return `Quantity of “${product}” must be from 1 to 1,000,000`;
}

/**
 * @param {string} control  name of the form control
 * @param {string} code
 * @param {{detail?: string, product?: {name: string, available: number}}} [about]
 *   detail: what the API said, used only where the page has no words of its own
 */
export function wordingFor(control, code, about = {}) {
  if (about.product) return aboutQuantity(code, about.product.name, about.product.available);
  return messages[control]?.[code] ?? about.detail ?? "Check this entry";
}

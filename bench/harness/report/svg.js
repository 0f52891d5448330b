// Writing SVG: elements as nested text.

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} value */
export const escape = (value) => value.replace(/[&<>"]/g, (sign) => entities[/** @type {"&"} */ (sign)]);

/** @param {string} name @param {Record<string, string | number>} attributes @param {string[]} children already SVG */
export function element(name, attributes, ...children) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(number(value)))}"`);
  return children.length === 0
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${children.join("")}</${name}>`;
}

/** @param {string | number} value two decimals are finer than any screen */
const number = (value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);

/** @param {number} x @param {number} y @param {string} content @param {string} [style] classes */
export const text = (x, y, content, style = "") => element("text", { x, y, class: style }, escape(content));

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} style classes */
export const bar = (x, y, width, height, style) =>
  element("rect", { x, y, width: Math.max(width, 1), height, rx: 2, class: style });

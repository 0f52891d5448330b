// Elements without markup in strings: the page runs under Trusted Types with no policy.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean>} [attributes] true sets an empty one, false leaves it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * The element with this id; the page is broken without it.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no ${type.name} with id ${id}`);
  return element;
}

/**
 * One line of a slip or receipt.
 * @param {string} text
 * @param {string} amount
 */
export function slipLine(text, amount) {
  return el("li", {}, el("span", { class: "text" }, text), el("span", { class: "amount" }, amount));
}

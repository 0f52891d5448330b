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

/**
 * A row of a ledger: the first cell is its name, texts are cells; what is a number stands at the right.
 * @param {...(Node | string | number)} cells
 */
export function ledgerRow(...cells) {
  return el(
    "tr",
    {},
    ...cells.map((cell, i) => {
      const content = typeof cell === "number" ? cell.toLocaleString("en") : cell;
      return i === 0
        ? el("th", { scope: "row" }, content)
        : el("td", { class: typeof cell === "number" && "amount" }, content);
    }),
  );
}

/** A button that looks like a link. @param {string} text @param {() => void} action @param {string} [label] begins with the text */
export function plainButton(text, action, label) {
  const button = el("button", { type: "button", class: "plain", "aria-label": label ?? false }, text);
  button.addEventListener("click", action);
  return button;
}

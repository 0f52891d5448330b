// Broken rules on the page: the summary on top and the same words beside each field.

import { el } from "./dom.js";

/** @import { Problem } from "../types.js" */

const untouched_title = document.title;

/** @param {string} control @returns {{holder: Element, field: HTMLElement} | null} */
function placeOf(control) {
  const field = document.getElementById(control);
  const holder = field?.closest(".field, .product, fieldset");
  return field && holder ? { holder, field } : null;
}

/** @param {HTMLElement} field @param {string} id @param {boolean} present */
function describe(field, id, present) {
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (present) ids.add(id);
  else ids.delete(id);
  field.setAttribute("aria-describedby", [...ids].join(" "));
}

/**
 * Shows the text beside a field, or clears what is there.
 * @param {string} control
 * @param {string | null} text
 */
export function markField(control, text) {
  const place = placeOf(control);
  if (!place) return;
  const { holder, field } = place;
  const id = `${control}-error`;
  document.getElementById(id)?.remove();
  holder.classList.toggle("wrong", text !== null);
  describe(field, id, text !== null);
  if (text === null) {
    field.removeAttribute("aria-invalid");
    return;
  }
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)
    field.setAttribute("aria-invalid", "true");
  const message = el("p", { class: "error", id }, el("span", { class: "unseen" }, "Error: "), text);
  const anchor = holder.querySelector("[data-error-before]") ?? field;
  if (holder.classList.contains("product")) holder.append(message);
  else anchor.before(message);
}

/** Whether something is said beside this field. @param {string} control */
export const isMarked = (control) => document.getElementById(`${control}-error`) !== null;

/** The controls with something said beside them. */
export const markedControls = () =>
  [...document.querySelectorAll("p.error[id$='-error']")].map(({ id }) => id.slice(0, -"-error".length));

/** @param {HTMLElement} summary */
export function clearProblems(summary) {
  for (const control of markedControls()) markField(control, null);
  summary.hidden = true;
  document.title = untouched_title;
}

/**
 * Shows all of them and moves the focus to the summary.
 * @param {HTMLElement} summary
 * @param {Problem[]} problems
 */
export function showProblems(summary, problems) {
  clearProblems(summary);
  for (const { control, text } of problems) if (control) markField(control, text);
  const entries = problems.map(({ control, text }) => {
    if (!control || !placeOf(control)) return el("li", {}, text);
    const link = el("a", { href: `#${control}` }, text);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const field = placeOf(control)?.field;
      const first = field?.matches("input, select, button") ? field : field?.querySelector("input:not(:disabled)");
      if (first instanceof HTMLElement) first.focus();
      field?.closest(".field, .product, fieldset")?.scrollIntoView({ block: "center" });
    });
    return el("li", {}, link);
  });
  summary.querySelector("ul")?.replaceChildren(...entries);
  summary.hidden = false;
  document.title = `Error: ${untouched_title}`;
  summary.focus();
}

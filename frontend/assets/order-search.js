// The search for orders: a form whose state is the address of the page, so that a search can be kept, sent and gone back
// to.

import { byId, el } from "./dom.js";
import { formatMoney } from "./money.js";
import { openHistory } from "./order-history.js";
import { addressOf, fields, filtersIn, questionOf, searchWordsFor, shortTime } from "./search.js";
import { ask } from "./session.js";

const form = byId("search", HTMLFormElement);
const found = byId("found", HTMLTableSectionElement);
const area = byId("found-area", HTMLElement);
const more = byId("more", HTMLButtonElement);
const news = byId("search-news", HTMLElement);

let asked = 0; // what an older search finds comes too late
/** @type {string | null} */
let last = null;

/** @param {string} name */
function control(name) {
  const input = form.elements.namedItem(name);
  if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) throw new Error(`no field ${name}`);
  return input;
}

/** @param {any} order */
function row(order) {
  const look = el("button", { type: "button", class: "plain", "aria-label": `History of ${order.number}` }, "History");
  look.addEventListener("click", () => openHistory(order.id, order.number));
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("a", { href: `/orders/${order.id}` }, String(order.number))),
    el("td", {}, el("time", { datetime: order.created_at }, shortTime(order.created_at))),
    el("td", {}, order.status),
    el("td", {}, order.customer.email),
    el("td", { class: "amount" }, formatMoney(order.total, order.currency)),
    el("td", {}, look),
  );
}

/** @param {string | null} after */
async function read(after) {
  const mine = ++asked;
  news.textContent = "Asking…";
  more.setAttribute("aria-disabled", "true");
  const answer = await ask(questionOf(filtersIn(location.search), after), {});
  if (mine !== asked) return;
  more.setAttribute("aria-disabled", "false");
  if (answer.status === 401) {
    document.dispatchEvent(new Event("session-over"));
    return;
  }
  if (answer.status !== 200) {
    news.textContent = searchWordsFor(answer);
    return;
  }
  const rows = answer.body.data.map(row);
  if (after) found.append(...rows);
  else found.replaceChildren(...rows);
  last = answer.body.data.at(-1)?.id ?? last;
  more.hidden = !answer.body.has_more;
  area.hidden = found.childElementCount === 0;
  const count = found.childElementCount;
  news.textContent = count === 0 ? "No order is like that." : `${count} shown${more.hidden ? "" : ", there are more"}.`;
}

function fillForm() {
  const filters = filtersIn(location.search);
  for (const name of fields) control(name).value = (filters[name] ?? "").replace(/Z$/, "");
}

/** Searches for what the address says. */
export function search() {
  fillForm();
  return read(null);
}

/** What was found is for who is signed in; an answer that is still on its way, too. */
export function forget() {
  asked += 1;
  found.replaceChildren();
  area.hidden = true;
  news.textContent = "";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const filters = Object.fromEntries(fields.map((name) => [name, control(name).value.trim()]));
  history.pushState(null, "", `/ops${addressOf(filters)}`);
  read(null);
});
more.addEventListener("click", () => more.getAttribute("aria-disabled") !== "true" && last && read(last));

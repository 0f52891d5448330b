// Everything that happened to one order, for operators.

import { byId, el } from "./dom.js";
import { formatMoney } from "./money.js";
import { searchWordsFor } from "./search.js";
import { ask } from "./session.js";
import { duration } from "./timeline.js";
import { historyWords } from "./history-words.js";

const area = byId("history-area", HTMLElement);
const title = byId("history-title", HTMLElement);
const standing = byId("history-standing", HTMLElement);
const list = byId("history", HTMLTableSectionElement);

let asked = 0; // what an older question finds comes too late

/** @param {any} entry @param {string} currency */
function row(entry, currency) {
  const [what, detail] = historyWords(entry, (amount) => formatMoney(amount, currency));
  return el(
    "tr",
    {},
    el("td", {}, el("time", { datetime: entry.at }, entry.at.slice(11, 23))),
    el("td", { class: "amount" }, `+${duration(entry.since_previous_ms)}`),
    el("th", { scope: "row" }, what),
    el("td", { class: "detail" }, detail),
  );
}

/** @param {string} id @param {number} number */
export async function openHistory(id, number) {
  const mine = ++asked;
  title.textContent = `Order ${number}`;
  list.replaceChildren();
  standing.textContent = "Asking…";
  area.hidden = false;
  title.focus();
  const answer = await ask(`/v1/admin/orders/${id}/timeline`, {});
  if (mine !== asked) return;
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  if (answer.status !== 200) {
    standing.textContent = answer.body?.detail ?? searchWordsFor(answer);
    return;
  }
  const { status, payment_status, fulfillment_status, failed_attempts, settled_after_ms, currency, data } = answer.body;
  standing.textContent = [
    `${status}, payment ${payment_status}, ${fulfillment_status}`,
    ...(settled_after_ms === undefined ? [] : [`settled after ${duration(settled_after_ms)}`]),
    ...(failed_attempts > 0 ? [`${failed_attempts} failed attempts`] : []),
  ].join("; ");
  list.replaceChildren(...data.map((/** @type {any} */ entry) => row(entry, currency)));
}

/** What was read is for who is signed in. */
export function closeHistory() {
  asked += 1;
  title.textContent = "Order";
  area.hidden = true;
  list.replaceChildren();
  standing.textContent = "";
}

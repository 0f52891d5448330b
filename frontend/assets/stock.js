// What is there of each product, and its correction.

import { carryOut, refusalWordsFor } from "./commands.js";
import { byId, ledgerRow, plainButton } from "./dom.js";
import { ask } from "./session.js";

const list = byId("stock", HTMLTableSectionElement);
const area = byId("stock-area", HTMLElement);
const form = byId("stock-form", HTMLFormElement);
const title = byId("stock-title", HTMLElement);
const how = byId("stock-how", HTMLSelectElement);
const pieces = byId("stock-pieces", HTMLInputElement);
const news = byId("stock-news", HTMLElement);

let asked = 0; // what an older question finds comes too late
/** @type {string | null} the SKU that the form is of */
let chosen = null;

/** @param {string} text @param {"" | "trouble"} [mood] */
function tell(text, mood = "") {
  news.textContent = text;
  news.dataset.mood = mood;
}

/** @param {any} product */
function row({ sku, name, on_hand, reserved, available }) {
  return ledgerRow(
    plainButton(sku, () => choose(sku, on_hand)),
    name,
    on_hand,
    reserved,
    available,
  );
}

/** @param {string} sku @param {number} on_hand */
function choose(sku, on_hand) {
  chosen = sku;
  title.textContent = `${sku}: ${on_hand} on hand`;
  pieces.value = "";
  form.hidden = false;
  title.focus();
}

export async function readStock() {
  const mine = ++asked;
  const answer = await ask("/v1/admin/stock", {});
  if (mine !== asked) return;
  if (answer.status === 200) {
    list.replaceChildren(...answer.body.data.map(row));
    area.hidden = list.childElementCount === 0;
    return;
  }
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  tell(refusalWordsFor(answer), "trouble");
}

/** What was read is for who is signed in. */
export function forgetStock() {
  asked += 1;
  chosen = null;
  list.replaceChildren();
  area.hidden = true;
  form.hidden = true;
  tell("");
}

/** @param {() => Record<string, string>} note who commands and why, as they say */
export function bindStock(note) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (chosen === null) return;
    const path = `/v1/admin/stock/${encodeURIComponent(chosen)}`;
    form.hidden = true;
    await carryOut(path, { [how.value]: Number(pieces.value), ...note() }, tell);
    readStock();
  });
}

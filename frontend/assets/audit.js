// The commands of operators and what came of them, newest first.

import { outcomeOf } from "./commands.js";
import { byId, el } from "./dom.js";
import { ask } from "./session.js";
import { shortTime } from "./search.js";

const list = byId("commands", HTMLTableSectionElement);
const area = byId("commands-area", HTMLElement);
const more = byId("commands-more", HTMLButtonElement);
const news = byId("commands-news", HTMLElement);

let asked = 0; // what an older question finds comes too late
/** @type {string | null} */
let last = null;

/** @param {any} record */
function row(record) {
  return el(
    "tr",
    {},
    el("td", {}, el("time", { datetime: record.requested_at }, shortTime(record.requested_at))),
    el("th", { scope: "row" }, record.action),
    el("td", {}, record.target),
    el("td", {}, record.by),
    el("td", { class: "detail" }, record.reason || "–"),
    el("td", { class: "detail" }, outcomeOf(record)),
  );
}

/** @param {string | null} after */
async function read(after) {
  const mine = ++asked;
  const answer = await ask(`/v1/admin/audit${after ? `?starting_after=${encodeURIComponent(after)}` : ""}`, {});
  if (mine !== asked) return;
  if (answer.status !== 200) {
    if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
    news.textContent = `The commands cannot be read at the moment (${answer.status || "no answer"}).`;
    return;
  }
  const { data, has_more } = answer.body;
  if (after === null) list.replaceChildren();
  list.append(...data.map(row));
  last = data.at(-1)?.id ?? last;
  more.hidden = !has_more;
  area.hidden = list.childElementCount === 0;
  news.textContent = area.hidden ? "Nobody has asked for anything yet." : "";
}

export const readCommands = () => read(null);

/** What was read is for who is signed in. */
export function forgetCommands() {
  asked += 1;
  list.replaceChildren();
  area.hidden = true;
  news.textContent = "";
}

more.addEventListener("click", () => last && read(last));

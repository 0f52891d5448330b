// Dead letters: by the way they failed, then one by one, with what an operator can do with them.

import { carryOut, refusalWordsFor, send } from "./commands.js";
import { byId, el } from "./dom.js";
import { ask } from "./session.js";
import { shortTime } from "./search.js";

const page_size = 50;
/** What can be done with letters of a state. @type {Record<string, string[]>} */
const actions_of = { open: ["redrive", "discard"], discarded: ["restore"] };
const verbs = { redrive: "Send again", discard: "Give up", restore: "Open again" };

const state = byId("letter-state", HTMLSelectElement);
const groups = byId("letter-groups", HTMLTableSectionElement);
const groups_area = byId("letter-groups-area", HTMLElement);
const list = byId("letters", HTMLTableSectionElement);
const list_area = byId("letters-area", HTMLElement);
const list_title = byId("letters-title", HTMLElement);
const more = byId("letters-more", HTMLButtonElement);
const one = byId("letter", HTMLElement);
const news = byId("letters-news", HTMLElement);
const doing = byId("letters-doing", HTMLElement);
const stop = byId("letters-stop", HTMLButtonElement);
const sure = byId("letters-sure", HTMLElement);
const rate = byId("letters-rate", HTMLInputElement);

/** @type {() => Record<string, string>} */
let note = () => ({});
/** @type {{queue: string, code: string} | null} the group that is looked at */
let group = null;
/** What was asked last, of each kind: what an older question finds comes too late. */
const asked = { groups: 0, letters: 0, letter: 0, count: 0 };
/** @type {string | null} */
let running = null;

/** @param {string} text @param {boolean} [trouble] */
function say(text, trouble = false) {
  news.textContent = text;
  news.dataset.mood = trouble ? "trouble" : "";
}

/** @param {string} text @param {"" | "trouble"} mood @param {string | null} command that can be stopped */
function tell(text, mood, command) {
  if (doing.textContent !== text) doing.textContent = text;
  doing.dataset.mood = mood;
  running = command;
  stop.hidden = command === null;
}

/**
 * An answer, or null: it was told why there is none, or the question is no longer the last of its kind.
 * @param {keyof typeof asked} kind
 * @param {string} target
 */
async function read(kind, target) {
  const mine = ++asked[kind];
  const answer = await ask(target, {});
  if (mine !== asked[kind]) return null;
  if (answer.status === 200) return answer.body;
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  else say(refusalWordsFor(answer), true);
  return null;
}

/** @param {any} found */
function groupRow({ queue, code, count, last }) {
  const look = el("button", { type: "button", class: "plain" }, code);
  look.addEventListener("click", () => openGroup({ queue, code }));
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, look),
    el("td", {}, queue),
    el("td", { class: "amount" }, String(count)),
    el("td", {}, el("time", { datetime: last.kept_at }, shortTime(last.kept_at))),
  );
}

/** Reads the groups again; what was opened stays open. */
export async function readGroups() {
  const body = await read("groups", `/v1/admin/dead-letters/groups?state=${state.value}`);
  if (body === null) return;
  groups.replaceChildren(...body.data.map(groupRow));
  groups_area.hidden = body.data.length === 0;
  say(body.data.length > 0 ? "" : state.value === "open" ? "No message needs anybody." : "There are none.");
}

/** @param {any} letter @param {boolean} marked */
function letterRow(letter, marked) {
  const mark = el("input", {
    type: "checkbox",
    checked: marked,
    value: String(letter.number),
    "aria-label": `Letter ${letter.number}`,
  });
  const look = el("button", { type: "button", class: "plain" }, String(letter.number));
  look.addEventListener("click", () => openLetter(letter.number));
  return el(
    "tr",
    { "data-letter": String(letter.number) },
    el("td", {}, mark),
    el("th", { scope: "row" }, look),
    el("td", {}, el("time", { datetime: letter.kept_at }, shortTime(letter.kept_at))),
    el("td", {}, letter.order ? el("a", { href: `/orders/${letter.order}` }, letter.order) : "–"),
    el("td", { class: "amount" }, String(letter.receive_count)),
    el("td", { class: "detail" }, letter.detail),
  );
}

/** @param {number} after */
async function readLetters(after) {
  if (group === null) return;
  const query = new URLSearchParams({ state: state.value, ...group, after: String(after), limit: String(page_size) });
  const body = await read("letters", `/v1/admin/dead-letters?${query}`);
  if (body === null) return;
  const marked = new Set(after === 0 ? selected() : []);
  if (after === 0) list.replaceChildren();
  list.append(...body.data.map((/** @type {any} */ letter) => letterRow(letter, marked.has(letter.number))));
  more.hidden = !body.has_more;
}

/** @param {{queue: string, code: string}} chosen */
async function openGroup(chosen) {
  closeGroup(); // what is marked and asked there is of the group before
  group = chosen;
  list_title.textContent = `${chosen.code}, from ${chosen.queue}`;
  const can = actions_of[state.value] ?? [];
  for (const button of list_area.querySelectorAll("[data-action]")) {
    if (button instanceof HTMLButtonElement) button.hidden = !can.includes(button.dataset.action ?? "");
  }
  await readLetters(0);
  if (group !== chosen) return;
  list_area.hidden = false;
  list_title.focus();
}

function closeGroup() {
  asked.letters += 1;
  asked.count += 1;
  group = null;
  list_area.hidden = true;
  list.replaceChildren();
  more.hidden = true;
  sure.hidden = true;
  asked.letter += 1;
  one.hidden = true;
  one.replaceChildren();
}

/** @param {string} name @param {...(Node | string)} value */
const entry = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value));

/** @param {any} letter */
function editorOf(letter) {
  const body = el("textarea", { id: "letter-body", rows: "8", spellcheck: "false", maxlength: "102400" });
  body.value = letter.body;
  const save = el("button", { type: "submit", class: "secondary" }, "Keep this body");
  const form = el("form", { class: "edit" }, el("label", { for: "letter-body" }, "Body of the message"), body, save);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const written = body.value;
    const outcome = await carryOut(`/v1/admin/dead-letters/${letter.number}/edit`, { body: written, ...note() }, tell);
    // What was not taken, or was written since, is not thrown away; nor is another letter that was opened since.
    if (outcome === "done" && body.isConnected && body.value === written) await openLetter(letter.number);
  });
  return form;
}

/** @param {number} number */
async function openLetter(number) {
  const letter = await read("letter", `/v1/admin/dead-letters/${number}`);
  if (letter === null) return;
  const title = el("h4", { tabindex: "-1" }, `Letter ${letter.number}`);
  const can_edit = letter.state === "open" && !document.body.classList.contains("reader");
  one.replaceChildren(
    title,
    el("p", {}, letter.detail),
    el(
      "dl",
      { class: "who" },
      entry("Sent", shortTime(letter.sent_at)),
      entry("Kept", shortTime(letter.kept_at)),
      entry("Message", letter.message_id),
      entry("Can be read", letter.readable ? "yes" : (letter.unreadable_because ?? "no")),
      ...(letter.edited ? [entry("Edited", "yes; the first body is kept")] : []),
    ),
    can_edit ? editorOf(letter) : el("pre", { tabindex: "0" }, letter.body),
  );
  one.hidden = false;
  title.focus();
}

const selected = () =>
  [...list.querySelectorAll("input:checked")].map((mark) => Number(/** @type {HTMLInputElement} */ (mark).value));

/** @param {string} action @param {Record<string, unknown>} which */
async function carry(action, which) {
  const per_second = action === "redrive" ? rateGiven() : undefined;
  if (per_second === null) return;
  if (sure.contains(document.activeElement)) list_title.focus(); // not lost with what is hidden
  sure.hidden = true;
  const body = { ...which, ...(per_second !== undefined && { per_second }), ...note() };
  if ((await carryOut(`/v1/admin/dead-letters/${action}`, body, tell)) === "not-sent") {
    say("This was not sent: the command before it is still under way. Wait for its end, or stop it.", true);
  }
}

/** How fast, where that is said; null after it was told that it is no rate: never faster than somebody meant. */
function rateGiven() {
  if (!rate.checkValidity()) {
    say("Nothing was sent: “At most a second” is a whole number from 1 to 1000, or empty for no limit.", true);
    rate.focus();
    return null;
  }
  return rate.value === "" ? undefined : Number(rate.value);
}

/** @param {keyof typeof verbs} action */
function doSelected(action) {
  const numbers = selected();
  if (numbers.length === 0) tell("Mark the letters first, in the first column.", "trouble", null);
  else carry(action, { numbers });
}

/** All of the group: how many that are now is said first. @param {keyof typeof verbs} action */
async function askForAll(action) {
  if (group === null) return;
  const filter = group;
  const mine = ++asked.count;
  const answer = await send(`/v1/admin/dead-letters/${action}`, { filter, dry_run: true });
  if (mine !== asked.count) return;
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  if (answer.status !== 200) {
    tell(refusalWordsFor(answer), "trouble", null);
    return;
  }
  const { count } = answer.body;
  const yes = el("button", { type: "button", class: "primary" }, `${verbs[action]}: ${count}`);
  const no = el("button", { type: "button", class: "secondary" }, "Not now");
  yes.addEventListener("click", () => carry(action, { filter }));
  no.addEventListener("click", () => {
    list_title.focus();
    sure.hidden = true;
  });
  sure.replaceChildren(el("p", {}, `${count} ${count === 1 ? "letter is" : "letters are"} of this kind now.`), yes, no);
  sure.hidden = false;
  yes.focus();
}

async function stopRunning() {
  if (running === null) return;
  const answer = await send(`${running}/stop`, note());
  if (answer.status === 401) document.dispatchEvent(new Event("session-over"));
  else if (answer.status >= 300 || answer.status === 0) say(`It goes on. ${refusalWordsFor(answer)}`, true);
  else say("It is asked to stop.");
}

/** Reads what changed; the group that is open may be empty now. */
export async function refreshLetters() {
  await readGroups();
  if (group !== null) await readLetters(0);
}

/** What was read is for who is signed in. */
export function forgetLetters() {
  asked.groups += 1;
  closeGroup();
  groups.replaceChildren();
  groups_area.hidden = true;
  tell("", "", null);
  say("");
}

/** @param {() => Record<string, string>} noteOf who commands and why, as they say */
export function bindLetters(noteOf) {
  note = noteOf;
  state.addEventListener("change", () => {
    closeGroup();
    readGroups();
  });
  more.addEventListener("click", () => {
    const rows = list.querySelectorAll("tr");
    readLetters(Number(rows[rows.length - 1]?.dataset.letter ?? 0));
  });
  stop.addEventListener("click", stopRunning);
  for (const button of list_area.querySelectorAll("[data-action]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const action = /** @type {keyof typeof verbs} */ (button.dataset.action);
    button.addEventListener("click", () => (button.dataset.all ? askForAll(action) : doSelected(action)));
  }
}

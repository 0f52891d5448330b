// The counter of operators: what the system does now, once a second, and the worker's switches.

import { carryOut } from "./commands.js";
import { byId, el } from "./dom.js";
import {
  figuresOf,
  healthOf,
  lineThrough,
  pointsOf,
  points_max,
  seconds_between_points,
  shortAge,
  stale_after_ms,
} from "./overview.js";
import { ask } from "./session.js";

const svg = "http://www.w3.org/2000/svg";
const line_width = 120;
const line_height = 24;
const again_after_ms = 5000;
const settle_after_ms = 2000; // a button that changed under the hand is not what the hand meant

const health = byId("health", HTMLElement);
const rows = byId("figures", HTMLTableSectionElement);
const alarms = byId("alarms", HTMLUListElement);
const programs = byId("programs", HTMLTableSectionElement);
const fresh = byId("fresh", HTMLElement);
const toggle = byId("pause", HTMLButtonElement);
const limit = byId("limit", HTMLInputElement);
const news = byId("workers-news", HTMLElement);

/** @type {EventSource | null} */
let stream = null;
/** @type {Record<string, number[]>} */
let lines = {};
let last_event = 0;
let last_point = 0;
/** @type {boolean | null} null: nothing was heard yet */
let paused = null;
/** @type {boolean | null} what was asked for here, of `paused` */
let wanted = null;
let turned_at = -Infinity; // when somebody else had paused or resumed
/** @type {ReturnType<typeof setInterval> | undefined} */
let watch;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/** @param {Record<string, number>} points */
function addPoints(points) {
  for (const [id, value] of Object.entries(points)) lines[id] = [...(lines[id] ?? []), value].slice(-points_max);
}

/** @param {string} id */
function newLine(id) {
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", `0 -1 ${line_width} ${line_height + 2}`);
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "line");
  picture.append(document.createElementNS(svg, "polyline"));
  picture.dataset.line = id;
  return picture;
}

/** The rows stay: a row that is read or selected is not replaced under the reader. @param {string} id */
function rowOf(id) {
  const known = rows.querySelector(`[data-figure="${id}"]`);
  if (known) return known;
  const row = el(
    "tr",
    { "data-figure": id },
    el("th", { scope: "row" }),
    el("td", { class: "amount" }),
    el("td", {}, newLine(id)),
    el("td", { class: "detail" }),
  );
  rows.append(row);
  return row;
}

function drawLines() {
  for (const picture of rows.querySelectorAll("[data-line]")) {
    const values = lines[/** @type {SVGElement} */ (picture).dataset.line ?? ""] ?? [];
    picture.firstElementChild?.setAttribute("points", lineThrough(values, line_width, line_height));
  }
}

/** @param {Element} element @param {string} text only what is new is written, so that nothing is said twice */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {any} overview */
function showFigures(overview) {
  for (const { id, label, value, detail, trouble } of figuresOf(overview)) {
    const row = /** @type {HTMLElement} */ (rowOf(id));
    const [name, amount, , more] = row.children;
    write(name, label);
    write(amount, value);
    write(more, detail);
    row.dataset.mood = trouble ? "trouble" : "";
  }
}

/** @param {any} overview */
function showAlarms(overview) {
  const now = Date.parse(overview.at);
  const items = overview.alarms.map((/** @type {any} */ { name, severity, summary, since }) =>
    el("li", {}, `${severity}: ${summary} `, el("code", {}, name), ` for ${shortAge(now - Date.parse(since))}`),
  );
  alarms.replaceChildren(...(items.length > 0 ? items : [el("li", {}, "None.")]));
}

/** @param {any} instance @param {number} now */
function programRow(
  { name, version, state, paused: halted, in_progress: busy, in_progress_max: most, last_seen_at },
  now,
) {
  const work = busy === undefined ? "–" : `${busy} of ${most}`;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el("td", {}, version),
    el("td", {}, state === "live" && halted ? "paused" : state),
    el("td", { class: "amount" }, work),
    el("td", {}, `${shortAge(now - Date.parse(last_seen_at))} ago`),
  );
}

/** @param {any} overview */
function showWorkers(overview) {
  const before = paused;
  paused = overview.workers.paused;
  if (before !== null && paused !== before && paused !== wanted) turned_at = performance.now();
  write(toggle, paused ? "Resume the workers" : "Pause the workers");
  limit.placeholder = String(overview.workers.in_progress_max ?? "own");
  const now = Date.parse(overview.at);
  programs.replaceChildren(...overview.instances.map((/** @type {any} */ one) => programRow(one, now)));
}

/** @param {any} overview */
function show(overview) {
  const { mood, text } = healthOf(overview);
  health.dataset.mood = mood;
  write(health, text);
  showFigures(overview);
  showAlarms(overview);
  showWorkers(overview);
  if (performance.now() - last_point < seconds_between_points * 1000) return;
  last_point = performance.now();
  addPoints(pointsOf(overview));
  drawLines();
}

function tellAge() {
  const age = performance.now() - last_event;
  const stale = last_event === 0 || age > stale_after_ms;
  fresh.dataset.mood = stale ? "trouble" : "";
  if (last_event === 0) write(fresh, "Asking…");
  else write(fresh, stale ? `Nothing heard for ${shortAge(age)}: what stands here is old.` : "Live, once a second.");
  if (last_event === 0 || !stale) return;
  health.dataset.mood = "trouble"; // the last good news does not stand above it all night
  write(health, "Nothing is heard of the system any more. What stands here is old.");
}

function listen() {
  stream = new EventSource("/v1/admin/overview/stream");
  stream.addEventListener("overview", ({ data }) => {
    last_event = performance.now();
    show(JSON.parse(data));
    tellAge();
  });
  stream.addEventListener("overview", readPast, { once: true });
  stream.addEventListener("error", () => {
    if (stream?.readyState !== EventSource.CLOSED) return; // it asks again by itself
    stream = null;
    document.dispatchEvent(new Event("session-in-doubt"));
    later = setTimeout(listen, again_after_ms);
  });
}

/** What was before the page was opened. */
async function readPast() {
  const from = new Date(Date.now() - points_max * seconds_between_points * 1000).toISOString();
  const answer = await ask(`/v1/admin/overview/history?from=${from}&step=${seconds_between_points}`, {});
  if (answer.status !== 200 || last_event === 0) return;
  lines = {};
  for (const span of answer.body.data) addPoints(pointsOf(span, seconds_between_points));
  drawLines();
}

/** Begins to follow the system; harmless when it does already. */
export function openCounter() {
  if (watch !== undefined) return;
  watch = setInterval(tellAge, 1000);
  tellAge();
  listen();
}

/** What was shown is for who is signed in. */
export function closeCounter() {
  stream?.close();
  stream = null;
  clearInterval(watch);
  clearTimeout(later);
  watch = undefined;
  last_event = 0;
  last_point = 0;
  paused = null;
  wanted = null;
  lines = {};
  for (const part of [rows, alarms, programs]) part.replaceChildren();
  for (const part of [health, news]) part.textContent = "";
}

/** @param {string} text @param {"" | "trouble"} mood */
function tell(text, mood) {
  news.textContent = text;
  news.dataset.mood = mood;
}

/** @param {() => Record<string, string>} note who commands and why, as they say */
export function bindWorkers(note) {
  toggle.addEventListener("click", () => {
    if (performance.now() - turned_at < settle_after_ms) {
      tell(
        "Nothing was sent: somebody else has pressed this just now, and it means the opposite. Look again.",
        "trouble",
      );
      return;
    }
    wanted = !paused;
    carryOut(`/v1/admin/workers/${paused ? "resume" : "pause"}`, note(), tell);
  });
  byId("limit-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const most = limit.value.trim();
    limit.value = "";
    carryOut("/v1/admin/workers/concurrency", { in_progress_max: most === "" ? null : Number(most), ...note() }, tell);
  });
}

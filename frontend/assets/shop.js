// The order form: brings the modules together.

import { listProducts, placeOrder } from "./api.js";
import { countries } from "./countries.js";
import { byId, el } from "./dom.js";
import { attempt, draft, keepsake } from "./draft.js";
import {
  brokenRules,
  checkField,
  chosenLines,
  controlFor,
  fields,
  orderRequest,
  readQuantity,
  wordingFor,
} from "./order-form.js";
import { renderPriceList, renderSlip, showPrices } from "./price-list.js";
import { clearProblems, isMarked, markField, markedControls, showProblems } from "./problems.js";
import { submitOrder } from "./submission.js";

/** @import { Attempt, Product, State } from "../types.js" */

const form = byId("order", HTMLFormElement);
const goods = byId("goods", HTMLElement);
const summary = byId("problems", HTMLElement);
const button = byId("place", HTMLButtonElement);
const news = byId("news", HTMLElement);
const again = byId("again", HTMLElement);
const slip = { list: byId("slip-lines", HTMLElement), total: byId("slip-total", HTMLElement) };
const sections = [...form.querySelectorAll("fieldset.section")];

/** @type {Product[]} */
let products = [];
let busy = false;

/** @returns {Record<string, string>} */
const values = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

/** @param {Record<string, string>} saved */
function fillIn(saved) {
  for (const [name, value] of Object.entries(saved)) {
    const control = form.elements.namedItem(name);
    if (
      control instanceof HTMLInputElement ||
      control instanceof HTMLSelectElement ||
      control instanceof RadioNodeList
    ) {
      control.value = value;
    }
  }
}

function showChoice() {
  const { currency } = values();
  showPrices(goods, products, currency);
  const now = values();
  renderSlip(slip, chosenLines(now, products), currency);
}

/** What is wrong with one control now, in words. @param {string} control */
function wrongWith(control) {
  const now = values();
  const product = products.find(({ sku }) => control === `qty_${sku}`);
  if (product) {
    const { code } = readQuantity(now[control] ?? "", product.available);
    return code && wordingFor(control, code, { product });
  }
  if (control === "items") return chosenLines(now, products).length > 0 ? null : wordingFor(control, "required");
  const field = fields.find(({ name }) => name === control);
  const code = field ? checkField(field, now[control] ?? "") : null;
  return code && wordingFor(control, code);
}

/** Locks the entries while an order is under way: what is sent again has to be what was sent. @param {boolean} on */
function lock(on) {
  busy = on;
  button.setAttribute("aria-disabled", String(on));
  for (const section of sections) section.toggleAttribute("disabled", on);
  if (!on) showChoice();
}

/** @param {string} text @param {"" | "busy" | "trouble"} [mood] */
function say(text, mood = "") {
  news.textContent = text;
  news.dataset.mood = mood;
}

/** @param {State} state */
function showState(state) {
  switch (state.phase) {
    case "sending":
      return say(
        state.tries === 1 ? "Sending your order…" : "Sending your order again, under the same number…",
        "busy",
      );
    case "waiting":
      return say(
        state.unknown
          ? "No answer so far. Checking: your order is sent again under the same number, so it cannot be taken twice."
          : "The shop is busy and has not taken your order yet. Trying again in a moment.",
        "busy",
      );
    case "offline":
      return say("You are offline. Your order is kept here and sent as soon as you are back online.", "trouble");
    case "accepted":
      return say(`Accepted. Your order number is ${state.body.id}.`, "busy");
    case "refused":
      return say("");
    case "gave-up":
      return say(
        state.unknown
          ? "We could not find out whether your order was taken. Press “Try again”: it goes out under the same " +
              "number, so it cannot be taken twice."
          : "The shop takes no orders at the moment. Nothing was ordered; your entries are kept.",
        "trouble",
      );
  }
}

/** @param {any} problem @param {{sku: string}[]} items */
function showRefusal(problem, items) {
  /** @type {{pointer: string, code: string, detail?: string}[]} */
  const errors = problem?.errors ?? [];
  const found = errors.map(({ pointer, code, detail }) => {
    const control = controlFor(pointer, items);
    const product = products.find(({ sku }) => control === `qty_${sku}`);
    return {
      control,
      text: control ? wordingFor(control, code, { product, detail }) : `${pointer}: ${detail ?? code}`,
    };
  });
  showProblems(
    summary,
    found.length > 0 ? found : [{ control: null, text: problem?.detail ?? "The shop refused this order." }],
  );
}

/** @param {string} id @param {any} request */
function keepReceipt(id, request) {
  const lines = request.items.map((/** @type {{sku: string, quantity: number}} */ { sku, quantity }) => {
    const product = products.find((one) => one.sku === sku);
    return { name: product?.name ?? sku, quantity, amount: (product?.prices[request.currency] ?? 0) * quantity };
  });
  keepsake.save(id, { at: new Date().toISOString(), currency: request.currency, lines, values: draft.load() ?? {} });
}

/** Resolves when the browser says that it is online. */
const untilOnline = () =>
  new Promise((resolve) => {
    addEventListener("online", () => resolve(undefined), { once: true });
  });

/** Sends until there is a definite answer. @param {Attempt} sending */
async function send(sending) {
  lock(true);
  again.hidden = true;
  const state = await submitOrder({
    send: () => placeOrder(sending.body, sending.key),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    isOnline: () => navigator.onLine,
    untilOnline: /** @type {() => Promise<any>} */ (untilOnline),
    now: () => performance.now(),
    random: Math.random,
    report: showState,
  });
  const request = JSON.parse(sending.body);
  if (state.phase === "accepted") {
    keepReceipt(state.body.id, request);
    attempt.clear();
    draft.clear();
    location.assign(`/orders/${state.body.id}`);
    return;
  }
  if (state.phase === "gave-up" && state.unknown) {
    again.hidden = false; // still locked: only the same order may go out until its fate is known
    return;
  }
  attempt.settle();
  lock(false);
  if (state.phase === "refused") showRefusal(state.problem, request.items);
}

function submit() {
  if (busy) return;
  const now = values();
  const broken = brokenRules(now, products);
  if (broken.length > 0) {
    const problems = broken.map(({ control, code }) => {
      const product = products.find(({ sku }) => control === `qty_${sku}`);
      return { control, text: wordingFor(control, code, { product }) };
    });
    showProblems(summary, problems);
    return;
  }
  clearProblems(summary);
  draft.save(now);
  send(attempt.start(JSON.stringify(orderRequest(now, products))));
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", (event) => {
    showChoice();
    draft.save(values());
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    for (const control of [name, name.startsWith("qty_") ? "items" : ""]) {
      if (control && isMarked(control) && wrongWith(control) === null) markField(control, null);
    }
    if (name === "currency")
      for (const control of markedControls()) if (wrongWith(control) === null) markField(control, null);
  });
  form.addEventListener("focusout", (event) => {
    const control = event.target;
    const typed =
      (control instanceof HTMLInputElement && control.type !== "radio") || control instanceof HTMLSelectElement;
    if (typed && control.value.trim() !== "") markField(control.name, wrongWith(control.name));
  });
  byId("try-again", HTMLButtonElement).addEventListener("click", () => {
    const last = attempt.load();
    if (last) send(last);
  });
  byId("start-over", HTMLButtonElement).addEventListener("click", () => {
    attempt.clear();
    again.hidden = true;
    say("");
    lock(false);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted || attempt.load()?.sent) return; // what is under way goes on
    if (draft.load() === null) form.reset(); // back from the receipt of what was ordered here
    say("");
    lock(false);
    start();
  });
}

/** @returns {Promise<boolean>} whether there is a price list */
async function fetchProducts() {
  try {
    products = await listProducts();
    return true;
  } catch {
    goods.replaceChildren(el("p", { class: "error" }, "The price list could not be loaded. Please reload the page."));
    return false;
  } finally {
    goods.removeAttribute("aria-busy");
  }
}

async function start() {
  if (!(await fetchProducts())) return;
  renderPriceList(goods, products);
  fillIn(draft.load() ?? {});
  showChoice();
  const last = attempt.load();
  if (last?.sent) send(last); // the page was left while the answer was open
}

byId("country", HTMLSelectElement).append(...countries().map(([code, name]) => el("option", { value: code }, name)));
listen();
start();

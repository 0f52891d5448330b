// The page of one order: the receipt at once, and its lines as they happen.

import { cancelOrder, readEvents, readOrder } from "./api.js";
import { byId, el } from "./dom.js";
import { draft, keepsake } from "./draft.js";
import { Feed } from "./feed.js";
import { showGoods, showKeepsake, showNumber, showStanding, showTrail } from "./receipt.js";
import { isFinal, isStalled, standing } from "./status.js";
import { merge } from "./timeline.js";

/** @import { OrderEvent } from "../types.js" */

const id = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
const path = encodeURIComponent(id);
const cancel = byId("cancel", HTMLButtonElement);
const dialog = byId("confirm", HTMLDialogElement);
const news = byId("news", HTMLElement);
const stall = byId("stall", HTMLElement);

/** @type {OrderEvent[]} */
let events = [];
/** @type {any} */
let order = { status: "accepted", stored: false };
let cancelAsked = false;
let missing = false;
const kept = keepsake.load(id);
let lastProgress = Date.parse(kept?.at ?? "") || Date.now();

const feed = new Feed(
  {
    readOrder: (etag) => readOrder(path, etag),
    readEvents: (after) => readEvents(path, after),
    openStream: () => new EventSource(`/v1/orders/${path}/stream`),
  },
  {
    onEvents(more) {
      events = merge(events, more);
      const fresh = showTrail(events);
      if (fresh.length > 0) lastProgress = Math.max(lastProgress, ...fresh.map(({ at }) => Date.parse(at)));
      if (fresh.some(({ label }) => label === "Cancellation refused")) cancelAsked = false;
      announce(fresh);
      show();
    },
    onOrder(next) {
      order = next;
      if (order.stored) showGoods(order);
      if (events.length === 0 && order.created_at) lastProgress = Date.parse(order.created_at);
      show();
      if (isFinal(order)) {
        feed.stop();
        byId("feed", HTMLElement).textContent = "";
      }
    },
    onMissing: showMissing,
    onState(state) {
      const texts = { live: "", asking: "Not live: asked every few seconds.", offline: "No connection. Trying again…" };
      byId("feed", HTMLElement).textContent = texts[state];
    },
  },
);

/** One announcement for what came together. @param {{label: string}[]} lines */
function announce(lines) {
  if (lines.length > 0) byId("announcement", HTMLElement).textContent = lines.map(({ label }) => label).join(", ");
}

function show() {
  showStanding(order, events);
  byId("retry", HTMLElement).hidden = order.status !== "rejected" || !kept?.values;
  cancel.hidden = !standing(order).cancellable || cancelAsked || Boolean(order.cancel && order.status !== "confirmed");
  showStall();
}

function showStall() {
  const late = isStalled(order.status, lastProgress, Date.now());
  if (!late) {
    stall.replaceChildren();
  } else if (stall.childElementCount === 0) {
    stall.replaceChildren(
      el("h2", {}, "This takes longer than it should"),
      el(
        "p",
        {},
        "Nothing has happened for more than 15 minutes. Your order is safe and will not be charged twice, so do not " +
          "order again. You can close this page and come back later, cancel the order, or write to the shop with the " +
          "order number.",
      ),
    );
  }
}

/** @param {number} status @param {any} problem */
function showMissing(status, problem) {
  missing = true;
  const gone = status === 410;
  byId("title", HTMLElement).textContent = gone ? "No longer kept" : "No such order";
  byId("meaning", HTMLElement).textContent = gone
    ? `This order is no longer kept. Its last status was “${problem?.last_status ?? "unknown"}”.`
    : "We never issued this order number. Check that the address is complete.";
  document.title = `${gone ? "No longer kept" : "No such order"} – Orderflow`;
  for (const part of ["receipt", "aftercare"]) byId(part, HTMLElement).hidden = true;
}

async function askToCancel() {
  cancel.setAttribute("aria-disabled", "true");
  news.textContent = "Asking…";
  const answer = await cancelOrder(path).catch(() => null);
  cancel.setAttribute("aria-disabled", "false");
  if (answer?.status === 202) {
    cancelAsked = true;
    news.textContent = "We asked for the cancellation. The receipt shows what came of it.";
  } else if (answer?.status === 409 || answer?.status === 412) {
    news.textContent = answer.problem?.detail ?? "This order can no longer be cancelled.";
  } else {
    news.textContent = "That did not get through. Please try again.";
  }
  show();
  feed.refresh();
}

async function copyNumber() {
  try {
    await navigator.clipboard.writeText(id);
    news.textContent = "Order number copied.";
  } catch {
    getSelection()?.selectAllChildren(byId("order-id", HTMLElement)); // no permission, or not a secure context
    news.textContent = "Order number selected: copy it with your keyboard.";
  }
}

byId("copy", HTMLButtonElement).addEventListener("click", copyNumber);
byId("retry", HTMLElement).addEventListener("click", () => kept?.values && draft.save(kept.values)); // the link goes on
byId("print", HTMLButtonElement).addEventListener("click", () => print());
cancel.addEventListener("click", () => {
  if (cancel.getAttribute("aria-disabled") !== "true") dialog.showModal();
});
dialog.addEventListener("close", () => {
  if (dialog.returnValue === "cancel") askToCancel();
  dialog.returnValue = "";
});

// A page that nobody sees holds no connection: a browser allows about six to one host.
document.addEventListener("visibilitychange", () => (document.hidden ? feed.stop() : resume()));
addEventListener("pagehide", () => feed.stop());
addEventListener("pageshow", (event) => event.persisted && resume());

function resume() {
  if (!missing && !isFinal(order)) feed.start();
}

showNumber(id);
if (kept) showKeepsake(kept);
show();
setInterval(showStall, 15_000);
feed.start();

// One browser and one system for a file of tests, and what a buyer does in the shop.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { startSystem } from "./system.js";

/** @typedef {import("playwright-core").Page} Page */

export const address = {
  customer_name: "Ada Lovelace",
  customer_email: "ada@example.com",
  line1: "Am Markt 1",
  city: "Bremen",
  postal_code: "28195",
};

const patience_ms = 20_000;

/**
 * Declares that the tests of this file use a shop.
 * @param {() => Promise<Record<string, string>>} [settings] of the program, when it is one
 */
export function useShop(settings = async () => ({})) {
  const shop = {
    /** @type {import("./system.js").System} */ system: null,
    /** @type {import("playwright-core").Browser} */ browser: null,
  };
  before(async () => {
    shop.system = await startSystem(await settings());
    shop.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  after(async () => {
    await shop.browser?.close();
    await shop.system?.stop();
  });

  return {
    get url() {
      return shop.system.url;
    },
    get kind() {
      return shop.system.kind;
    },
    get queue() {
      return shop.system.queue;
    },

    /**
     * A visit of a new buyer. Fails when the page wrote an error to the console, broke its own policy or asked another
     * host; `expected` console texts are those of the faults that the test makes.
     * @param {(page: Page) => Promise<void>} visit
     * @param {import("playwright-core").BrowserContextOptions & {expected?: RegExp}} [options]
     */
    async visit(visit, { expected = /^$/, ...options } = {}) {
      const context = await shop.browser.newContext({
        locale: "en-GB",
        viewport: { width: 1280, height: 900 },
        ...options,
        baseURL: shop.system.url,
      });
      const faults = [];
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) =>
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
      });
      const page = await context.newPage();
      page.setDefaultTimeout(patience_ms);
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on(
        "request",
        (request) => request.url().startsWith(shop.system.url) || faults.push(`asked ${request.url()}`),
      );
      try {
        await visit(page);
        assert.deepEqual(
          faults.filter((text) => !expected.test(text)),
          [],
        );
      } finally {
        await context.close();
      }
    },
  };
}

/** @param {Page} page */
export async function openShop(page) {
  await page.goto("/");
  await page.locator(".product").first().waitFor();
}

/**
 * @param {Page} page
 * @param {{token?: string, goods?: Record<string, number | string>, entries?: Record<string, string>}} [choice]
 */
export async function fillForm(page, { token = "tok_ok", goods = { "NB-A5-DOT": 2 }, entries = address } = {}) {
  for (const [sku, quantity] of Object.entries(goods)) await page.fill(`[name="qty_${sku}"]`, String(quantity));
  for (const [name, value] of Object.entries(entries)) await page.fill(`#${name}`, value);
  await page.selectOption("#country", "DE");
  await page.check(`[name="payment_token"][value="${token}"]`);
}

/** Presses the button and waits for the receipt. @param {Page} page @returns {Promise<string>} the order's id */
export async function placeOrder(page) {
  await page.click("#place");
  await page.waitForURL("**/orders/ord_*");
  return page.url().split("/").at(-1);
}

/** @param {Page} page @param {string} title */
export async function waitForTitle(page, title) {
  await page.locator("#title", { hasText: new RegExp(`^${title}$`) }).waitFor();
}

/** The requests that place an order, as they happen. @param {Page} page */
export function watchOrders(page) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && new URL(request.url()).pathname === "/v1/orders") {
      seen.push({ key: request.headers()["idempotency-key"], body: request.postData() });
    }
  });
  return seen;
}

/** A confirmed order, placed without a page. @param {Page} page @returns {Promise<string>} its id */
export async function storeOrder(page) {
  const placed = await page.request.post("/v1/orders", {
    data: {
      currency: "EUR",
      items: [{ sku: "NB-A5-DOT", quantity: 1 }],
      customer: { name: "Ada Lovelace", email: "ada@example.com" },
      shipping_address: { line1: "Am Markt 1", city: "Bremen", postal_code: "28195", country: "DE" },
      payment: { mode: "token", token: "tok_ok" },
    },
  });
  const { id } = await placed.json();
  for (;;) {
    const order = await (await page.request.get(`/v1/orders/${id}`)).json();
    if (order.status === "confirmed") return id;
  }
}

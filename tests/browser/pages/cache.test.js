import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { startSystem } from "../support/system.js";

// The driver switches the back/forward cache off and waits for loads that do not come with it: this file has a browser
// of its own and goes back by script.
describe("The back/forward cache", () => {
  let system;
  let browser;
  before(async () => {
    system = await startSystem();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--headless=new", "--no-sandbox", "--disable-gpu"],
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
  });
  after(async () => {
    await browser?.close();
    await system?.stop();
  });

  test("keeps the form and a receipt that is being followed", async () => {
    const page = await browser.newPage({ baseURL: system.url });
    await page.addInitScript(() => {
      addEventListener(
        "pageshow",
        ({ persisted }) => persisted && sessionStorage.setItem(`restored ${location.pathname.split("/")[1]}`, "yes"),
      );
    });
    const restored = (name) => page.waitForFunction((key) => sessionStorage.getItem(key) === "yes", `restored ${name}`);

    const { id } = await (
      await page.request.post("/v1/orders", {
        headers: { "Idempotency-Key": crypto.randomUUID() },
        data: {
          currency: "EUR",
          items: [{ sku: "NB-A5-DOT", quantity: 1 }],
          customer: { name: "Ada Lovelace", email: "ada@example.com" },
          shipping_address: { line1: "Am Markt 1", city: "Bremen", country: "DE" },
          payment: { mode: "token", token: "tok_ok" },
        },
      })
    ).json();
    await page.goto("/");
    await page.locator(".product").first().waitFor();
    await page.goto(`/orders/${id}`);
    await page.locator("#title", { hasText: "Confirmed" }).waitFor();

    await page.evaluate(() => history.back());
    await restored("");
    await page.evaluate(() => history.forward());
    await restored("orders");
    assert.equal(await page.textContent("#title"), "Confirmed");
  });
});

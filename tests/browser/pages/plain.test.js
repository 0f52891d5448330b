import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { address, useShop } from "../support/shop.js";

const plain = { javaScriptEnabled: false };

/** @param {import("playwright-core").Page} page */
async function fillPlainForm(page, token) {
  await page.goto("/order");
  await page.fill('[name="qty_NB-A5-DOT"]', "2");
  for (const [name, value] of Object.entries(address)) await page.fill(`[name="${name}"]`, value);
  await page.selectOption('[name="country"]', "DE");
  await page.selectOption('[name="payment_token"]', token);
}

describe("Without JavaScript", () => {
  const shop = useShop();

  test("the shop leads to a form that the server made", () =>
    shop.visit(async (page) => {
      await page.goto("/");
      await page.waitForURL("**/order");
      assert.ok((await page.locator(".product").count()) >= 18);
      assert.match(await page.getAttribute('[name="idempotency_key"]', "value"), /^[!-~]{16,255}$/);
      assert.doesNotMatch(await page.content(), /\{\{\w*\}\}/, "every place of the template is filled");
    }, plain));

  test("each form has a key of its own", () =>
    shop.visit(async (page) => {
      const keys = new Set();
      for (let time = 0; time < 3; time += 1) {
        await page.goto("/order");
        keys.add(await page.getAttribute('[name="idempotency_key"]', "value"));
      }
      assert.equal(keys.size, 3);
    }, plain));

  test("an order goes by a redirect to its page, which shows when it is confirmed", () =>
    shop.visit(async (page) => {
      await fillPlainForm(page, "tok_ok");
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === "POST"),
        page.click('button[type="submit"]'),
      ]);
      assert.equal(answer.status(), 303);
      await page.waitForURL(/\/orders\/ord_\w+\?view=plain$/);
      await page.locator("h1", { hasText: "Confirmed" }).waitFor();
      assert.match(await page.textContent(".lines"), /2 × Dotted notebook, A5/);
      assert.ok((await page.locator(".trail li").count()) >= 5);
      assert.doesNotMatch(await page.content(), /\{\{\w*\}\}/);
    }, plain));

  test("an order page with an end does not load itself again", () =>
    shop.visit(async (page) => {
      await fillPlainForm(page, "tok_declined");
      await page.click('button[type="submit"]');
      await page.locator("h1", { hasText: "Rejected" }).waitFor();
      assert.equal(await page.locator('noscript meta[http-equiv="refresh"]').count(), 0);
      assert.doesNotMatch(await page.content(), /http-equiv="?refresh/);
    }, plain));

  test("a form that is sent twice is one order", () =>
    shop.visit(async (page) => {
      await fillPlainForm(page, "tok_ok");
      const body = await page.evaluate(() =>
        new URLSearchParams(new FormData(document.querySelector("#order"))).toString(),
      );
      const places = [];
      for (let time = 0; time < 2; time += 1) {
        const answer = await page.request.post("/order", {
          data: body,
          headers: { "Content-Type": "application/x-www-form-urlencoded" },
          maxRedirects: 0,
        });
        assert.equal(answer.status(), 303);
        places.push(answer.headers().location);
      }
      assert.equal(places[0], places[1]);
    }, plain));

  test("a form that is not right comes back with what is wrong, what was typed, and the same key", () =>
    shop.visit(
      async (page) => {
        await fillPlainForm(page, "tok_ok");
        const key = await page.getAttribute('[name="idempotency_key"]', "value");
        await page.fill('[name="customer_email"]', "nobody");
        await page.fill('[name="customer_name"]', '"><b>Ada</b>');
        const [answer] = await Promise.all([
          page.waitForResponse((response) => response.request().method() === "POST"),
          page.click('button[type="submit"]'),
        ]);
        assert.equal(answer.status(), 422);
        await page.locator("#problems-title", { hasText: "There is a problem" }).waitFor();
        assert.match(await page.title(), /^Error: /);
        assert.equal(await page.locator(".problems li").count(), 1);
        assert.equal(await page.getAttribute(".problems a", "href"), "#customer_email");
        assert.equal(await page.inputValue('[name="customer_email"]'), "nobody");
        assert.equal(await page.inputValue('[name="customer_name"]'), '"><b>Ada</b>', "texts are escaped");
        assert.equal(await page.locator("main b").count(), 0);
        assert.equal(await page.inputValue('[name="qty_NB-A5-DOT"]'), "2");
        assert.equal(await page.inputValue('[name="country"]'), "DE");
        assert.equal(await page.getAttribute('[name="idempotency_key"]', "value"), key);
      },
      { ...plain, expected: /422/ },
    ));
});

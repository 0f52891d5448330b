import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { address, fillForm, openShop, placeOrder, useShop, watchOrders } from "../support/shop.js";

/** @param {import("playwright-core").Page} page */
const summary = (page) => page.locator("#problems li").allTextContents();
const isFocused = (page, selector) => page.locator(selector).evaluate((element) => element === document.activeElement);

describe("A form that is not right", () => {
  const shop = useShop();

  test("gets a summary with the focus, the same words beside each field, and is not sent", () =>
    shop.visit(async (page) => {
      const orders = watchOrders(page);
      await openShop(page);
      await page.click("#place");

      assert.deepEqual(await summary(page), [
        "Choose at least one product",
        "Enter your name",
        "Enter your email address",
        "Enter the street and house number",
        "Enter the town or city",
        "Choose a country",
      ]);
      assert.equal(await page.textContent("#problems-title"), "There is a problem");
      assert.ok(await isFocused(page, "#problems"));
      assert.match(await page.title(), /^Error: /);
      assert.equal(await page.textContent("#customer_name-error"), "Error: Enter your name");
      assert.equal(await page.getAttribute("#customer_name", "aria-invalid"), "true");
      assert.match(await page.getAttribute("#customer_email", "aria-describedby"), /email-hint customer_email-error/);
      assert.equal(await page.textContent("#items-error"), "Error: Choose at least one product");
      assert.deepEqual(orders, []);
    }));

  test("leads from the summary to the field, also from goods", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await page.click("#place");
      await page.getByRole("link", { name: "Enter the town or city" }).click();
      assert.ok(await isFocused(page, "#city"));
      await page.getByRole("link", { name: "Choose at least one product" }).click();
      assert.ok(await page.evaluate(() => document.activeElement.closest("#items") !== null));
    }));

  test("says nothing while a field is typed in, speaks when it is left, and is quiet as soon as it is right", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await page.locator("#customer_email").pressSequentially("ada@exa");
      assert.equal(await page.locator("#customer_email-error").count(), 0);
      await page.locator("#customer_email").press("Tab");
      assert.match(await page.textContent("#customer_email-error"), /like name@example\.com/);
      await page.locator("#customer_email").press("End");
      await page.locator("#customer_email").pressSequentially("mple.com");
      assert.equal(await page.locator("#customer_email-error").count(), 0);
      assert.equal(await page.getAttribute("#customer_email", "aria-invalid"), null);
    }));

  test("does not scold for a field that was only passed", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await page.focus("#customer_name");
      await page.keyboard.press("Tab");
      assert.equal(await page.locator(".error").count(), 0);
    }));

  for (const [typed, words] of [
    ["1.5", "Quantity of “Dotted notebook, A5” must be a whole number, like 2"],
    ["1000001", "Quantity of “Dotted notebook, A5” must be from 1 to 1,000,000"],
  ]) {
    test(`names the product whose quantity is ${typed}`, () =>
      shop.visit(async (page) => {
        await openShop(page);
        await fillForm(page, { goods: { "NB-A5-DOT": typed } });
        await page.click("#place");
        const [first, ...others] = await summary(page);
        assert.equal(first, words);
        assert.deepEqual(others, []);
      }));
  }

  test("is told how much is left of what is scarce", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page, { goods: { "NB-PRESS-01": "6" } });
      await page.click("#place");
      const [first] = await summary(page);
      assert.match(first, /^Only \d+ of “Letterpress journal, first printing” left: enter \d+ or fewer$/);
    }));

  test("is shown what the service refused in the same places and words, and can be sent once it is right", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        await openShop(page);
        await fillForm(page);
        // The page's own check is passed by: what arrives breaks rules that only the service sees.
        await page.route(
          "**/v1/orders",
          async (route) => {
            const body = JSON.parse(route.request().postData());
            body.customer.email = "nobody";
            body.shipping_address.city = "";
            body.items[0].quantity = 0;
            await route.continue({ postData: JSON.stringify(body) });
          },
          { times: 1 },
        );
        await page.click("#place");
        await page.locator("#problems li").first().waitFor();

        assert.deepEqual((await summary(page)).sort(), [
          "Enter an email address in the correct format, like name@example.com",
          "Enter the town or city",
          "Quantity of “Dotted notebook, A5” must be from 1 to 1,000,000",
        ]);
        assert.ok(await isFocused(page, "#problems"));
        assert.equal(await page.textContent("#city-error"), "Error: Enter the town or city");

        await page.fill("#city", "Hamburg");
        assert.equal(await page.locator("#city-error").count(), 0);
        await placeOrder(page);
        assert.equal(orders.length, 2);
        assert.notEqual(orders[0].key, orders[1].key, "an edit makes a new key");
      },
      { expected: /422/ },
    ));

  test("is told of a refusal that is about no field", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page);
        await page.route("**/v1/orders", (route) =>
          route.fulfill({
            status: 413,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "urn:orderflow:problem:body-too-large",
              title: "Content Too Large",
              status: 413,
              code: "body-too-large",
              detail: "The body may have 61440 bytes.",
            }),
          }),
        );
        await page.click("#place");
        await page.locator("#problems li").first().waitFor();
        assert.deepEqual(await summary(page), ["The body may have 61440 bytes."]);
      },
      { expected: /413/ },
    ));

  test("keeps what was typed over a reload of the tab", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page, { token: "tok_slow" });
      await page.reload();
      await page.locator(".product").first().waitFor();
      for (const [name, value] of Object.entries(address)) assert.equal(await page.inputValue(`#${name}`), value);
      assert.equal(await page.inputValue('[name="qty_NB-A5-DOT"]'), "2");
      assert.equal(await page.isChecked('[value="tok_slow"]'), true);
    }));
});

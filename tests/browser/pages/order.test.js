import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillForm, openShop, placeOrder, useShop, waitForTitle, watchOrders } from "../support/shop.js";

describe("An order", () => {
  const shop = useShop();

  test("goes from the form to a receipt that ends confirmed, line by line", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page, { goods: { "NB-A5-DOT": 2, "PN-FOUNT-M": 1 } });
      assert.equal(await page.textContent("#slip-total"), "€83.00");

      const id = await placeOrder(page);
      await waitForTitle(page, "Confirmed");

      assert.match(id, /^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
      assert.deepEqual(await page.locator(".trail .text").allTextContents(), [
        "Accepted",
        "Checked and priced",
        "Goods put aside",
        "Paid",
        "Confirmed",
      ]);
      assert.equal(await page.locator(".trail time").count(), 5);
      assert.equal(await page.locator(".trail .since", { hasText: /^\+\d/ }).count(), 4);
      await page.locator("#lines li").nth(1).waitFor();
      assert.match(await page.textContent("#lines"), /2 × Dotted notebook, A5€29\.00/);
      assert.match(await page.textContent("#sums"), /Shipping€\d.*Tax€\d.*Total€\d/);
      assert.match(await page.textContent("#goes-to"), /Ada Lovelace\nAm Markt 1\n28195 Bremen\nGermany/);
      assert.match(await page.textContent("#stamp"), /^Confirmed/);
      assert.match(await page.title(), /^Confirmed/);
    }));

  test("tells each change once to those who listen to the page", () =>
    shop.visit(async (page) => {
      await page.addInitScript(() => {
        window.announced = [];
        new MutationObserver((changes) => {
          const change = changes.findLast(({ target }) => target.id === "announcement");
          if (change?.target.textContent) window.announced.push(...change.target.textContent.split(", "));
        }).observe(document, { childList: true, subtree: true });
      });
      await openShop(page);
      await fillForm(page);
      await placeOrder(page);
      await waitForTitle(page, "Confirmed");
      await page.waitForFunction(() => window.announced.includes("Confirmed"));
      assert.equal(await page.getAttribute("#announcement", "role"), "status");
      assert.deepEqual(await page.evaluate(() => window.announced), [
        "Accepted",
        "Checked and priced",
        "Goods put aside",
        "Paid",
        "Confirmed",
      ]);
    }));

  test("that is declined says why, and nothing was charged", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page, { token: "tok_declined" });
      await placeOrder(page);
      await waitForTitle(page, "Rejected");
      assert.match(await page.textContent("#meaning"), /declined.*Nothing was charged/);
      assert.match(await page.textContent("#trail"), /Payment declined/);
      assert.equal(await page.isVisible("#cancel"), false);
    }));

  test("that is declined can be changed and placed again without typing all of it again", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page, { token: "tok_declined" });
      const declined = await placeOrder(page);
      await waitForTitle(page, "Rejected");
      await page.click("#retry a");
      await page.locator(".product").first().waitFor();
      assert.equal(await page.inputValue("#line1"), "Am Markt 1");
      assert.equal(await page.inputValue('[name="qty_NB-A5-DOT"]'), "2");
      await page.check('[value="tok_ok"]');
      assert.notEqual(await placeOrder(page), declined);
      await waitForTitle(page, "Confirmed");
    }));

  test("stays at its address: a reload, or a visit later, shows the same receipt", () =>
    shop.visit(async (page) => {
      const orders = watchOrders(page);
      await openShop(page);
      await fillForm(page);
      const id = await placeOrder(page);
      await waitForTitle(page, "Confirmed");
      await page.reload();
      await waitForTitle(page, "Confirmed");
      await page.evaluate(() => sessionStorage.clear());
      await page.goto(`/orders/${id}`);
      await waitForTitle(page, "Confirmed");
      await page.locator("#lines li").waitFor();
      assert.equal(await page.textContent("#order-id"), id);
      assert.equal(orders.length, 1);
    }));

  test("is placed once by a double click, and not again by going back and forth", () =>
    shop.visit(async (page) => {
      const orders = watchOrders(page);
      let answer;
      const pressed = new Promise((resolve) => (answer = resolve));
      await page.route("**/v1/orders", async (route) => {
        await pressed;
        await route.continue();
      });
      await openShop(page);
      await fillForm(page);
      await page.dblclick("#place");
      assert.equal(await page.getAttribute("#place", "aria-disabled"), "true");
      assert.equal(await page.isVisible("#problems"), false);
      answer();
      await page.waitForURL("**/orders/ord_*");
      await waitForTitle(page, "Confirmed");
      await page.goBack();
      await page.locator(".product").first().waitFor();
      assert.equal(await page.inputValue('[name="qty_NB-A5-DOT"]'), "");
      assert.equal(await page.getAttribute("#place", "aria-disabled"), "false");
      await page.goForward();
      await waitForTitle(page, "Confirmed");
      assert.equal(orders.length, 1);
    }));

  test("can be cancelled, after asking once more", () =>
    shop.visit(async (page) => {
      await openShop(page);
      await fillForm(page);
      await placeOrder(page);
      await waitForTitle(page, "Confirmed");

      await page.click("#cancel");
      await page.getByRole("button", { name: "No, keep it" }).click();
      await waitForTitle(page, "Confirmed");
      await page.click("#cancel");
      await page.getByRole("button", { name: "Yes, cancel it" }).click();

      await waitForTitle(page, "Cancelled");
      assert.match(await page.textContent("#trail"), /Cancellation asked for.*Cancelled/s);
      assert.match(await page.textContent("#stamp"), /^Cancelled/);
      assert.equal(await page.isVisible("#cancel"), false);
    }));

  test("of the same goods can be placed again as a second order", () =>
    shop.visit(async (page) => {
      const orders = watchOrders(page);
      const ids = [];
      for (let time = 0; time < 2; time += 1) {
        await openShop(page);
        await fillForm(page);
        ids.push(await placeOrder(page));
      }
      assert.notEqual(ids[0], ids[1]);
      assert.equal(orders[0].body, orders[1].body);
      assert.notEqual(orders[0].key, orders[1].key);
    }));

  test("has a number that can be copied", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page);
        const id = await placeOrder(page);
        await page.click("#copy");
        await page.locator("#news", { hasText: "copied" }).waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), id);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("that nobody placed is not found", () =>
    shop.visit(
      async (page) => {
        await page.goto("/orders/ord_00000000000000000000000000");
        await waitForTitle(page, "No such order");
        assert.equal(await page.isVisible("#receipt"), false);
      },
      { expected: /404/ },
    ));
});

describe("The price list", () => {
  const shop = useShop();

  test("shows the prices of the chosen currency and what is not sold in it", () =>
    shop.visit(async (page) => {
      await openShop(page);
      const wax = page.locator('[data-sku="DK-SEAL-UK"]');
      assert.equal(await wax.locator(".note").textContent(), "Sold in GBP only");
      assert.equal(await wax.locator("input").isDisabled(), true);
      await page.check('[name="currency"][value="GBP"]');
      assert.equal(await wax.locator(".price").textContent(), "£9.40");
      assert.equal(await wax.locator("input").isDisabled(), false);
    }));

  test("says how few are left", () =>
    shop.visit(async (page) => {
      await openShop(page);
      assert.match(await page.textContent('[data-sku="NB-PRESS-01"] .note'), /^Only \d left$/);
    }));

  test("can be used with the buttons and with the arrow keys", () =>
    shop.visit(async (page) => {
      await openShop(page);
      const row = page.locator('[data-sku="PA-BLOT-10"]');
      await row.locator(".step").last().click();
      await row.locator("input").press("ArrowUp");
      await row.locator("input").press("ArrowUp");
      await row.locator(".step").first().click();
      assert.equal(await row.locator("input").inputValue(), "2");
      assert.equal(await page.textContent("#slip-total"), "€7.00");
    }));

  test("that cannot be loaded says so", () =>
    shop.visit(
      async (page) => {
        await page.route("**/v1/products", (route) =>
          route.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" }),
        );
        await page.goto("/");
        await page.locator("#goods .error", { hasText: "could not be loaded" }).waitFor();
      },
      { expected: /503/ },
    ));
});

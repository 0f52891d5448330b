import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillForm, openShop, placeOrder, useShop, waitForTitle, watchOrders } from "../support/shop.js";

const network = /net::ERR|503|502/;
const problem = (status, code, detail) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: `urn:orderflow:problem:${code}`, title: "x", status, code, detail }),
});
const newsSays = (page, text) => page.locator("#news", { hasText: text }).waitFor();

describe("Sending an order over a bad line", () => {
  const shop = useShop();

  test("makes one order when the answer is lost after the shop took it", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        let taken;
        await page.route(
          "**/v1/orders",
          async (route) => {
            const response = await route.fetch();
            taken = (await response.json()).id;
            await route.abort("connectionreset");
          },
          { times: 1 },
        );
        await openShop(page);
        await fillForm(page);
        const id = await placeOrder(page);
        assert.equal(id, taken);
        assert.equal(orders.length, 2);
        assert.deepEqual(orders[0], orders[1]);
        await waitForTitle(page, "Confirmed");
      },
      { expected: network },
    ));

  for (const [what, answer, words] of [
    ["the shop is busy", problem(503, "queue-unavailable", "Nothing was ordered."), "has not taken your order yet"],
    ["the outcome is unknown", problem(503, "outcome-unknown", "Send it again."), "it cannot be taken twice"],
    [
      "a proxy gives up",
      { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" },
      "it cannot be taken twice",
    ],
  ]) {
    test(`says so when ${what}, and sends the same again`, () =>
      shop.visit(
        async (page) => {
          const orders = watchOrders(page);
          let release;
          const seen = new Promise((resolve) => (release = resolve));
          let tries = 0;
          await page.route("**/v1/orders", async (route) => {
            tries += 1;
            if (tries === 1) return route.fulfill(answer);
            await seen;
            return route.continue();
          });
          await openShop(page);
          await fillForm(page);
          // The words may stand only for the moment until the next try: they are collected as they come.
          await page.evaluate(() => {
            const texts = (window.said = []);
            new MutationObserver(() => texts.push(document.getElementById("news").textContent)).observe(
              document.getElementById("news"),
              { childList: true },
            );
          });
          await page.click("#place");
          await page.waitForFunction((wanted) => window.said.some((text) => text.includes(wanted)), words);
          assert.equal(await page.isDisabled("#customer_name"), true, "what is sent again must be what was sent");
          release();
          await page.waitForURL("**/orders/ord_*");
          assert.deepEqual(orders[0], orders[1]);
        },
        { expected: network },
      ));
  }

  test("waits offline with the entries kept, and goes on when the line is back", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        await openShop(page);
        await fillForm(page);
        await page.context().setOffline(true);
        await page.click("#place");
        await newsSays(page, "You are offline");
        assert.equal(orders.length, 0);
        await page.context().setOffline(false);
        await page.waitForURL("**/orders/ord_*");
        await waitForTitle(page, "Confirmed");
        assert.equal(orders.length, 1);
      },
      { expected: network },
    ));

  test("goes on under the same key when the page is reloaded before the answer", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        let taken;
        await page.route(
          "**/v1/orders",
          async (route) => {
            taken = (await (await route.fetch()).json()).id;
            await page.reload(); // the answer never reaches the page
          },
          { times: 1 },
        );
        await openShop(page);
        await fillForm(page);
        await page.click("#place");
        await page.waitForURL("**/orders/ord_*");
        assert.equal(page.url().split("/").at(-1), taken);
        assert.deepEqual(orders[0], orders[1]);
      },
      { expected: network },
    ));

  test("ends after a while with a way on, still under the same key", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        await page.clock.install();
        let down = true;
        await page.route("**/v1/orders", (route) => (down ? route.abort("connectionreset") : route.continue()));
        await openShop(page);
        await fillForm(page);
        await page.click("#place");
        for (let second = 0; second < 300 && !(await page.isVisible("#again")); second += 1)
          await page.clock.runFor(1000);
        await newsSays(page, "could not find out whether your order was taken");
        assert.equal(await page.isDisabled("#customer_name"), true);

        down = false;
        await page.click("#try-again");
        await page.waitForURL("**/orders/ord_*");
        assert.equal(new Set(orders.map(({ key }) => key)).size, 1);
      },
      { expected: network },
    ));

  test("lets the buyer start over, knowingly, under another key", () =>
    shop.visit(
      async (page) => {
        const orders = watchOrders(page);
        await page.clock.install();
        let down = true;
        await page.route("**/v1/orders", (route) => (down ? route.abort("connectionreset") : route.continue()));
        await openShop(page);
        await fillForm(page);
        await page.click("#place");
        for (let second = 0; second < 300 && !(await page.isVisible("#again")); second += 1)
          await page.clock.runFor(1000);
        assert.match(await page.textContent("#again"), /a changed order is a second order/);
        await page.click("#start-over");
        await page.fill("#city", "Hamburg");
        down = false;
        await placeOrder(page);
        assert.notEqual(orders.at(-1).key, orders[0].key);
      },
      { expected: network },
    ));

  test("lets the buyer go when the shop took nothing for all that time", () =>
    shop.visit(
      async (page) => {
        await page.clock.install();
        await page.route("**/v1/orders", (route) => route.fulfill(problem(503, "overloaded", "Nothing was ordered.")));
        await openShop(page);
        await fillForm(page);
        await page.click("#place");
        const given_up = page.locator("#news", { hasText: "Nothing was ordered; your entries are kept." });
        for (let second = 0; second < 300 && (await given_up.count()) === 0; second += 1) await page.clock.runFor(1000);
        assert.equal(await page.isDisabled("#customer_name"), false);
        assert.equal(await page.inputValue("#customer_name"), "Ada Lovelace");
        assert.equal(await page.isVisible("#again"), false);
      },
      { expected: network },
    ));
});

describe("Following an order over a bad line", () => {
  const shop = useShop();

  test("asks again and again where the stream does not get through", () =>
    shop.visit(
      async (page) => {
        await page.route("**/stream", (route) => route.abort("connectionreset"));
        await openShop(page);
        await fillForm(page, { token: "tok_slow" });
        await placeOrder(page);
        await page.locator("#feed", { hasText: "Not live" }).waitFor();
        await waitForTitle(page, "Confirmed");
        assert.equal(await page.locator(".trail li").count(), 5);
      },
      { expected: network },
    ));

  test("says that there is no connection, and catches up", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page, { token: "tok_slow" });
        await placeOrder(page);
        let down = true;
        await page.route("**/v1/orders/**", (route) => (down ? route.abort("internetdisconnected") : route.continue()));
        await page.reload();
        await page.locator("#feed", { hasText: "No connection" }).waitFor();
        down = false;
        await waitForTitle(page, "Confirmed");
      },
      { expected: network },
    ));

  test("shows what was ordered before the order is stored", () =>
    shop.visit(async (page) => {
      await page.route(/\/v1\/orders\/ord_\w+$/, async (route) => {
        const id = new URL(route.request().url()).pathname.split("/").at(-1);
        await route.fulfill({ json: { id, status: "accepted", stored: false } });
      });
      await page.route("**/stream", (route) =>
        route.fulfill({ contentType: "text/event-stream", body: "retry: 2000\n\n" }),
      );
      await openShop(page);
      await fillForm(page);
      await placeOrder(page);
      await waitForTitle(page, "Accepted");
      assert.match(await page.textContent("#lines"), /2 × Dotted notebook, A5€29\.00/);
      assert.equal(await page.textContent("#waiting-text"), "waiting to be checked");
      assert.equal(await page.isVisible("#cancel"), true);
    }));

  test("says after 15 minutes without progress that it takes too long, and what to do", () =>
    shop.visit(async (page) => {
      await page.clock.install();
      await page.route(/\/v1\/orders\/ord_\w+$/, (route) =>
        route.fulfill({ json: { id: "ord_00000000000000000000000000", status: "accepted", stored: false } }),
      );
      await page.route("**/stream", (route) =>
        route.fulfill({ contentType: "text/event-stream", body: "retry: 2000\n\n" }),
      );
      await page.goto("/orders/ord_00000000000000000000000000");
      await waitForTitle(page, "Accepted");
      await page.clock.fastForward("14:00");
      assert.equal(await page.locator("#stall h2").count(), 0);
      await page.clock.fastForward("01:30");
      await page.locator("#stall h2", { hasText: "This takes longer than it should" }).waitFor();
      assert.match(await page.textContent("#stall"), /do not order again.*cancel the order, or write to the shop/);
    }));

  test("tells when an order is no longer kept", () =>
    shop.visit(
      async (page) => {
        await page.route(/\/v1\/orders\/ord_\w+$/, (route) =>
          route.fulfill({
            status: 410,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "urn:orderflow:problem:order-gone",
              title: "Gone",
              status: 410,
              code: "order-gone",
              last_status: "completed",
            }),
          }),
        );
        await page.goto("/orders/ord_00000000000000000000000000");
        await waitForTitle(page, "No longer kept");
        assert.match(await page.textContent("#meaning"), /“completed”/);
      },
      { expected: /410|404/ },
    ));

  test("says what an early refusal of a cancellation means", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page);
        await placeOrder(page);
        await waitForTitle(page, "Confirmed");
        await page.route("**/cancel", (route) =>
          route.fulfill(problem(409, "not-cancellable", "The order is completed; it can no longer be cancelled.")),
        );
        await page.click("#cancel");
        await page.getByRole("button", { name: "Yes, cancel it" }).click();
        await page.locator("#news", { hasText: "it can no longer be cancelled" }).waitFor();
      },
      { expected: /409/ },
    ));
});

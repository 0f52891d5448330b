import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import { fillForm, openShop, placeOrder, useShop, waitForTitle } from "../support/shop.js";

/** An error tracker: what was sent to it, as events. */
const tracker = { events: [], waiting: [], server: null };
async function startTracker() {
  tracker.server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    tracker.events.push(JSON.parse(body.split("\n")[2]));
    response.end("{}");
    for (const wake of tracker.waiting.splice(0)) wake();
  });
  await new Promise((listening) => tracker.server.listen(0, "127.0.0.1", listening));
  return { ORDERFLOW_SENTRY_DSN: `http://key@127.0.0.1:${tracker.server.address().port}/1` };
}
after(() => tracker.server?.close());

/** The event that fits. @param {(event: any) => boolean} fits */
async function tracked(fits) {
  for (;;) {
    const found = tracker.events.find(fits);
    if (found) return found;
    await new Promise((wake) => tracker.waiting.push(wake));
  }
}

/** The next report of the page, and its answer. @param {import("playwright-core").Page} page */
async function nextReport(page) {
  const answer = await page.waitForResponse("**/v1/client-errors");
  assert.equal(answer.status(), 204);
  return answer.request().postDataJSON();
}

describe("A fault of a page", () => {
  const shop = useShop(startTracker);

  test("that a script threw arrives, without what the buyer typed, and is tracked", (context) =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page);
        // The page's own code meets a browser that is not what it was written for.
        const reported = nextReport(page);
        await page.evaluate(() => Object.defineProperty(Intl.NumberFormat.prototype, "formatToParts", { value: null }));
        await page.evaluate(() => Object.defineProperty(Intl.NumberFormat.prototype, "format", { value: null }));
        await page.fill('[name="qty_NB-A5-DOT"]', "3");
        const report = await reported;

        assert.equal(report.kind, "error");
        assert.equal(report.page, "/");
        assert.match(report.source, /^\/assets\/[a-z-]+(\.[0-9a-f]{16})?\.js$/);
        assert.ok(report.line > 0 && report.stack.length > 0);
        assert.doesNotMatch(JSON.stringify(report), /Ada|example\.com|Am Markt/);
        if (shop.kind !== "program") return context.skip("only the program can be given a tracker");
        const event = await tracked(({ tags }) => tags.kind === "error");
        assert.equal(event.exception.values[0].value, report.message);
        const metrics = await (await page.request.get("/metrics")).text();
        assert.match(metrics, /^orderflow_client_errors_total\{kind="error"\} [1-9]/m);
        return undefined;
      },
      { expected: /is not a function/ },
    ));

  test("that nobody cared for, on the page of an order, tells no number of the order", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        await fillForm(page);
        const id = await placeOrder(page);
        await waitForTitle(page, "Confirmed");
        const reported = nextReport(page);
        await page.evaluate((order) => {
          setTimeout(() => Promise.reject(new RangeError(`no line of ${order} for ada@example.com`)));
        }, id);
        const report = await reported;

        assert.equal(report.kind, "rejection");
        assert.equal(report.type, "RangeError");
        assert.equal(report.page, "/orders/{id}");
        assert.equal(report.message, "no line of ord_… for …@…");
        assert.ok(!JSON.stringify(report).includes(id));
      },
      { expected: /RangeError/ },
    ));

  test("of the policy says what was forbidden", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        const reported = nextReport(page);
        await page.evaluate(() => {
          const picture = document.createElement("img");
          picture.src = "https://elsewhere.example/spy.png?who=ada";
          document.body.append(picture);
        });
        const report = await reported;
        assert.equal(report.kind, "policy");
        assert.equal(report.message, "img-src forbids https");
      },
      { expected: /img-src|elsewhere/ },
    ));

  test("that comes again and again is told a few times", () =>
    shop.visit(
      async (page) => {
        let reports = 0;
        page.on("request", (request) => (reports += request.url().endsWith("/v1/client-errors") ? 1 : 0));
        await openShop(page);
        await page.evaluate(async () => {
          for (let i = 0; i < 30; i += 1) {
            setTimeout(() => {
              throw new Error(`fault ${"x".repeat(i % 10)}`);
            });
          }
          await new Promise((done) => setTimeout(done)); // behind all of them
        });
        await page.waitForLoadState("networkidle");
        assert.ok(reports <= 5, `${reports} reports`);
        assert.ok(reports > 0);
      },
      { expected: /fault/ },
    ));
});

describe("A page of the release before", () => {
  const shop = useShop();

  for (const [what, pattern, path] of [
    ["script", /\/assets\/price-list\b/, "/"],
    ["style", /\/assets\/tracking\b.*css/, "/orders/ord_00000000000000000000000000"],
  ]) {
    test(`whose ${what} is gone offers to be loaded again, and is whole then`, () =>
      shop.visit(
        async (page) => {
          await page.route(pattern, (route) => route.fulfill({ status: 404, body: "" }));
          const reported = nextReport(page);
          await page.goto(path);
          const offer = page.getByRole("alert");
          await offer.waitFor();
          assert.match(await offer.textContent(), /^A part of this page did not come\. Load the page again$/);
          assert.equal((await reported).kind, "resource");

          await page.unroute(pattern);
          await page.getByRole("link", { name: "Load the page again" }).click();
          await page
            .locator(path === "/" ? ".product" : "#title")
            .first()
            .waitFor();
          assert.equal(await page.getByRole("alert").count(), 0);
        },
        { expected: /404|MIME type/ },
      ));
  }
});

describe("Scripts and styles", () => {
  const shop = useShop();

  test("come once: the next page of a visit asks for the page alone", (context) =>
    shop.visit(async (page) => {
      if (shop.kind === "stand-in") return context.skip("its names hold no hash");
      const served = async () => {
        const metrics = await (await page.request.get("/metrics")).text();
        return Number(/^orderflow_http_responses_total\{class="2xx",route="getAsset"\} (\d+)$/m.exec(metrics)[1]);
      };
      await openShop(page);
      await page.waitForLoadState("networkidle");
      const before = await served();
      assert.ok(before > 10);
      await page.goto("/?again");
      await page.locator(".product").first().waitFor();
      await page.waitForLoadState("networkidle");
      assert.equal(await served(), before);
      return undefined;
    }));
});

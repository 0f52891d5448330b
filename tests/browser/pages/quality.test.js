import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findings } from "../support/axe.js";
import { fillForm, openShop, placeOrder, useShop, waitForTitle } from "../support/shop.js";

/** @import { Page } from "playwright-core" */

const headers = JSON.parse(readFileSync(new URL("../../../frontend/headers.json", import.meta.url), "utf8"));
const api = JSON.parse(readFileSync(new URL("../../../contracts/openapi.json", import.meta.url), "utf8"));
const screenshots = fileURLToPath(new URL("../../../build/screenshots/", import.meta.url));
const form_budget_bytes = 30 * 1024;
const console_budget_bytes = 80 * 1024;

/** Lets the page hear nothing after the goods were put aside. @param {import("playwright-core").Page} page */
async function stayReserved(page) {
  const id = "ord_00000000000000000000000000";
  const at = (/** @type {number} */ ms) => new Date(Date.UTC(2026, 10, 22, 9, 14, 7, ms)).toISOString();
  const order = {
    ...api.components.examples.OrderConfirmed.value,
    id,
    version: 3,
    status: "reserved",
    payment_status: "started",
    created_at: at(101),
  };
  const events = ["order.accepted", "order.created", "inventory.reserved"].map((type, i) => ({
    version: i + 1,
    type,
    at: at(101 + 9 * i),
    data: {},
  }));
  await page.route("**/v1/orders", (route) =>
    route.fulfill({ status: 202, json: { id, status: "accepted", fingerprint: order.fingerprint } }),
  );
  await page.route(/\/v1\/orders\/ord_0+$/, (route) => route.fulfill({ json: order, headers: { ETag: '"3"' } }));
  await page.route("**/events?after=*", (route) => route.fulfill({ json: { id, data: events } }));
  await page.route("**/stream", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: "retry: 2000\n\n" }),
  );
}

/** @type {Record<string, (page: import("playwright-core").Page) => Promise<void>>} */
const views = {
  form: async (page) => {
    await openShop(page);
    await fillForm(page, { goods: { "NB-A5-DOT": 2, "PN-FOUNT-M": 1 } });
    await page.evaluate(() => (document.activeElement.blur(), scrollTo(0, 0)));
  },
  errors: async (page) => {
    await openShop(page);
    await page.fill('[name="qty_NB-A5-LINE"]', "1.5");
    await page.click("#place");
    await page.locator("#problems").waitFor();
  },
  tracking: async (page) => {
    await openShop(page);
    await fillForm(page, { goods: { "NB-A5-DOT": 2, "PN-FOUNT-M": 1 } });
    await placeOrder(page);
    await waitForTitle(page, "Confirmed");
    await page.locator("#goes-to", { hasText: "Ada" }).waitFor();
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((one) => one.effect.getTiming().iterations === 1)
          .map((one) => one.finished),
      ),
    );
  },
  waiting: async (page) => {
    await openShop(page);
    await fillForm(page, { token: "tok_slow" });
    await stayReserved(page);
    await placeOrder(page);
    await page.locator(".trail li").nth(2).waitFor();
  },
  incomplete: async (page) => {
    await page.route(/\/assets\/price-list\b/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto("/");
    await page.getByRole("alert").waitFor();
  },
  rejected: async (page) => {
    await openShop(page);
    await fillForm(page, { token: "tok_declined" });
    await placeOrder(page);
    await waitForTitle(page, "Rejected");
    await page.locator("#goes-to", { hasText: "Ada" }).waitFor();
  },
};

/** The pages that the server fills in, looked at with the eyes of a browser that could run scripts. */
views["plain form"] = async (page) => {
  await page.goto("/order");
};
views["plain receipt"] = async (page) => {
  await openShop(page);
  await fillForm(page);
  const id = await placeOrder(page);
  await waitForTitle(page, "Confirmed");
  await page.goto(`/orders/${id}?view=plain`);
};

/** No token is set: this machine is an operator. */
views.operations = async (page) => {
  await openShop(page);
  await fillForm(page);
  await placeOrder(page);
  await waitForTitle(page, "Confirmed");
  await page.goto("/ops");
  await page.locator("#figures tr").nth(6).waitFor();
  await page.locator("#found").getByRole("button").first().click();
  await page.locator("#history tr").nth(4).waitFor();
};

describe("The pages", () => {
  const shop = useShop();
  mkdirSync(screenshots, { recursive: true });

  for (const [name, open] of Object.entries(views)) {
    test(name, (view) =>
      shop.visit(
        async (page) => {
          await open(page);
          for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
            await view.test(`${colorScheme}: axe finds nothing, and is sure of every contrast`, async () => {
              await page.emulateMedia({ colorScheme });
              assert.deepEqual(await findings(page), []);
              await page.screenshot({
                path: `${screenshots}${name.replace(" ", "-")}-1280-${colorScheme}.png`,
                fullPage: true,
              });
            });
          }
          await view.test("fits 320 px, which is 400 % zoom of 1280", async () => {
            await page.setViewportSize({ width: 320, height: 640 });
            await page.emulateMedia({ colorScheme: "light" });
            const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
            assert.ok(needed <= there, `${needed} px in ${there}`);
            await page.screenshot({ path: `${screenshots}${name.replace(" ", "-")}-320-light.png`, fullPage: true });
          });
        },
        { reducedMotion: "reduce", ...(name === "incomplete" && { expected: /404/ }) },
      ),
    );
  }

  test("have targets of at least 24 px", () =>
    shop.visit(async (page) => {
      await openShop(page);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, input, select, .choice label, .ways label")]
          .filter((element) => element.checkVisibility() && element.type !== "radio")
          .map((element) => ({
            name: element.id || element.className || element.textContent,
            box: element.getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ name }) => name),
      );
      assert.deepEqual(small, []);
    }));

  test("keep the focused field in sight", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        const hidden = [];
        for (let step = 0; step < 45; step += 1) {
          await page.keyboard.press("Tab");
          const seen = await page.evaluate(() => {
            const { activeElement } = document;
            const box = activeElement.getBoundingClientRect();
            const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return activeElement === document.body ||
              (at !== null && (activeElement.contains(at) || at.contains(activeElement)))
              ? ""
              : activeElement.id;
          });
          if (seen) hidden.push(seen);
        }
        assert.deepEqual(hidden, []);
      },
      { viewport: { width: 640, height: 480 } },
    ));

  test("do not move under the reader", () =>
    shop.visit(async (page) => {
      await page.addInitScript(() => {
        window.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      await openShop(page);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.equal(await page.evaluate(() => window.shifted), 0);
    }));

  for (const [what, budget, open] of /** @type {[string, number, (page: Page) => Promise<unknown>][]} */ ([
    ["form", form_budget_bytes, openShop],
    [
      "console",
      console_budget_bytes,
      (page) => page.goto("/ops").then(() => page.locator("#figures tr").first().waitFor()),
    ],
  ])) {
    test(`bring the ${what} in at most ${budget / 1024} KiB, all of it from here`, () =>
      shop.visit(async (page) => {
        const session = await page.context().newCDPSession(page);
        await session.send("Network.enable");
        const sizes = new Map();
        const names = new Map();
        session.on("Network.requestWillBeSent", ({ requestId, request }) =>
          names.set(requestId, new URL(request.url).pathname),
        );
        session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
          sizes.set(names.get(requestId), encodedDataLength),
        );
        await open(page);
        await page.evaluate(() => document.readyState === "complete" || new Promise((done) => (window.onload = done)));
        const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        assert.ok(sizes.size > 10, "the parts were seen");
        if (process.env.SHOW_SIZES) console.log(total, Object.fromEntries(sizes));
        assert.ok(total <= budget, `${total} bytes: ${JSON.stringify(Object.fromEntries(sizes))}`);
      }));
  }

  test("come with the headers of frontend/headers.json", () =>
    shop.visit(async (page) => {
      await page.goto("/");
      const style = await page.getAttribute('link[rel="stylesheet"]', "href");
      for (const [path, kind] of Object.entries({
        "/": "page",
        "/order": "page",
        "/orders/ord_00000000000000000000000000": "page",
        [style]: "asset",
        "/healthz": "api",
      })) {
        const response = await page.request.get(path);
        for (const [name, value] of Object.entries(headers[kind])) {
          // What the server fills in is never kept. The stand-in's files have no hash in their names.
          if (name === "Cache-Control" && (path === "/order" || shop.kind === "stand-in")) continue;
          assert.equal(response.headers()[name.toLowerCase()], value, `${name} of ${path}`);
        }
      }
    }));

  test("refuse markup from scripts", () =>
    shop.visit(
      async (page) => {
        await openShop(page);
        const outcome = await page.evaluate(() => {
          try {
            document.body.innerHTML = "<p>x</p>";
            return "taken";
          } catch (error) {
            return error.name;
          }
        });
        assert.equal(outcome, "TypeError");
      },
      { expected: /TrustedHTML|policy: / },
    ));

  test("print the receipt alone", () =>
    shop.visit(async (page) => {
      await views.tracking(page);
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(
        await page.evaluate(() =>
          [".masthead", ".standing", ".aftercare", ".colophon", "#receipt"].map((part) =>
            document.querySelector(part).checkVisibility(),
          ),
        ),
        [false, false, false, false, true],
      );
    }));

  test("hold still for who asks for less motion", () =>
    shop.visit(
      async (page) => {
        await views.waiting(page);
        assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      },
      { reducedMotion: "reduce" },
    ));
});

// The console of operators: who signs in, and what is left of the token.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findings } from "../support/axe.js";
import { storeOrder, useShop } from "../support/shop.js";

/** @import { Page } from "playwright-core" */

const token = "an-operators-token-0123456789";
const read_token = "a-readers-token-0123456789";
const refused = /status of 4(01|03|29)/; // the browser's own note of an answer
const broken = /status of (4|5)\d\d|ERR_/;

/** @param {Page} page */
async function open(page) {
  await page.goto("/ops");
  await page.locator("#sign-in").waitFor();
}

/** @param {Page} page @param {string} text */
async function signIn(page, text) {
  await page.fill("#token", text);
  await page.click("#enter");
}

/** @param {Page} page @param {string} text */
const says = (page, text) => page.locator("#news", { hasText: text }).waitFor();

/** @param {Page} page */
const cookies = async (page) =>
  (await page.context().cookies()).map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }));

describe("Signing in", () => {
  const shop = useShop(async () => ({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_ADMIN_READ_TOKEN: read_token }));

  test("with a wrong token says so, and asks again", () =>
    shop.visit(
      async (page) => {
        await open(page);
        await signIn(page, "no token of anybody");
        await says(page, "not the token of an operator");
        assert.equal(await page.inputValue("#token"), "");
        assert.equal(await page.getAttribute("#token", "aria-invalid"), "true");
        assert.equal(await page.evaluate(() => document.activeElement.id), "token");
        assert.deepEqual(await findings(page), []);
        assert.deepEqual(await cookies(page), []);
      },
      { expected: refused },
    ));

  test("when the server does not answer, refuses or has enough says what to do", () =>
    shop.visit(
      async (page) => {
        await open(page);
        for (const [answer, words] of [
          [null, "does not answer"],
          [{ status: 429, headers: { "Retry-After": "30" } }, "Wait 30 seconds"],
          [{ status: 403, json: { code: "https-required" } }, "https"],
          [{ status: 403, json: { code: "cross-site" } }, "another site"],
          [{ status: 503, json: { code: "overloaded" } }, "at the moment (503)"],
        ]) {
          await page.route("**/v1/admin/session", (route) =>
            answer ? route.fulfill(/** @type {any} */ (answer)) : route.abort(),
          );
          await signIn(page, token);
          await says(page, String(words));
          await page.unroute("**/v1/admin/session");
        }
        await signIn(page, token);
        await says(page, "You are signed in.");
      },
      { expected: broken },
    ));

  test("gives a session that a reload keeps, and leaves no trace of the token", () =>
    shop.visit(
      async (page) => {
        /** @type {string[]} */
        const asked = [];
        page.on("request", (request) => asked.push(request.url()));
        await open(page);
        await signIn(page, token);
        await says(page, "You are signed in.");
        assert.equal(await page.textContent("#role"), "operator");
        assert.deepEqual(await cookies(page), [{ name: "orderflow-session", httpOnly: true, sameSite: "Strict" }]);
        assert.deepEqual(await findings(page), []);
        const left = await page.evaluate(() =>
          [
            document.documentElement.outerHTML,
            location.href,
            ...Object.values(localStorage),
            ...Object.values(sessionStorage),
          ].join(),
        );
        assert.ok(!left.includes(token));
        assert.ok(!asked.some((url) => url.includes(token)));

        await page.reload();
        await page.locator("#signed-in").waitFor();
        assert.equal(await page.textContent("#role"), "operator");
        assert.equal(await page.isVisible("#sign-in"), false);
      },
      { expected: refused },
    ));

  test("shows orders, and keeps a search in the address", () =>
    shop.visit(
      async (page) => {
        await storeOrder(page);
        await page.goto("/ops?customer=ada%40example.com&created_before=2120-01-01T00:00");
        await signIn(page, token);
        await page.locator("#found tr").first().waitFor();
        assert.equal(await page.inputValue("#customer"), "ada@example.com");
        assert.equal(await page.inputValue("#created_before"), "2120-01-01T00:00");
        assert.deepEqual(await findings(page), []);

        await page.fill("#created_before", "2020-01-01T00:00");
        await page.click("#search button");
        await page.locator("#search-news", { hasText: "No order is like that." }).waitFor();
        assert.equal(new URL(page.url()).searchParams.get("created_before"), "2020-01-01T00:00");
        await page.goBack();
        await page.locator("#found tr").first().waitFor();
        assert.equal(await page.inputValue("#created_before"), "2120-01-01T00:00");

        await page.fill("#sku", "no sku");
        await page.click("#search button");
        await page.locator("#search-news", { hasText: "sku is not a SKU" }).waitFor();
      },
      { expected: /status of 40[01]/ },
    ));

  test("with the token of a reader shows that it may only look", () =>
    shop.visit(
      async (page) => {
        await open(page);
        await signIn(page, read_token);
        await says(page, "You are signed in.");
        assert.deepEqual([await page.textContent("#role"), await page.textContent("#rights")], ["reader", "look"]);
      },
      { expected: refused },
    ));

  test("out ends the session", () =>
    shop.visit(
      async (page) => {
        await open(page);
        await signIn(page, token);
        await says(page, "You are signed in.");
        await page.click("#leave");
        await says(page, "You are signed out.");
        assert.deepEqual(await cookies(page), []);
        assert.equal((await page.request.get("/v1/admin/session")).status(), 401);
        assert.equal(await page.isVisible("#signed-in"), false);
      },
      { expected: refused },
    ));

  test("is not taken for over because the server has no answer at the moment", () =>
    shop.visit(
      async (page) => {
        await open(page);
        await signIn(page, token);
        await says(page, "You are signed in.");
        await page.fill("#reason", "half a sentence");
        await page.route("**/v1/admin/session", (route) =>
          route.fulfill({ status: 503, json: { code: "overloaded" } }),
        );
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await says(page, "at the moment (503)");
        assert.equal(await page.isVisible("#console"), true);
        assert.equal(await page.inputValue("#reason"), "half a sentence");
      },
      { expected: broken },
    ));

  test("is asked for again when the session was ended elsewhere", () =>
    shop.visit(
      async (page) => {
        await open(page);
        await signIn(page, token);
        await says(page, "You are signed in.");
        await page.context().clearCookies();
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await says(page, "The session is over. Sign in again.");
        await page.locator("#sign-in").waitFor();
      },
      { expected: refused },
    ));
});

describe("A shop without a token", () => {
  const shop = useShop();

  test("takes everybody of its machine for an operator", (view) => {
    if (shop.kind !== "program") return view.skip("needs the program");
    return shop.visit(async (page) => {
      await page.goto("/ops");
      await page.locator("#signed-in").waitFor();
      assert.match(await page.textContent("#meaning"), /No token is set/);
      assert.deepEqual([await page.isVisible("#leave"), await page.isVisible("#until-row")], [false, false]);
      assert.deepEqual(await findings(page), []);
    });
  });
});

// The console of operators at work: what the system does, what needs somebody, and what they do about it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findings } from "../support/axe.js";
import { storeOrder, useShop } from "../support/shop.js";

/** @import { Page } from "playwright-core" */

const token = "an-operators-token-0123456789";
const read_token = "a-readers-token-0123456789";
const refused = /status of 4(01|22)/; // the browser's own note of an answer
const broken = /status of (4|5)\d\d|ERR_/;

/** @param {Page} page @param {string} [text] */
async function enter(page, text = token) {
  await page.goto("/ops");
  await page.fill("#token", text);
  await page.click("#enter");
  await page.locator("#console").waitFor();
}

/** @param {Page} page @param {string} id @param {string | RegExp} text */
const says = (page, id, text) => page.locator(`#${id}`, { hasText: text }).waitFor();

/** Messages that nobody can read, as a client of the queue could send them. @param {string} queue @param {string[]} bodies */
async function sendBroken(queue, bodies) {
  for (const body of bodies) {
    const answer = await fetch(queue, {
      method: "POST",
      headers: { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage" },
      body: JSON.stringify({ QueueUrl: `${queue}/000000000000/orders`, MessageBody: body }),
    });
    assert.equal(answer.status, 200);
  }
}

/** The kind of failure that a message without sense has, opened. @param {Page} page @param {number} count */
async function openKind(page, count) {
  const row = page.locator("#letter-groups tr", { hasText: "message.malformed" });
  await row.locator(".amount", { hasText: new RegExp(`^${count}$`) }).waitFor();
  await row.getByRole("button").click();
  await page
    .locator("#letters tr")
    .nth(count - 1)
    .waitFor();
}

/**
 * Holds the next answer of the server back until the test lets it go, and then until the page has it.
 * @param {Page} page
 * @param {string} address
 */
async function holdAnswer(page, address) {
  /** @type {(held: {route: import("playwright-core").Route, response: import("playwright-core").APIResponse}) => void} */
  let arrived;
  const asked = new Promise((/** @type {typeof arrived} */ resolve) => {
    arrived = resolve;
  });
  await page.route(address, async (route) => arrived({ route, response: await route.fetch() }), { times: 1 });
  return {
    asked,
    async answer() {
      const { route, response } = await asked;
      const done = page.waitForEvent("requestfinished", (request) => request === route.request());
      await route.fulfill({ response });
      await done;
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve))); // what the page does with it is done
    },
  };
}

describe("The counter", () => {
  const shop = useShop(async () => ({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_ADMIN_READ_TOKEN: read_token }));

  test("says that what it shows is old when the news stops, and asks again", () =>
    shop.visit(
      async (page) => {
        await page.clock.install();
        const overview = page.waitForResponse("**/overview/stream");
        await enter(page);
        await overview;
        await says(page, "fresh", "Live");
        await page.context().setOffline(true);
        await page.route("**/overview/stream", (route) => route.abort());
        await page.clock.runFor(10_000);
        await says(page, "fresh", "what stands here is old");
        assert.equal(await page.getAttribute("#fresh", "data-mood"), "trouble");
        await says(page, "health", "What stands here is old");
        assert.equal(await page.getAttribute("#health", "data-mood"), "trouble");
      },
      { expected: broken },
    ));

  test("shows what the system does, and the history of an order", () =>
    shop.visit(
      async (page) => {
        const id = await storeOrder(page);
        await enter(page);
        await says(page, "health", "Orders are taken and worked on.");
        await says(page, "programs", "orderflow-");
        await says(page, "figures", "Time to settle");
        const row = page.locator("#found tr", { has: page.locator(`a[href="/orders/${id}"]`) });
        await row.getByRole("button").click();
        await says(page, "history", "Confirmed");
        assert.match(await page.textContent("#history"), /1 × NB-A5-DOT put aside/);
        assert.match(await page.textContent("#history-standing"), /^confirmed, payment captured/);
        assert.deepEqual(await findings(page), []);
      },
      { expected: refused },
    ));

  test("pauses the workers and resumes them, with a name and a reason in the audit", () =>
    shop.visit(
      async (page) => {
        await enter(page);
        await page.fill("#by", "kim");
        await page.fill("#reason", "the provider is down");
        await page.click("#pause");
        await says(page, "workers-news", "Done");
        await says(page, "health", "The workers are paused");
        await says(page, "commands", "workers.pause");
        assert.match(await page.textContent("#commands tr"), /kimthe provider is downDone/);
        await page.getByRole("button", { name: "Resume the workers" }).click();
        await says(page, "health", "Orders are taken and worked on.");
        await says(page, "commands", "workers.resume");
      },
      { expected: refused },
    ));

  test("takes no press of a switch that somebody else has just turned", () =>
    shop.visit(
      async (page) => {
        await page.clock.install();
        await enter(page);
        await says(page, "fresh", "Live");
        await page.clock.pauseAt(Date.now() + 2000);
        let sent = 0;
        page.on("request", (request) => (sent += Number(request.method() === "POST")));
        const headers = { Authorization: `Bearer ${token}` };
        await page.request.post("/v1/admin/workers/pause", { headers, data: {} });
        await says(page, "pause", "Resume the workers");
        await page.click("#pause");
        await says(page, "workers-news", "Nothing was sent");
        assert.equal(sent, 0);
        await page.clock.runFor(2000);
        await page.click("#pause");
        await says(page, "health", "Orders are taken and worked on.");
        assert.equal(sent, 1);
      },
      { expected: refused },
    ));

  test("shows the history that was asked for last, and nobody's after the session", () =>
    shop.visit(
      async (page) => {
        const [first, second] = [await storeOrder(page), await storeOrder(page)];
        await enter(page);
        const look = (id) => page.locator("#found tr", { has: page.locator(`a[href="/orders/${id}"]`) });
        const late = await holdAnswer(page, `**/orders/${first}/timeline`);
        await look(first).getByRole("button").click();
        await late.asked;
        await look(second).getByRole("button").click();
        await says(page, "history", "Confirmed");
        const shown = await page.textContent("#history");
        await late.answer();
        assert.equal(await page.textContent("#history"), shown);

        const later = await holdAnswer(page, `**/orders/${first}/timeline`);
        await look(first).getByRole("button").click();
        await later.asked;
        await page.click("#leave");
        await page.locator("#sign-in").waitFor();
        await later.answer();
        assert.equal(await page.textContent("#history"), "");
      },
      { expected: refused },
    ));

  test("gives nobody's name to who signs in next", () =>
    shop.visit(
      async (page) => {
        await enter(page);
        await page.fill("#by", "kim");
        await page.fill("#reason", "the provider is down");
        await page.click("#leave");
        await page.locator("#sign-in").waitFor();
        await page.fill("#token", token);
        await page.click("#enter");
        await page.locator("#console").waitFor();
        assert.deepEqual([await page.inputValue("#by"), await page.inputValue("#reason")], ["", ""]);
      },
      { expected: refused },
    ));

  test("says why a limit is none", () =>
    shop.visit(
      async (page) => {
        await enter(page);
        await page.evaluate(() => document.getElementById("limit").removeAttribute("max"));
        await page.fill("#limit", "4096");
        await page.getByRole("button", { name: "Set" }).click();
        await page.locator("#workers-news[data-mood=trouble]", { hasText: "in_progress_max" }).waitFor();
      },
      { expected: refused },
    ));

  test("takes two presses for one command", () =>
    shop.visit(
      async (page) => {
        await enter(page);
        let sent = 0;
        page.on("request", (request) => (sent += Number(request.method() === "POST")));
        await page.getByRole("button", { name: "Set" }).dblclick();
        await says(page, "workers-news", "Done");
        assert.equal(sent, 1);
      },
      { expected: refused },
    ));

  test("shows a reader everything and no switch", () =>
    shop.visit(
      async (page) => {
        await enter(page, read_token);
        await says(page, "health", "Orders are taken and worked on.");
        const switches = await page.locator(".for-operators").all();
        assert.ok(switches.length >= 3);
        for (const one of switches) assert.equal(await one.isVisible(), false);
      },
      { expected: refused },
    ));

  test("leaves nothing of what it showed when the session is over", () =>
    shop.visit(
      async (page) => {
        await storeOrder(page);
        await enter(page);
        await page.locator("#found tr").first().waitFor();
        await says(page, "programs", "orderflow-");
        await page.locator("#found").getByRole("button").first().click();
        await says(page, "history", "Confirmed");
        await page.locator("#stock tr").first().waitFor();
        await page.getByRole("button", { name: "Set" }).click();
        await says(page, "commands", "workers.limit");
        await page.click("#leave");
        await page.locator("#sign-in").waitFor();
        for (const part of ["found", "programs", "figures", "letter-groups", "commands", "history", "stock"]) {
          assert.equal(await page.textContent(`#${part}`), "", part);
        }
      },
      { expected: refused },
    ));
});

describe("Stock and webhooks", () => {
  const shop = useShop(async () => ({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_WEBHOOK_ALLOW: "private, http" }));

  test("pieces that came are counted, when it is said why", () =>
    shop.visit(
      async (page) => {
        await enter(page);
        const row = page.locator("#stock tr", { hasText: "PN-FOUNT-M" });
        const before = Number((await row.locator("td").nth(1).textContent()).replace(",", ""));
        await row.getByRole("button").click();
        await page.fill("#stock-pieces", "40");
        await page.getByRole("button", { name: "Correct" }).click();
        await page.locator("#stock-news[data-mood=trouble]", { hasText: "reason" }).waitFor();

        await page.fill("#reason", "delivery 4711");
        await row.getByRole("button").click();
        await page.fill("#stock-pieces", "40");
        await page.getByRole("button", { name: "Correct" }).click();
        await row
          .locator("td")
          .nth(1)
          .getByText((before + 40).toLocaleString("en"), { exact: true })
          .waitFor();

        await row.getByRole("button").click();
        await page.selectOption("#stock-how", "set");
        await page.fill("#stock-pieces", "7");
        await page.getByRole("button", { name: "Correct" }).click();
        await row.locator("td").nth(1).getByText("7", { exact: true }).waitFor();
        await says(page, "commands", "stock.set");
        assert.deepEqual(await findings(page), []);
      },
      { expected: refused },
    ));

  test("an endpoint that nobody answers is tested, paused and resumed", () =>
    shop.visit(
      async (page) => {
        const nobody = "http://127.0.0.1:1025/hooks";
        const made = await page.request.post("/v1/admin/webhooks", {
          headers: { Authorization: `Bearer ${token}` },
          data: { url: nobody, description: "the shop" },
        });
        assert.equal(made.status(), 202);
        const { links } = await made.json();
        const headers = { Authorization: `Bearer ${token}` };
        while ((await page.request.get(links.webhook, { headers })).status() !== 200);

        await enter(page);
        await page.locator("#webhooks").getByRole("button", { name: nobody }).click();
        await says(page, "webhook-lanes", "What is new: 0 delivered");
        await page.getByRole("button", { name: "Send a test" }).click();
        await says(page, "webhooks-news", "Done");
        while ((await page.locator("#webhook-calls tr").count()) === 0) {
          await page.getByRole("button", { name: "Read again" }).click();
        }
        assert.match(await page.textContent("#webhook-calls tr"), /http\.connect/);
        assert.deepEqual(await findings(page), []);

        await page.getByRole("button", { name: "Pause", exact: true }).click();
        await says(page, "webhooks", "paused by an operator");
        await page.getByRole("button", { name: "Resume", exact: true }).click();
        await page.locator("#webhooks td", { hasText: /^on$/ }).waitFor();

        await page.fill("#webhook-since", "2026-01-02T00:00");
        await page.fill("#webhook-until", "2026-01-01T00:00");
        await page.getByRole("button", { name: "Deliver again" }).click();
        await page.locator("#webhooks-news[data-mood=trouble]", { hasText: "until" }).waitFor();
      },
      { expected: refused },
    ));
});

describe("A dead letter", () => {
  const shop = useShop(async () => ({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_ADMIN_READ_TOKEN: read_token }));

  test("is read, refused a body without sense, given up and opened again", (view) => {
    if (shop.queue === undefined) return view.skip("needs the program's own queue");
    return shop.visit(
      async (page) => {
        await sendBroken(shop.queue, ["<img src=x onerror=alert(1)>", "{}"]);
        await enter(page);
        await page.getByLabel("State").selectOption("discarded");
        await says(page, "letters-news", "There are none.");
        await page.getByLabel("State").selectOption("open");
        await openKind(page, 2);
        await page.locator("#letters").getByRole("button").first().click();
        assert.equal(await page.inputValue("#letter-body"), "<img src=x onerror=alert(1)>");
        assert.deepEqual(await findings(page), []);

        await page.fill("#letter-body", '{"still": "no order"}');
        await page.getByRole("button", { name: "Keep this body" }).click();
        await page.locator("#letters-doing[data-mood=trouble]").waitFor();
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
        assert.equal(await page.inputValue("#letter-body"), '{"still": "no order"}');

        await page.getByRole("button", { name: "Give the marked up" }).click();
        await says(page, "letters-doing", "Mark the letters first");
        await page.locator("#letters input").last().check();
        await page.getByRole("button", { name: "Set" }).click(); // another command ends: what is marked stays so
        await says(page, "workers-news", "Done");
        await says(page, "commands", "workers.limit");
        assert.deepEqual(
          await page.locator("#letters input").evaluateAll((marks) => marks.map((mark) => mark.checked)),
          [false, true],
        );
        await page.getByRole("button", { name: "Give the marked up" }).click();
        await says(page, "letters-doing", "Done: 1 changed.");
        await page.locator("#letters tr").nth(1).waitFor({ state: "detached" });

        await page.getByRole("button", { name: "Give all of this kind up" }).click();
        await says(page, "letters-sure", "1 letter is of this kind now.");
        await page.getByRole("button", { name: "Not now" }).click();
        assert.equal(await page.isVisible("#letters-sure"), false);
        await page.getByRole("button", { name: "Give all of this kind up" }).click();
        await says(page, "letters-sure", "1 letter is of this kind now.");
        await openKind(page, 1);
        await page.locator("#letters-sure").waitFor({ state: "hidden" });
        await page.getByRole("button", { name: "Give all of this kind up" }).click();
        await page.getByRole("button", { name: "Give up: 1" }).click();
        await says(page, "letters-news", "No message needs anybody.");

        await page.getByLabel("State").selectOption("discarded");
        await openKind(page, 2);
        await page.getByRole("button", { name: "Open all of this kind" }).click();
        await page.getByRole("button", { name: "Open again: 2" }).click();
        await says(page, "letters-doing", "Done: 2 changed.");
        await says(page, "commands", "dead-letters.restore");
        await page.getByLabel("State").selectOption("open");
        await openKind(page, 2);
      },
      { expected: refused },
    );
  });

  test("is never shown, nor asked about, where another is looked at", (view) => {
    if (shop.queue === undefined) return view.skip("needs the program's own queue");
    return shop.visit(
      async (page) => {
        await enter(page);
        await openKind(page, 2);
        const count = await holdAnswer(page, "**/dead-letters/discard");
        await page.getByRole("button", { name: "Give all of this kind up" }).click();
        await count.asked;
        await page.locator("#letters").getByRole("button").first().click();
        await page.locator("#letter").waitFor();
        await page.route("**/dead-letters?*", (route) => route.fulfill({ status: 503, json: { detail: "Not now." } }));
        await page.locator("#letter-groups").getByRole("button").click();
        await says(page, "letters-news", "Not now.");
        await page.locator("#letters-area").waitFor();
        await count.answer();
        for (const part of ["letters", "letter"]) assert.equal(await page.textContent(`#${part}`), "", part);
        assert.equal(await page.isVisible("#letters-sure"), false);

        await page.unroute("**/dead-letters?*");
        const letters = await holdAnswer(page, "**/dead-letters?*");
        await page.locator("#letter-groups").getByRole("button").click();
        await letters.asked;
        await page.getByLabel("State").selectOption("discarded");
        await letters.answer();
        assert.equal(await page.isVisible("#letters-area"), false);
        assert.equal(await page.textContent("#letters"), "");
      },
      { expected: broken },
    );
  });

  test("is sent again at a rate, which can be stopped", (view) => {
    if (shop.queue === undefined) return view.skip("needs the program's own queue");
    return shop.visit(
      async (page) => {
        await sendBroken(
          shop.queue,
          Array.from({ length: 8 }, (_, i) => `no order ${i}`),
        );
        await enter(page);
        await page.locator("#letter-groups tr", { hasText: "message.malformed" }).getByRole("button").click();
        await page.locator("#letters tr").nth(7).waitFor();
        await page.fill("#letters-rate", "0");
        await page.getByRole("button", { name: "Send all of this kind" }).click();
        await page.getByRole("button", { name: /^Send again: / }).click();
        await says(page, "letters-news", "Nothing was sent");
        assert.equal(await page.textContent("#letters-doing"), "");
        await page.fill("#letters-rate", "1");
        await page.getByRole("button", { name: /^Send again: / }).click();
        await page.locator("#letters-stop").waitFor();
        await page.locator("#letters input").last().check();
        await page.getByRole("button", { name: "Send the marked again" }).click();
        await says(page, "letters-news", "This was not sent");
        await page.route("**/stop", (route) => route.fulfill({ status: 503, json: { detail: "Not now." } }), {
          times: 1,
        });
        await page.locator("#letters-stop").click();
        await says(page, "letters-news", "It goes on. Not now.");
        await page.locator("#letters-stop").click();
        await says(page, "letters-doing", /^Stopped: \d+ done/);
        assert.equal(await page.isVisible("#letters-stop"), false);
        await says(page, "commands", "dead-letters.redrive");
      },
      { expected: broken },
    );
  });
});

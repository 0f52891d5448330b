// Goal: docs/integrate.md is right. Method: every block of code in it is a region of sample_shop.js, all regions are in
// it, and that shop runs against the real program, through a gate that answers as a bad day does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { after, before, test } from "node:test";

import { startProgram } from "../http/program.js";
import { api } from "./openapi.js";
import { OrderRefused, OutcomeUnknown, cancel, follow, look, place, settled } from "./sample_shop.js";

const read = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), "utf8");
const order = api.components.examples.OrderRequestSmallest.value;
const paidWith = (/** @type {string} */ token) => ({ ...order, payment: { mode: "token", token } });
const operator = { Authorization: "Bearer the operator of this shop" };

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
before(async () => {
  program = await startProgram({ ORDERFLOW_ADMIN_TOKEN: "the operator of this shop" });
});
after(async () => {
  assert.equal(await program?.stop(), 0);
});

/**
 * Stands before the program. Each request meets the next of `troubles`: an answer that is given instead, 'lost' (it is
 * handed on and the answer is not), or nothing (it is handed on).
 * @param {({status: number, retryAfter?: string, body?: object} | 'lost')[]} troubles
 */
async function gate(troubles) {
  let asked = 0;
  const server = createServer((incoming, outgoing) => {
    const trouble = troubles[asked++];
    if (typeof trouble === "object") {
      incoming.resume();
      outgoing.writeHead(trouble.status, trouble.retryAfter ? { "Retry-After": trouble.retryAfter } : {});
      outgoing.end(JSON.stringify(trouble.body ?? {}));
      return;
    }
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? "/", program.url), { method, headers }, (answer) => {
      if (trouble === "lost") {
        answer.resume().once("end", () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("the page quotes the shop that is run here, all of it", () => {
  const regions = [...read("sample_shop.js").matchAll(/^\/\/ #region \w+\n([^]*?)^\/\/ #endregion$/gm)].map(
    ([, code]) => code,
  );
  const quoted = [...read("../../docs/integrate.md").matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  assert.equal(regions.length, 4);
  assert.deepEqual(quoted, regions);
});

test("placed, followed to its end, looked at", async () => {
  const placed = await place(program.url, "integrate-order-0001", paidWith("tok_ok"));
  const seen = [];
  for await (const event of follow(program.url, placed.id, (event) => event.type === "order.confirmed"))
    seen.push(event);
  assert.deepEqual(
    seen.map(({ version }) => version),
    seen.map((_, index) => index + 1),
  );
  assert.equal(seen.at(-1).type, "order.confirmed");

  const found = await look(program.url, placed.id);
  assert.equal(found.status, "confirmed");
  assert.equal(found.fingerprint, placed.fingerprint);
  assert.ok(found.etag);
  assert.equal(await look(program.url, placed.id, found.etag), undefined);
});

test("a declined card ends as rejected", async () => {
  const { id } = await place(program.url, "integrate-order-0002", paidWith("tok_declined"));
  const last = await settled(program.url, id);
  assert.equal(last.type, "order.rejected");
  assert.match(last.data.code, /declined/);
});

test("a bad day: too fast, no room, outcome unknown, a lost answer: one order", async () => {
  using bad = await gate([
    { status: 429, retryAfter: "1", body: { code: "rate-limited" } },
    { status: 503, body: { code: "queue-unavailable" } },
    { status: 503, body: { code: "outcome-unknown" } },
    "lost",
  ]);
  const before = Date.now();
  const placed = await place(bad.url, "integrate-order-0003", { ...paidWith("tok_ok"), client_reference: "bad day" });

  assert.equal(bad.asked(), 5);
  assert.ok(Date.now() - before >= 1000, "it waits as long as it is told");
  assert.equal((await settled(program.url, placed.id)).type, "order.confirmed");
  const list = await (await fetch(`${program.url}/v1/orders?limit=100`, { headers: operator })).json();
  const ours = list.data.filter((/** @type {any} */ one) => one.client_reference === "bad day");
  assert.deepEqual(
    ours.map((/** @type {any} */ one) => one.id),
    [placed.id],
  );
});

test("what stays unknown is said, and asked for later with the same key", async () => {
  using down = await gate(["lost", "lost"]);
  await assert.rejects(place(down.url, "integrate-order-0004", order, 2), OutcomeUnknown);

  const placed = await place(program.url, "integrate-order-0004", order);
  assert.equal((await settled(program.url, placed.id)).type, "order.confirmed");
});

test("what is refused is not asked again", async () => {
  using open = await gate([]);
  const broken = { ...order, items: [{ sku: "NB-A5-DOT", quantity: 0 }] };
  await assert.rejects(place(open.url, "integrate-order-0005", broken), (/** @type {any} */ error) => {
    assert.ok(error instanceof OrderRefused);
    assert.equal(/** @type {any} */ (error).code, "validation-failed");
    assert.equal(/** @type {any} */ (error).errors[0].pointer, "/items/0/quantity");
    return true;
  });
  assert.equal(open.asked(), 1);

  await place(open.url, "integrate-order-0006", order);
  await assert.rejects(place(open.url, "integrate-order-0006", paidWith("tok_flaky")), {
    code: "idempotency-key-reused",
  });
});

test("a cancel, in time and too late", async () => {
  const paid = await place(program.url, "integrate-order-0007", paidWith("tok_ok"));
  await settled(program.url, paid.id);
  assert.deepEqual(await cancel(program.url, paid.id), { cancelled: true, code: "customer" });

  const rejected = await place(program.url, "integrate-order-0008", paidWith("tok_declined"));
  await settled(program.url, rejected.id);
  const late = await cancel(program.url, rejected.id);
  assert.equal(late.cancelled, false);
  assert.ok(late.code);
});

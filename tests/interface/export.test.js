// Goal: what `orderflow export` writes keeps the documents that it names. Method: orders with every field that a buyer can
// give are exported beside the running program; each line is judged by the schemas Order and Event of openapi.json, and
// what the buyer said by order.schema.json.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

import { startProgram } from "../http/program.js";
import { api } from "./openapi.js";
import { place, settled } from "./sample_shop.js";

const orderSchema = JSON.parse(readFileSync(new URL("../../contracts/order.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020.default({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema(api, "openapi").addSchema(orderSchema, "order");
const judge = (/** @type {string} */ ref) => {
  const valid = ajv.compile({ $ref: ref });
  return (/** @type {unknown} */ value) => assert.ok(valid(value), ajv.errorsText(valid.errors));
};
const isOrder = judge("openapi#/components/schemas/Order");
const isEvent = judge("openapi#/components/schemas/Event");
const isAskedFor = judge("order");

const binary =
  process.env.ORDERFLOW_BIN ?? fileURLToPath(new URL("../../build/release/bin/orderflow", import.meta.url));
const examples = [api.components.examples.OrderRequestSmallest.value, ...orderSchema.examples];
const folder = mkdtempSync(join(tmpdir(), "orderflow-export-"));
const data = join(folder, "data");

/** @param {string[]} words */
function run(...words) {
  const env = { PATH: process.env.PATH ?? "" };
  return spawnSync(binary, ["export", "--data", data, ...words], { env, encoding: "utf8" });
}
const parsed = (/** @type {string} */ text) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
before(async () => {
  program = await startProgram({ ORDERFLOW_DATA_DIR: data });
  for (const [index, order] of examples.entries()) {
    const { id } = await place(program.url, `export-test-order-${index}`, order);
    await settled(program.url, id);
  }
});
after(async () => {
  assert.equal(await program?.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

test("every order is a line that keeps its schemas, beside the running program", () => {
  const { status, stdout, stderr } = run();
  assert.equal(status, 0, stderr);
  const lines = parsed(stdout);
  assert.equal(lines.length, examples.length);
  for (const [index, { order, events, ledger }] of lines.entries()) {
    isOrder(order);
    assert.equal(events.length, order.version);
    events.forEach(isEvent);
    const paid = order.payment_status === "captured";
    assert.equal(
      ledger.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.amount, 0),
      paid ? order.total : 0,
    );
    const asked = Object.fromEntries(Object.keys(orderSchema.properties).map((name) => [name, order[name]]));
    asked.items = order.items.map((/** @type {any} */ { sku, quantity }) => ({ sku, quantity }));
    asked.payment = examples[index].payment; // its token is never shown
    isAskedFor(JSON.parse(JSON.stringify(asked)));
    assert.deepEqual(asked.items, examples[index].items);
    assert.deepEqual(order.customer, examples[index].customer);
  }
  assert.match(stderr, new RegExp(`${lines.length} orders, through number ${lines.at(-1).order.number}`));
});

test("it goes on after a number, and within times", () => {
  const all = parsed(run().stdout).map(({ order }) => order);
  const rest = parsed(run("--after", String(all[0].number)).stdout);
  assert.deepEqual(
    rest.map(({ order }) => order.id),
    all.slice(1).map(({ id }) => id),
  );
  assert.equal(run("--from", "2999-01-01").stdout, "");
  assert.equal(run("--to", all[0].created_at).stdout, "");
  assert.equal(parsed(run("--from", all[0].created_at).stdout).length, all.length);
});

test("a file is new and for its owner alone", () => {
  const file = join(folder, "orders.ndjson");
  assert.equal(run("--out", file).status, 0);
  assert.equal(parsed(readFileSync(file, "utf8")).length, examples.length);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  const again = run("--out", file);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /file\.exists/);
});

test("an export to a file that is cut off leaves none", () => {
  const directory = join(folder, "cut-off");
  mkdirSync(directory);
  const limited = ["-c", `ulimit -f 1; exec "${binary}" export --data "${data}" --out "${directory}/orders.ndjson"`];
  const { signal, status } = spawnSync("bash", limited, { env: { PATH: process.env.PATH ?? "" } });
  assert.ok(signal === "SIGXFSZ" || status === 1, `${signal} ${status}`);
  assert.deepEqual(readdirSync(directory), []);
});

test("what cannot be done is said", () => {
  assert.equal(run("--from", "yesterday").status, 2);
  assert.equal(run("--after", "-1").status, 2);
  const nowhere = spawnSync(binary, ["export", "--data", join(folder, "none")], { encoding: "utf8", env: {} });
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /none/);
});

test("an output that is full is an error with the number to go on after", () => {
  const { status, stderr } = spawnSync("sh", ["-c", `exec "${binary}" export --data "${data}" > /dev/full`], {
    env: { PATH: process.env.PATH ?? "" },
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /export\.not_written/);
  assert.match(stderr, /through number 0; what follows it may be cut off/);
});

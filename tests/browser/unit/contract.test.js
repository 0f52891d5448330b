import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../contracts/${name}`, import.meta.url), "utf8"));
const api = read("openapi.json");
const catalogue = read("catalogue.json");

const ajv = new Ajv2020.default({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema(api, "api");
const validator = (pointer) => ajv.getSchema(`api#${pointer}`) ?? ajv.compile({ $ref: `api#${pointer}` });
const schema = (name) => validator(`/components/schemas/${name}`);

/** Calls visit(node, pointer) for every object of a document. */
function walk(node, visit, pointer = "") {
  if (node === null || typeof node !== "object") return;
  visit(node, pointer);
  for (const [key, value] of Object.entries(node)) {
    walk(value, visit, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

function resolve(ref) {
  return ref
    .slice(2)
    .split("/")
    .reduce((node, part) => node?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], api);
}

const deref = (node) => (node?.$ref ? resolve(node.$ref) : node);

const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
    .map(([method, operation]) => ({ path, method, operation, name: `${method.toUpperCase()} ${path}` })),
);

describe("OpenAPI document", () => {
  test("has exactly the routes of the service", () => {
    assert.deepEqual(operations.map(({ name }) => name).sort(), [
      "DELETE /v1/admin/session",
      "DELETE /v1/admin/webhooks/{id}",
      "GET /",
      "GET /assets/{file}",
      "GET /asyncapi.json",
      "GET /healthz",
      "GET /metrics",
      "GET /openapi.json",
      "GET /ops",
      "GET /order",
      "GET /orders/{id}",
      "GET /readyz",
      "GET /v1/admin/audit",
      "GET /v1/admin/audit/{id}",
      "GET /v1/admin/dead-letters",
      "GET /v1/admin/dead-letters/groups",
      "GET /v1/admin/dead-letters/{number}",
      "GET /v1/admin/orders/{id}/timeline",
      "GET /v1/admin/overview",
      "GET /v1/admin/overview/history",
      "GET /v1/admin/overview/stream",
      "GET /v1/admin/session",
      "GET /v1/admin/stock",
      "GET /v1/admin/webhooks",
      "GET /v1/admin/webhooks/{id}",
      "GET /v1/admin/webhooks/{id}/deliveries",
      "GET /v1/admin/workers",
      "GET /v1/orders",
      "GET /v1/orders/{id}",
      "GET /v1/orders/{id}/events",
      "GET /v1/orders/{id}/stream",
      "GET /v1/products",
      "PATCH /v1/admin/webhooks/{id}",
      "POST /order",
      "POST /v1/admin/audit/{id}/stop",
      "POST /v1/admin/customers/erase",
      "POST /v1/admin/dead-letters/discard",
      "POST /v1/admin/dead-letters/redrive",
      "POST /v1/admin/dead-letters/restore",
      "POST /v1/admin/dead-letters/{number}/discard",
      "POST /v1/admin/dead-letters/{number}/edit",
      "POST /v1/admin/dead-letters/{number}/redrive",
      "POST /v1/admin/dead-letters/{number}/restore",
      "POST /v1/admin/orders/{id}/fulfilments",
      "POST /v1/admin/products/import",
      "POST /v1/admin/session",
      "POST /v1/admin/stock/{sku}",
      "POST /v1/admin/webhooks",
      "POST /v1/admin/webhooks/{id}/replay",
      "POST /v1/admin/webhooks/{id}/secret",
      "POST /v1/admin/webhooks/{id}/test",
      "POST /v1/admin/workers/concurrency",
      "POST /v1/admin/workers/pause",
      "POST /v1/admin/workers/resume",
      "POST /v1/client-errors",
      "POST /v1/orders",
      "POST /v1/orders/{id}/cancel",
      "POST /v1/payments/callbacks",
    ]);
  });

  test("resolves every reference", () => {
    walk(api, (node, pointer) => {
      if (typeof node.$ref === "string") assert.ok(resolve(node.$ref), `${pointer} refers to ${node.$ref}`);
    });
  });

  test("uses every component", () => {
    const used = new Set();
    walk(api, (node) => typeof node.$ref === "string" && used.add(node.$ref));
    const { securitySchemes: schemes, ...components } = api.components;
    // Used by name, not by reference.
    assert.deepEqual(Object.keys(schemes), ["operatorToken", "apiKey", "operatorReadToken", "operatorSession"]);
    const unused = Object.entries(components).flatMap(([kind, entries]) =>
      Object.keys(entries)
        .map((name) => `#/components/${kind}/${name}`)
        .filter((ref) => !used.has(ref)),
    );
    assert.deepEqual(unused, []);
  });

  test("names each operation once", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
  });

  test("promises a Request-Id with every response", () => {
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.ok(deref(response).headers?.["Request-Id"], `${name} ${status}`);
      }
    }
  });

  test("declares the path parameters of every path", () => {
    for (const [path, item] of Object.entries(api.paths)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (item.parameters ?? []).map(deref).filter((parameter) => parameter.in === "path");
      assert.deepEqual(
        declared.map(({ name }) => name),
        wanted,
        path,
      );
    }
  });

  test("names the problem in type and code, and the status of the response", () => {
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const problem = deref(response).content?.["application/problem+json"];
        for (const example of Object.values(problem?.examples ?? {}).map(deref)) {
          assert.equal(example.value.status, Number(status), name);
          assert.equal(example.value.type, `urn:orderflow:problem:${example.value.code}`, name);
        }
      }
    }
  });

  const examples = [];
  walk(api, (node, pointer) => {
    if (!node.schema || !node.examples || pointer.includes("/schemas/")) return;
    for (const [name, example] of Object.entries(node.examples)) {
      examples.push({ pointer: `${pointer}/schema`, name: `${pointer} ${name}`, value: deref(example).value });
    }
  });

  test(`has examples that keep their schemas (${examples.length})`, () => {
    assert.ok(examples.length > 30);
    for (const { pointer, name, value } of examples) {
      const valid = validator(pointer);
      assert.ok(valid(value), `${name}: ${ajv.errorsText(valid.errors)}`);
    }
  });

  test("has order examples whose sums are right", () => {
    for (const name of ["OrderConfirmed", "OrderRejected"]) {
      const order = api.components.examples[name].value;
      const goods = order.items.reduce((sum, item) => sum + item.unit_price * item.quantity - item.discount, 0);
      assert.equal(order.total, goods + order.shipping_amount - order.discount_amount + order.tax_amount, name);
    }
  });
});

describe("Order request schema", () => {
  const valid = ajv.compile(read("order.schema.json"));
  const order = () => structuredClone(api.components.examples.OrderRequestFull.value);

  test("accepts its own examples", () => {
    for (const example of read("order.schema.json").examples) assert.ok(valid(example), ajv.errorsText(valid.errors));
  });

  const broken = {
    "an unknown member": (o) => (o.coupon = "X"),
    "an amount": (o) => (o.items[0].unit_price = 1),
    "no items": (o) => (o.items = []),
    "101 items": (o) => (o.items = Array(101).fill(o.items[0])),
    "a quantity of zero": (o) => (o.items[0].quantity = 0),
    "a fraction": (o) => (o.items[0].quantity = 1.5),
    "a quantity as text": (o) => (o.items[0].quantity = "1"),
    "a lower-case currency": (o) => (o.currency = "eur"),
    "an address without a city": (o) => delete o.shipping_address.city,
    "an e-mail address without a dot": (o) => (o.customer.email = "ada@example"),
    "a token payment without a token": (o) => delete o.payment.token,
    "null for an optional member": (o) => (o.notes = null),
    "51 metadata entries": (o) =>
      (o.metadata = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ""]))),
  };
  for (const [what, change] of Object.entries(broken)) {
    test(`refuses ${what}`, () => {
      const request = order();
      change(request);
      assert.equal(valid(request), false);
    });
  }
});

describe("Sample catalogue", () => {
  const { products } = catalogue;

  test("has about twenty products with distinct SKUs", () => {
    assert.ok(products.length >= 18 && products.length <= 25, String(products.length));
    assert.equal(new Set(products.map(({ sku }) => sku)).size, products.length);
  });

  test("lists products that the API can show", () => {
    for (const { stock, ...product } of products) {
      const shown = { ...product, available: stock };
      const valid = schema("Product");
      assert.ok(valid(shown), `${product.sku}: ${ajv.errorsText(valid.errors)}`);
      assert.ok(Number.isInteger(stock) && stock > 0, product.sku);
    }
  });

  test("has prices in EUR, GBP and USD, above zero", () => {
    for (const { sku, prices } of products) {
      for (const [currency, price] of Object.entries(prices)) {
        assert.ok(["EUR", "GBP", "USD"].includes(currency), sku);
        assert.ok(Number.isInteger(price) && price > 0, sku);
      }
    }
  });

  test("has one scarce product and one that is sold in a single currency", () => {
    assert.deepEqual(
      products.filter(({ stock }) => stock <= 5).map(({ sku }) => sku),
      ["NB-PRESS-01"],
    );
    assert.deepEqual(
      products.filter(({ prices }) => Object.keys(prices).length === 1).map(({ sku }) => sku),
      ["DK-SEAL-UK"],
    );
  });

  test("keeps the products of one category together", () => {
    const runs = products.map(({ category }) => category).filter((category, i, all) => category !== all[i - 1]);
    assert.equal(new Set(runs).size, runs.length);
  });
});

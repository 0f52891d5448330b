import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import {
  brokenRules,
  checkField,
  controlFor,
  fields,
  orderRequest,
  readQuantity,
  wordingFor,
} from "../../../frontend/assets/order-form.js";
import { countries } from "../../../frontend/assets/countries.js";

const schema = JSON.parse(readFileSync(new URL("../../../contracts/order.schema.json", import.meta.url), "utf8"));
const isOrder = new Ajv2020.default({ strict: false, formats: { int64: true } }).compile(schema);

const products = [
  { sku: "NB", name: "Notebook", description: "", category: "Paper", available: 5, prices: { EUR: 1450, GBP: 1250 } },
  { sku: "WAX", name: "Wax", description: "", category: "Desk", available: 100, prices: { GBP: 940 } },
];
const filled = {
  currency: "EUR",
  qty_NB: "2",
  customer_name: " Ada Lovelace ",
  customer_email: "ada@example.com",
  customer_phone: "",
  line1: "Am Markt 1",
  line2: "",
  city: "Bremen",
  region: "",
  postal_code: "28195",
  country: "DE",
  payment_token: "tok_ok",
};
const field = (name) => fields.find((one) => one.name === name);

describe("A field", () => {
  for (const [name, text, code] of [
    ["customer_name", "", "required"],
    ["customer_name", "   ", "required"],
    ["customer_name", "x".repeat(200), null],
    ["customer_name", "x".repeat(201), "too-long"],
    ["customer_name", "🖋".repeat(200), null],
    ["customer_name", "a\u0000b", "invalid-format"],
    ["customer_email", "ada@example.com", null],
    ["customer_email", "ada@example", "invalid-format"],
    ["customer_email", "ada example.com", "invalid-format"],
    ["customer_email", "a@b@example.com", "invalid-format"],
    ["customer_phone", "", null],
    ["customer_phone", "+44 20 7946 0000", null],
    ["customer_phone", "123", "too-short"],
    ["customer_phone", "call me maybe", "invalid-format"],
    ["country", "", "required"],
    ["country", "DE", null],
  ]) {
    test(`${name} ${JSON.stringify(text.slice(0, 20))} (${[...text].length}) gives ${code}`, () => {
      assert.equal(checkField(field(name), text), code);
    });
  }

  test("has the limits of the contract", () => {
    const { Customer, Address } = schema.$defs;
    for (const { name, pointer, max, min, required } of fields) {
      const [, parent, member] = pointer.split("/");
      if (parent === "payment" || member === "country") continue;
      const rules = parent === "customer" ? Customer : Address;
      assert.equal(max, rules.properties[member].maxLength, name);
      if (min) assert.equal(min, rules.properties[member].minLength, name);
      assert.equal(required, rules.required.includes(member), name);
    }
  });
});

describe("A quantity", () => {
  for (const [text, quantity, code] of [
    ["", 0, null],
    ["0", 0, null],
    [" 3 ", 3, null],
    ["6", 6, "not-available"],
    ["1.5", 0, "not-an-integer"],
    ["1e3", 0, "not-an-integer"],
    ["two", 0, "not-an-integer"],
    ["-1", 0, "out-of-range"],
    ["1000001", 0, "out-of-range"],
  ]) {
    test(`${JSON.stringify(text)} of 5 gives ${quantity} and ${code}`, () =>
      assert.deepEqual(readQuantity(text, 5), { quantity, code }));
  }
});

describe("The form", () => {
  test("breaks no rule when it is filled", () => assert.deepEqual(brokenRules(filled, products), []));

  test("names every broken rule, in the order of the page", () => {
    const broken = brokenRules({ currency: "EUR", payment_token: "tok_ok", customer_phone: "12" }, products);
    assert.deepEqual(
      broken.map(({ control }) => control),
      ["items", "customer_name", "customer_email", "customer_phone", "line1", "city", "country"],
    );
  });

  test("does not count what is not sold in the currency", () => {
    assert.deepEqual(brokenRules({ ...filled, qty_NB: "", qty_WAX: "1" }, products), [
      { control: "items", code: "required" },
    ]);
  });

  test("becomes a request that keeps the contract, without what is empty and without amounts", () => {
    const request = orderRequest(filled, products);
    assert.deepEqual(request, {
      currency: "EUR",
      items: [{ sku: "NB", quantity: 2 }],
      customer: { name: "Ada Lovelace", email: "ada@example.com" },
      shipping_address: { line1: "Am Markt 1", city: "Bremen", postal_code: "28195", country: "DE" },
      payment: { mode: "token", token: "tok_ok" },
    });
    assert.ok(isOrder(request), JSON.stringify(isOrder.errors));
  });
});

describe("An error of the API", () => {
  const items = [{ sku: "NB" }, { sku: "WAX" }];
  for (const [pointer, control] of [
    ["/customer/email", "customer_email"],
    ["/shipping_address/city", "city"],
    ["/items", "items"],
    ["/items/1/quantity", "qty_WAX"],
    ["/items/1", "qty_WAX"],
    ["/items/7/sku", "items"],
    ["/currency", "currency"],
    ["/payment", "payment_token"],
    ["/payment/token", "payment_token"],
    ["/metadata/x", null],
    ["", null],
  ]) {
    test(`at "${pointer}" belongs to ${control}`, () => assert.equal(controlFor(pointer, items), control));
  }

  test("is told in the words of the page, whichever side found it", () => {
    assert.equal(wordingFor("city", "required", { detail: "Is missing." }), "Enter the town or city");
    assert.equal(
      wordingFor("qty_NB", "not-available", { product: { name: "Notebook", available: 5 } }),
      "Only 5 of “Notebook” left: enter 5 or fewer",
    );
  });

  test("without words on the page is told in those of the API", () => {
    assert.equal(wordingFor("city", "from-the-future", { detail: "Must rhyme." }), "Must rhyme.");
  });

  test("has words for every code that a field can give", () => {
    for (const one of fields) {
      const typable = ["country", "payment_token"].includes(one.name)
        ? [""]
        : ["", "1", "?", "???????", "x".repeat(300)];
      for (const text of typable) {
        const code = checkField(one, text);
        if (code) assert.notEqual(wordingFor(one.name, code), "Check this entry", `${one.name} ${code}`);
      }
    }
  });
});

describe("The countries", () => {
  test("are the 249 of ISO 3166-1, each with a name, in the order of the names", () => {
    const list = countries();
    assert.equal(list.length, 249);
    assert.equal(new Set(list.map(([code]) => code)).size, 249);
    for (const [code, name] of list) assert.notEqual(name, code);
    assert.deepEqual(list[0], ["AF", "Afghanistan"]);
  });
});

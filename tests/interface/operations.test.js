// Goal: the service does what openapi.json says, all of it. Method: every operation is called on the real program with
// requests that the document allows and such that it does not; each answer is judged by the document, and what the
// document promises and no call has seen must stand in `unseen`, with the test that does see it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startProgram } from '../http/program.js';
import { describeCallbacks } from './callbacks.js';
import { describeCallers } from './callers.js';
import {
  ask,
  examples,
  foreign,
  is,
  json,
  one,
  operator,
  seen,
  settledOrder,
  smallest,
  startTheProgram,
  stopTheProgram,
  theProgram,
} from './calls.js';
import { api, eventsOf, examplePath, operationOf, operations } from './openapi.js';
import { describeOperators } from './operators.js';
import { describeWebhooks } from './webhooks.js';
import { header, toBytes } from './wire.js';

/** @typedef {import('./calls.js').Call} Call */

/** What no call here brings about. Each row must be needed. @type {[string | undefined, string, string][]} */
const unseen = [
  [undefined, '408', 'takes ten seconds: tests/integration/http_server_limits_test.cpp'],
  [undefined, '500', 'is a bug: tests/integration/http_server_test.cpp'],
  [undefined, '503', 'needs a part that fails: api-service/**/*_test.cpp'],
  ['updateWebhook', '409', 'needs a topic: tests/webhooks/topic.test.js'],
  ['rotateWebhookSecret', '409', 'the same'],
];
before(startTheProgram);
after(async () => {
  assert.equal(await stopTheProgram(), 0);
});

describe('placing orders', () => {
  test('JSON at both addresses', async () => {
    for (const id of ['placeOrder', 'placeOrderAtOrder']) {
      const accepted = is(
        await ask(id, { body: examples.OrderRequestFull.value, headers: { 'Request-Id': 'mine' } }),
        202,
      );
      assert.equal(header(accepted, 'request-id'), 'mine');
      assert.equal(header(accepted, 'location'), json(accepted).links.self);
      const key = `a key of these tests, ${id}`;
      const first = json(is(await ask(id, { body: smallest, headers: { 'Idempotency-Key': key } }), 202));
      const again = is(await ask(id, { body: smallest, headers: { 'Idempotency-Key': `"${key}"` } }), 202);
      assert.equal(header(again, 'idempotent-replayed'), 'true');
      assert.equal(json(again).id, first.id);
      const other = { ...smallest, notes: 'another' };
      is(await ask(id, { body: other, headers: { 'Idempotency-Key': key } }), 422, 'idempotency-key-reused');
    }
  });

  test('what is refused', async () => {
    for (const id of ['placeOrder', 'placeOrderAtOrder']) {
      const broken = is(
        await ask(id, { body: { ...smallest, items: [], coupon: 'x' }, against: true }),
        422,
        'validation-failed',
      );
      assert.deepEqual(
        json(broken)
          .errors.map((/** @type {any} */ error) => error.pointer)
          .sort(),
        ['/coupon', '/items'],
      );
      is(await ask(id, { body: '{', against: true }), 400, 'malformed-json');
      is(
        await ask(id, { body: smallest, headers: { 'Idempotency-Key': '' }, against: true }),
        400,
        'invalid-idempotency-key',
      );
      is(await ask(id, { body: smallest, type: 'text/plain', against: true }), 415, 'unsupported-media-type');
      is(
        await ask(id, { body: JSON.stringify({ ...smallest, notes: 'x'.repeat(61_440) }), against: true }),
        413,
        'body-too-large',
      );
    }
  });

  test('the form', async () => {
    is(await ask('showOrderForm'), 200);
    const fields = {
      idempotency_key: 'a key of the form, 1',
      customer_name: 'Ada',
      customer_email: 'ada@example.com',
      line1: 'Am Markt 1',
      city: 'Bremen',
      country: 'DE',
      currency: 'EUR',
      payment_token: 'tok_ok',
      'qty_NB-A5-DOT': '1',
    };
    const type = 'application/x-www-form-urlencoded';
    const sent = (/** @type {Record<string, string>} */ form) => ({ type, body: new URLSearchParams(form).toString() });
    is(await ask('placeOrderAtOrder', sent(fields)), 303);
    const page = is(
      await ask(
        'placeOrderAtOrder',
        sent({ ...fields, idempotency_key: 'a key of the form, 2', customer_email: 'ada' }),
      ),
      422,
    );
    assert.match(header(page, 'content-type') ?? '', /^text\/html/);
    is(await ask('placeOrderAtOrder', { type, body: 'customer_name=%zz', against: true }), 400, 'malformed-form');
  });
});

describe('following orders', () => {
  test('a settled one', async () => {
    const path = { id: await settledOrder() };
    const order = is(await ask('getOrder', { path }), 200);
    assert.equal(json(order).status, 'confirmed');
    is(await ask('getOrder', { path, headers: { 'If-None-Match': header(order, 'etag') ?? '' } }), 304);
    const events = json(is(await ask('listOrderEvents', { path, query: { after: '1' } }), 200)).data;
    assert.equal(events[0].version, 2);
    is(await ask('listOrderEvents', { path, query: { after: '-1' }, against: true }), 400, 'malformed-request');
    const stream = is(await ask('streamOrderEvents', { path, headers: { 'Last-Event-ID': '2' } }), 200);
    assert.deepEqual(
      eventsOf(stream.body).map(({ id, event }) => id ?? event),
      ['heartbeat', '3', '4', '5'],
    );
    is(
      await ask('streamOrderEvents', { path, headers: { 'Last-Event-ID': 'x' }, against: true }),
      400,
      'malformed-request',
    );
  });

  test('a rejected one, and its cancellation that comes too late', async () => {
    const path = { id: await settledOrder({ payment: { mode: 'token', token: 'tok_declined' } }) };
    assert.equal(json(await ask('getOrder', { path })).failure.code, 'card-declined');
    is(await ask('cancelOrder', { path, body: { reason: 'customer' } }), 409, 'not-cancellable');
  });

  test('cancelling', async () => {
    const path = { id: await settledOrder() };
    const body = { reason: 'customer' };
    const other = is(await ask('cancelOrder', { path, body, headers: { 'If-Match': '"1"' } }), 412, 'version-mismatch');
    is(await ask('cancelOrder', { path, body, headers: { 'If-Match': 'x' }, against: true }), 400, 'malformed-request');
    is(await ask('cancelOrder', { path, body: {}, against: true }), 422, 'validation-failed');
    is(await ask('cancelOrder', { path, body: '{', against: true }), 400, 'malformed-json');
    is(await ask('cancelOrder', { path, body, type: 'text/plain', against: true }), 415, 'unsupported-media-type');
    is(await ask('cancelOrder', { path, body, headers: { 'If-Match': header(other, 'etag') ?? '' } }), 202);
  });

  test('one that was never issued', async () => {
    for (const id of ['getOrder', 'listOrderEvents', 'streamOrderEvents']) {
      is(await ask(id, { path: { id: foreign } }), 404, 'order-not-found');
    }
    is(await ask('cancelOrder', { path: { id: foreign }, body: { reason: 'customer' } }), 404, 'order-not-found');
  });

  test('the list of operators', async () => {
    const headers = operator;
    await settledOrder();
    const page = json(
      is(
        await ask('listOrders', {
          headers,
          query: {
            limit: '1',
            status: 'confirmed',
            sku: 'NB-A5-DOT',
            customer: 'ada@example.com',
            created_after: '2020-01-01T00:00:00.000Z',
            created_before: '2120-01-01T00:00:00Z',
          },
        }),
        200,
      ),
    );
    assert.equal(page.data.length, 1);
    is(await ask('listOrders', { headers, query: { starting_after: page.data[0].id } }), 200);
    is(await ask('listOrders', { headers, query: { limit: '101' }, against: true }), 400, 'malformed-request');
    is(await ask('listOrders', { headers, query: { page: '2' }, against: true }), 400, 'malformed-request');
    is(await ask('listOrders'), 401, 'unauthorized');
  });
});
describeCallers();
describeOperators();
describeWebhooks();
describeCallbacks();

describe('everything else', () => {
  test('the products', async () => {
    const products = is(await ask('listProducts'), 200);
    assert.ok(json(products).data.length > 10);
    is(await ask('listProducts', { headers: { 'If-None-Match': header(products, 'etag') ?? '' } }), 304);
  });

  test('the pages', async () => {
    const path = { id: await settledOrder() };
    const named = /"\/assets\/(base\.[0-9a-f]{16}\.css)"/.exec((await ask('showShop')).body.toString('utf8'));
    assert.ok(named, 'the page names its style by a hash');
    for (const [id, call] of /** @type {[string, Call][]} */ ([
      ['showShop', {}],
      ['showOrder', { path }],
      ['showConsole', {}],
      ['getAsset', { path: { file: named[1] } }],
      ['getOpenApi', {}],
      ['getAsyncApi', {}],
    ])) {
      const page = is(await ask(id, call), 200);
      is(await ask(id, { ...call, headers: { 'If-None-Match': header(page, 'etag') ?? '' } }), 304);
    }
    is(await ask('showOrder', { path, query: { view: 'plain' } }), 200);
    is(await ask('showOrder', { path: { id: foreign }, query: { view: 'plain' } }), 404);
    const gone = is(await ask('getAsset', { path: { file: 'base.0123456789abcdef.css' } }), 404, 'not-found');
    assert.equal(header(gone, 'cache-control'), 'no-store', 'the next release may have that name');
  });

  test('faults of pages', async () => {
    const { value } = operationOf('reportClientError').operation.requestBody.content['application/json'].examples.thrown;
    const report = (/** @type {any} */ body, /** @type {Call} */ more = {}) =>
      ask('reportClientError', { body, ...more });
    is(await report(value), 204);
    is(await report({ ...value, page: '/?email=ada@example.com' }, { against: true }), 422, 'validation-failed');
    is(await report({ ...value, cookie: 'a=b' }, { against: true }), 422, 'validation-failed');
    is(await report('{', { against: true }), 400, 'malformed-json');
    is(await report('kind=error', { type: 'application/x-www-form-urlencoded', against: true }), 415);
    is(await report({ ...value, message: 'x'.repeat(9000) }, { against: true }), 413, 'body-too-large');
    const metrics = (await ask('getMetrics')).body.toString('utf8');
    assert.match(metrics, /^orderflow_client_errors_total\{kind="error"\} [1-9]/m);
  });

  test('health, measurements and the documents', async () => {
    for (const id of ['isAlive', 'isReady', 'getMetrics']) is(await ask(id), 200);
    assert.deepEqual(json(await ask('getOpenApi')), api);
  });
});

describe('every operation', () => {
  for (const operation of operations) {
    const path = examplePath(operation);
    /** @param {Partial<Parameters<typeof toBytes>[0]>} change */
    const odd = (change) => {
      const asked = {
        method: operation.method,
        target: path,
        headers: /** @type {[string, string][]} */ ([['Host', '127.0.0.1']]),
        ...change,
      };
      return one(operation.id, theProgram(), asked.method, path, toBytes(asked));
    };

    test(`${operation.id} refuses what is no request for it`, async () => {
      is(await odd({ method: 'PUT' }), 405, 'method-not-allowed');
      is(await odd({ headers: [] }), 400, 'host-missing');
      is(await odd({ target: `${path}?${'x'.repeat(9000)}` }), 414, 'request-line-too-long');
      is(
        await odd({
          headers: [
            ['Host', '127.0.0.1'],
            ['X-Big', 'x'.repeat(17_000)],
          ],
        }),
        431,
        'fields-too-large',
      );
      is(
        await odd({
          headers: [
            ['Host', '127.0.0.1'],
            ['Expect', 'more'],
          ],
        }),
        417,
        'expectation-failed',
      );
      is(
        await odd({
          headers: [
            ['Host', '127.0.0.1'],
            ['Transfer-Encoding', 'gzip, chunked'],
          ],
        }),
        501,
        'transfer-encoding-not-implemented',
      );
      is(await odd({ version: 'HTTP/2.0' }), 505, 'version-not-supported');
      is(
        await odd({
          headers: [
            ['Host', '127.0.0.1'],
            ['Content-Length', '10000000'],
          ],
        }),
        413,
        'body-too-large',
      );
      is(
        await one(
          operation.id,
          theProgram(),
          'OPTIONS',
          path,
          toBytes({ method: 'OPTIONS', target: path, headers: [['Host', '127.0.0.1']] }),
        ),
        204,
      );
    });

    if (operation.method !== 'GET') continue;
    test(`${operation.id} answers HEAD as it answers GET`, async () => {
      const head = await odd({ method: 'HEAD' });
      const get = await odd({ method: 'GET' });
      assert.equal(head.status, get.status);
      assert.equal(header(head, 'content-type'), header(get, 'content-type'));
    });
  }
});

describe('limits', () => {
  test('beyond the rate', async () => {
    const slow = await startProgram({ ORDERFLOW_RATE_LOOPBACK: '1' });
    try {
      const limited = operations.filter(({ operation }) => operation.responses['429']?.$ref?.endsWith('/RateLimited'));
      for (const operation of limited) {
        const { id, method } = operation;
        const target = examplePath(operation);
        const asked = { method, target, headers: /** @type {[string, string][]} */ ([['Host', '127.0.0.1']]) };
        const statuses = [];
        for (let i = 0; i < 20 && !statuses.includes(429); ++i)
          statuses.push((await one(id, slow, method, target, toBytes(asked))).status);
        assert.equal(statuses.at(-1), 429, `${id}: ${statuses}`);
      }
    } finally {
      assert.equal(await slow.stop(), 0);
    }
  });

  test('a queue that is full', async () => {
    const full = await startProgram({ ORDERFLOW_WORKER: 'off', ORDERFLOW_QUEUE_DEPTH_MAX: '1' });
    try {
      const codes = [];
      for (let i = 0; i < 50 && !codes.includes('overloaded'); ++i) {
        codes.push(json(await ask('placeOrder', { body: smallest, to: full })).code);
      }
      assert.equal(codes.at(-1), 'overloaded');
    } finally {
      assert.equal(await full.stop(), 0);
    }
  });
});

test('everything that the document promises was seen, or stands in the list', () => {
  const promised = operations.flatMap(({ id, operation }) =>
    Object.keys(operation.responses).map((status) => `${id} ${status}`),
  );
  const missing = promised.filter((one) => !seen.has(one));
  const excused = (/** @type {string} */ one) =>
    unseen.some(([id, status]) => one === `${id ?? one.split(' ')[0]} ${status}`);
  assert.deepEqual(
    missing.filter((one) => !excused(one)),
    [],
  );
  for (const [id, status, why] of unseen) {
    assert.ok(
      missing.some((one) => one === `${id ?? one.split(' ')[0]} ${status}`),
      `${id ?? 'all'} ${status} is seen now: ${why}`,
    );
  }
});

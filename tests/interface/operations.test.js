// Goal: the service does what openapi.json says, all of it. Method: every operation is called on the real program with
// requests that the document allows and such that it does not; each answer is judged by the document, and what the
// document promises and no call has seen must stand in `unseen`, with the test that does see it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import * as sqs from '@aws-sdk/client-sqs';

import { startProgram } from '../http/program.js';
import { messages } from './asyncapi.js';
import { api, eventsOf, examplePath, operationOf, operations, wrongWithAnswer, wrongWithRequest } from './openapi.js';
import { exchange, header, toBytes } from './wire.js';

/** @typedef {import('./wire.js').Answer} Answer */
/** @typedef {Awaited<ReturnType<typeof startProgram>>} Program */

const token = 'the operator of these tests';
const readToken = 'who may only look in these tests';
const operator = { Authorization: `Bearer ${token}` };
const onlooker = { Authorization: `Bearer ${readToken}` };
const { examples } = api.components;
const smallest = examples.OrderRequestSmallest.value;
const foreign = 'ord_7zc3qk9v2m4t8xw1b6hn5rj0dg'; // well formed and never issued

/** What no call here brings about. Each row must be needed. @type {[string | undefined, string, string][]} */
const unseen = [
  [undefined, '408', 'takes ten seconds: tests/integration/http_server_limits_test.cpp'],
  [undefined, '500', 'is a bug: tests/integration/http_server_test.cpp'],
  [undefined, '503', 'needs a part that fails: api-service/**/*_test.cpp'],
  ['getOrder', '410', 'nothing makes tombstones yet: api-service/handlers/read_orders_test.cpp'],
  ['listOrderEvents', '410', 'the same'],
  ['streamOrderEvents', '410', 'api-service/handlers/event_stream_test.cpp'],
  ['cancelOrder', '410', 'api-service/handlers/cancel_order_test.cpp'],
  ['showOrder', '410', 'api-service/handlers/pages_test.cpp'],
];

/** @type {Set<string>} operation and status */
const seen = new Set();

/** @type {Program} */
let program;
before(async () => {
  program = await startProgram({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_ADMIN_READ_TOKEN: readToken });
});
after(async () => {
  assert.equal(await program?.stop(), 0);
});

/**
 * @typedef {object} Call
 * @property {Record<string, string>} [path]
 * @property {Record<string, string>} [query]
 * @property {Record<string, string>} [headers]
 * @property {string} [type] of the body
 * @property {unknown} [body] sent as JSON; a string as it is
 * @property {boolean} [against] the document forbids this request
 * @property {string} [method]
 * @property {Program} [to]
 */

/** Calls an operation, judges request and answer. @param {string} id @param {Call} [call] */
async function ask(
  id,
  { path = {}, query = {}, headers = {}, type, body, against = false, method, to = program } = {},
) {
  const operation = operationOf(id);
  const sendsBody = body !== undefined;
  const contentType = type ?? (sendsBody ? 'application/json' : undefined);
  const parsed =
    contentType === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(String(body))) : body;
  const wrong = wrongWithRequest(operation, { path, query, headers, type: contentType, body: parsed });
  assert.equal(
    wrong.length > 0,
    against,
    `${id}: the document on this request: ${wrong.join('; ') || 'nothing is wrong'}`,
  );

  const plain = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => path[name] ?? '');
  const search = new URLSearchParams(query).toString();
  const target = encodeURI(plain) + (search ? `?${search}` : '');
  const bytes = toBytes({
    method: method ?? operation.method,
    target,
    headers: [
      ['Host', '127.0.0.1'],
      ...Object.entries(headers),
      ...(contentType ? [/** @type {[string, string]} */ (['Content-Type', contentType])] : []),
    ],
    body: sendsBody ? Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) : undefined,
  });
  return one(id, to, method ?? operation.method, plain, bytes);
}

/** @param {string} id @param {Program} to @param {string} method @param {string} path @param {Buffer} bytes */
async function one(id, to, method, path, bytes) {
  const { answers, closed } = await exchange(to.port, [bytes], { methods: [method] });
  assert.equal(closed, false, `${id}: no answer`);
  const [answer] = answers;
  assert.deepEqual(wrongWithAnswer(method, path, answer), [], `${id} ${answer.status}`);
  seen.add(`${id} ${answer.status}`);
  return answer;
}

/** @param {Answer} answer */
const json = (answer) => JSON.parse(answer.body.toString('utf8'));
/** @param {Answer} answer @param {number} status @param {string} [code] */
function is(answer, status, code) {
  assert.equal(answer.status, status, answer.body.toString('utf8'));
  if (code !== undefined) assert.equal(json(answer).code, code);
  return answer;
}

/** An order that came to its end. @param {object} [change] @returns {Promise<string>} its id */
async function settledOrder(change = {}) {
  const { id } = json(is(await ask('placeOrder', { body: { ...smallest, ...change } }), 202));
  for (;;) {
    const events = json(await ask('listOrderEvents', { path: { id } })).data;
    if (events.some((/** @type {any} */ event) => ['order.confirmed', 'order.rejected'].includes(event.type)))
      return id;
  }
}

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
          },
        }),
        200,
      ),
    );
    assert.equal(page.data.length, 1);
    is(await ask('listOrders', { headers, query: { starting_after: page.data[0].id } }), 200);
    is(await ask('listOrders', { headers, query: { limit: '101' }, against: true }), 400, 'malformed-request');
    is(await ask('listOrders'), 401, 'unauthorized');
  });
});

/** Makes a dead letter: a message that nobody can read. @returns {Promise<string>} its number */
async function deadLetter() {
  const text = `not JSON, ${Math.random()}`;
  const client = new sqs.SQSClient({
    region: 'us-east-1',
    endpoint: program.sqsUrl,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const address = `${program.sqsUrl}/000000000000/${messages.channels.orders.address}`;
  const { MessageId } = await client.send(new sqs.SendMessageCommand({ QueueUrl: address, MessageBody: text }));
  client.destroy();
  for (;;) {
    const { data } = json(await ask('listDeadLetters', { headers: operator, query: { limit: '100' } }));
    const letter = data.find((/** @type {any} */ one) => one.message_id === MessageId);
    if (letter) return String(letter.number);
  }
}

/** Gives a command. @param {string} id @param {Call} call @returns {Promise<any>} its audit record, once it is over */
async function carriedOut(id, call) {
  const accepted = is(await ask(id, { headers: operator, ...call }), 202);
  assert.equal(header(accepted, 'location'), json(accepted).links.self);
  const path = { id: json(accepted).id };
  for (;;) {
    const record = await ask('getAuditRecord', { path, headers: onlooker });
    if (record.status === 200 && json(record).state !== 'running') return json(record);
    if (record.status !== 200) is(record, 404, 'command-not-found');
  }
}

describe('dead letters', () => {
  const unknown = { number: '999999999999999999' };

  /** What every command refuses. @param {string} id @param {Call} call that it would take */
  async function refuses(id, call) {
    is(await ask(id, call), 401, 'unauthorized');
    is(await ask(id, { ...call, headers: onlooker }), 403, 'forbidden');
    const asked = { ...call, headers: operator };
    is(await ask(id, { ...asked, type: 'text/plain', against: true }), 415, 'unsupported-media-type');
    is(await ask(id, { ...asked, body: '{', against: true }), 400, 'malformed-json');
    const keyed = { ...operator, 'Idempotency-Key': 'short' };
    is(await ask(id, { ...call, headers: keyed, against: true }), 400, 'invalid-idempotency-key');
    is(await ask(id, { ...asked, body: { letters: [1] }, against: true }), 422, 'validation-failed');
  }

  test('finding them', async () => {
    const path = { number: await deadLetter() };
    const found = json(
      is(
        await ask('listDeadLetters', {
          headers: onlooker,
          query: { state: 'any', queue: 'orders', code: 'message.malformed', after: '0', limit: '1' },
        }),
        200,
      ),
    );
    assert.equal(found.data.length, 1);
    is(await ask('listDeadLetters', { headers: operator, query: { order: foreign } }), 200);
    is(await ask('listDeadLetters', { headers: operator, query: { limit: '0' }, against: true }), 400);
    is(await ask('listDeadLetters'), 401, 'unauthorized');
    const groups = json(is(await ask('listDeadLetterGroups', { headers: onlooker, query: { state: 'open' } }), 200));
    assert.deepEqual([groups.data[0].queue, groups.data[0].code], ['orders', 'message.malformed']);
    const any = { headers: operator, query: { state: 'any' }, against: true };
    is(await ask('listDeadLetterGroups', any), 400, 'malformed-request');
    is(await ask('listDeadLetterGroups'), 401, 'unauthorized');
    const letter = json(is(await ask('getDeadLetter', { path, headers: onlooker }), 200));
    assert.deepEqual([letter.readable, letter.edited, letter.state], [false, false, 'open']);
    is(await ask('getDeadLetter', { path: unknown, headers: operator }), 404, 'dead-letter-not-found');
    is(await ask('getDeadLetter', { path }), 401, 'unauthorized');
  });

  test('commands about many', async () => {
    const numbers = [Number(await deadLetter())];
    for (const id of ['discardDeadLetters', 'restoreDeadLetters', 'redriveDeadLetters']) {
      await refuses(id, { body: { numbers } });
      const both = { numbers, filter: {} };
      is(await ask(id, { headers: operator, body: both, against: true }), 422, 'validation-failed');
      const tried = json(is(await ask(id, { headers: operator, body: { numbers, dry_run: true } }), 200));
      assert.equal(tried.data.length, 1);
      const record = await carriedOut(id, { body: { numbers, by: 'kim', reason: 'a test' } });
      assert.deepEqual([record.state, record.by, record.reason, record.changed], ['done', 'kim', 'a test', 1], id);
    }
    const filter = { code: 'no.such_code', queue: 'orders', order: foreign };
    assert.equal((await carriedOut('discardDeadLetters', { body: { filter } })).changed, 0);
  });

  test('commands about one', async () => {
    const path = { number: await deadLetter() };
    is(await ask('restoreDeadLetter', { path, headers: operator, body: {} }), 409, 'dead-letter-state');
    for (const id of ['discardDeadLetter', 'restoreDeadLetter', 'redriveDeadLetter']) {
      await refuses(id, { path, body: {} });
      is(await ask(id, { path: unknown, headers: operator, body: {} }), 404, 'dead-letter-not-found');
      is(await ask(id, { path, headers: operator, body: { dry_run: true } }), 200);
      const headers = { ...operator, 'Idempotency-Key': `a key of these tests, ${id}` };
      assert.equal((await carriedOut(id, { path, headers, body: { by: 'kim' } })).changed, 1, id);
      is(await ask(id, { path, headers: operator, body: {} }), 409, 'dead-letter-state');
    }
  });

  test('another body', async () => {
    const path = { number: await deadLetter() };
    const { PlaceOrder, CancelOrder } = messages.components.messages;
    const body = JSON.stringify(CancelOrder.examples[0].payload);
    await refuses('editDeadLetter', { path, body: { body } });
    is(await ask('editDeadLetter', { path: unknown, headers: operator, body: { body } }), 404, 'dead-letter-not-found');
    is(await ask('editDeadLetter', { path, headers: operator, body: { body: 'x' } }), 422, 'message-unreadable');
    const stored = JSON.stringify({ ...PlaceOrder.examples[0].payload, subject: await settledOrder() });
    is(await ask('editDeadLetter', { path, headers: operator, body: { body: stored } }), 409, 'order-stored');
    const long = { body: 'x'.repeat(102_401) };
    const refused = await ask('editDeadLetter', { path, headers: operator, body: long, against: true });
    is(refused, 422, 'validation-failed');
    assert.equal((await carriedOut('editDeadLetter', { path, body: { body } })).changed, 1);
    const letter = json(is(await ask('getDeadLetter', { path, headers: operator }), 200));
    assert.deepEqual([letter.readable, letter.edited, letter.body], [true, true, body]);
    await carriedOut('discardDeadLetter', { path, body: {} });
    is(await ask('editDeadLetter', { path, headers: operator, body: { body } }), 409, 'dead-letter-state');
  });

  test('the audit records', async () => {
    await carriedOut('discardDeadLetters', { body: { filter: { code: 'no.such_code' } } });
    const { data } = json(is(await ask('listAudit', { headers: onlooker, query: { limit: '1' } }), 200));
    is(await ask('listAudit', { headers: operator, query: { starting_after: data[0].id } }), 200);
    const other = { headers: operator, query: { starting_after: 'no such command' } };
    is(await ask('listAudit', other), 400, 'malformed-request');
    is(await ask('listAudit', { headers: operator, query: { limit: '101' }, against: true }), 400, 'malformed-request');
    is(await ask('listAudit'), 401, 'unauthorized');
    const path = { id: 'no-such-command' };
    is(await ask('getAuditRecord', { path, headers: operator }), 404, 'command-not-found');
    is(await ask('getAuditRecord', { path }), 401, 'unauthorized');
  });
});

describe('callbacks of the payment provider', () => {
  const secret = Buffer.alloc(32, 7).toString('base64');

  /** Standard Webhooks 1.0. @param {unknown} body @param {number} [age] in seconds @returns {Record<string, string>} */
  function signed(body, age = 0) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const time = String(Math.floor(Date.now() / 1000) - age);
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`a-callback.${time}.${text}`);
    const signature = `v1,${mac.digest('base64')}`;
    return { 'webhook-id': 'a-callback', 'webhook-timestamp': time, 'webhook-signature': signature };
  }

  test('taken and refused', async () => {
    const paid = await startProgram({
      ORDERFLOW_WORKER: 'off',
      ORDERFLOW_PAYMENT_PROVIDER: 'http',
      ORDERFLOW_PAYMENT_URL: 'http://127.0.0.1:9/payments',
      ORDERFLOW_PAYMENT_SECRET: `whsec_${secret}`,
    });
    const call = (/** @type {unknown} */ body, /** @type {Call} */ change = {}) =>
      ask('reportPayment', { body, headers: signed(body), to: paid, ...change });
    try {
      const { id } = json(is(await ask('placeOrder', { body: smallest, to: paid }), 202));
      const news = { key: `${id}:charge`, state: 'captured' };
      is(await call(news), 202);
      is(await call(news), 202);
      is(await call(news, { headers: signed(news, 301) }), 401, 'signature-invalid');
      is(await call(news, { headers: signed({ key: `${id}:refund` }) }), 401, 'signature-invalid');
      is(await call(news, { headers: {}, against: true }), 401, 'signature-invalid');
      is(await call({ key: `${foreign}:charge` }), 404, 'order-not-found');
      is(await call('{', { against: true }), 400, 'malformed-json');
      is(await call(news, { type: 'text/plain', against: true }), 415, 'unsupported-media-type');
      is(await call({ key: 'ord_1:charge' }, { against: true }), 422, 'validation-failed');
      is(await call({ ...news, more: 'x'.repeat(16_384) }), 413, 'body-too-large');
    } finally {
      assert.equal(await paid.stop(), 0);
    }
  });

  test('without a provider', async () => {
    const news = { key: `${foreign}:charge` };
    is(await ask('reportPayment', { body: news, headers: signed(news) }), 404, 'not-found');
  });
});

describe('everything else', () => {
  test('the products', async () => {
    const products = is(await ask('listProducts'), 200);
    assert.ok(json(products).data.length > 10);
    is(await ask('listProducts', { headers: { 'If-None-Match': header(products, 'etag') ?? '' } }), 304);
  });

  test('the pages', async () => {
    const path = { id: await settledOrder() };
    for (const [id, call] of /** @type {[string, Call][]} */ ([
      ['showShop', {}],
      ['showOrder', { path }],
      ['getAsset', { path: { file: 'base.css' } }],
      ['getOpenApi', {}],
      ['getAsyncApi', {}],
    ])) {
      const page = is(await ask(id, call), 200);
      is(await ask(id, { ...call, headers: { 'If-None-Match': header(page, 'etag') ?? '' } }), 304);
    }
    is(await ask('showOrder', { path, query: { view: 'plain' } }), 200);
    is(await ask('showOrder', { path: { id: foreign }, query: { view: 'plain' } }), 404);
    is(await ask('getAsset', { path: { file: 'no-such-file.css' } }), 404, 'not-found');
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
      return one(operation.id, program, asked.method, path, toBytes(asked));
    };

    test(`${operation.id} refuses what is no request for it`, async () => {
      is(await odd({ method: 'PATCH' }), 405, 'method-not-allowed');
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
          program,
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

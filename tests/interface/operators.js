// The operations of operators: dead letters, commands with their audit records, stock, the timeline of an order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as sqs from '@aws-sdk/client-sqs';

import { messages } from './asyncapi.js';
import { ask, foreign, is, json, onlooker, operator, settledOrder, smallest, theProgram } from './calls.js';
import { eventsOf } from './openapi.js';
import { header } from './wire.js';

/** @typedef {import('./calls.js').Call} Call */

/** Makes a dead letter: a message that nobody can read. @returns {Promise<string>} its number */
async function deadLetter() {
  const text = `not JSON, ${Math.random()}`;
  const client = new sqs.SQSClient({
    region: 'us-east-1',
    endpoint: theProgram().sqsUrl,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const address = `${theProgram().sqsUrl}/000000000000/${messages.channels.orders.address}`;
  const { MessageId } = await client.send(new sqs.SendMessageCommand({ QueueUrl: address, MessageBody: text }));
  client.destroy();
  for (;;) {
    const { data } = json(await ask('listDeadLetters', { headers: operator, query: { limit: '100' } }));
    const letter = data.find((/** @type {any} */ one) => one.message_id === MessageId);
    if (letter) return String(letter.number);
  }
}

/** Gives a command. @param {string} id @param {Call} call @returns {Promise<any>} its audit record, once it is over */
export async function carriedOut(id, call) {
  const accepted = is(await ask(id, { headers: operator, ...call }), 202);
  assert.equal(header(accepted, 'location'), json(accepted).links.self);
  return over(json(accepted).id);
}

/** @param {string} id @returns {Promise<any>} the audit record of a command, once it is over */
export async function over(id) {
  for (;;) {
    const record = await ask('getAuditRecord', { path: { id }, headers: onlooker });
    if (record.status === 200 && json(record).state !== 'running') return json(record);
    if (record.status !== 200) is(record, 404, 'command-not-found');
  }
}

/** What every command refuses. @param {string} id @param {Call} call that it would take */
export async function refuses(id, call) {
  is(await ask(id, call), 401, 'unauthorized');
  is(await ask(id, { ...call, headers: onlooker }), 403, 'forbidden');
  const asked = { ...call, headers: operator };
  is(await ask(id, { ...asked, type: 'text/plain', against: true }), 415, 'unsupported-media-type');
  is(await ask(id, { ...asked, body: '{', against: true }), 400, 'malformed-json');
  const keyed = { ...operator, 'Idempotency-Key': 'short' };
  is(await ask(id, { ...call, headers: keyed, against: true }), 400, 'invalid-idempotency-key');
  is(await ask(id, { ...asked, body: { letters: [1] }, against: true }), 422, 'validation-failed');
}

export function describeOperators() {
  describe('dead letters', () => {
    const unknown = { number: '999999999999999999' };

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
        assert.deepEqual([tried.data.length, tried.count], [1, 1]);
        const record = await carriedOut(id, { body: { numbers, by: 'kim', reason: 'a test' } });
        assert.deepEqual([record.state, record.by, record.reason], ['done', 'kim', 'a test'], id);
        assert.deepEqual([record.count, record.changed], [1, 1], id);
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

  describe('commands and reads of operators', () => {
  test('stopping a command', async () => {
    const numbers = [];
    for (let i = 0; i < 4; ++i) numbers.push(Number(await deadLetter()));
    const slow = { headers: operator, body: { numbers, per_second: 1 } };
    const path = { id: json(is(await ask('redriveDeadLetters', slow), 202)).id };
    for (;;) {
      const record = await ask('getAuditRecord', { path, headers: onlooker });
      if (record.status === 200) break;
    }
    await refuses('stopCommand', { path, body: {} });
    assert.equal((await carriedOut('stopCommand', { path, body: { by: 'kim', reason: 'too fast' } })).state, 'done');
    const stopped = json(await ask('getAuditRecord', { path, headers: onlooker }));
    assert.equal(stopped.state, 'stopped');
    assert.ok(stopped.changed < numbers.length, `${stopped.changed}`);
    is(await ask('stopCommand', { path, headers: operator, body: {} }), 409, 'command-over');
    const never = { id: 'no-such-command' };
    is(await ask('stopCommand', { path: never, headers: operator, body: {} }), 404, 'command-not-found');
    const waiting = { id: 'f'.repeat(32) };
    assert.equal((await carriedOut('stopCommand', { path: waiting, body: {} })).state, 'done');
    const early = json(is(await ask('getAuditRecord', { path: waiting, headers: onlooker }), 200));
    assert.deepEqual([early.state, early.action], ['stopped', 'unknown']);
  });

  test('stock', async () => {
    const path = { sku: 'NB-A5-DOT' };
    await refuses('changeStock', { path, body: { add: 1, reason: 'a test' } });
    is(await ask('changeStock', { path, headers: operator, body: {}, against: true }), 422, 'validation-failed');
    const both = { path, headers: operator, body: { add: 1, set: 1, reason: 'a test' }, against: true };
    is(await ask('changeStock', both), 422, 'validation-failed');
    const stock = async () => json(is(await ask('listStock', { headers: onlooker }), 200)).data;
    const of = (/** @type {any[]} */ list) => list.find((one) => one.sku === path.sku);
    const before = of(await stock());
    const added = await carriedOut('changeStock', { path, body: { add: 3, by: 'kim', reason: 'delivery 4711' } });
    assert.deepEqual([added.state, added.action, added.changed], ['done', 'stock.add', 1]);
    assert.equal(of(await stock()).on_hand, before.on_hand + 3);
    const none = await carriedOut('changeStock', { path, body: { set: 0, reason: 'a test' } });
    assert.deepEqual([none.state, none.failure.code], ['refused', 'stock.below_reserved']);
    is(await ask('listStock'), 401, 'unauthorized');
    const odd = { headers: onlooker, query: { page: '2' }, against: true };
    is(await ask('listStock', odd), 400, 'malformed-request');
    const never = { path: { sku: 'no sku' }, headers: operator, body: { add: 1, reason: 'a test' }, against: true };
    is(await ask('changeStock', never), 404, 'product-not-found');
  });

  test('the workers', async () => {
    const workers = async () => json(is(await ask('getWorkers', { headers: onlooker }), 200));
    const reach = async (/** @type {(one: any) => boolean} */ wanted) => {
      for (;;) {
        const { data } = await workers();
        if (data.length > 0 && data.every(wanted)) return;
      }
    };
    is(await ask('getWorkers'), 401, 'unauthorized');
    for (const id of ['pauseWorkers', 'resumeWorkers']) await refuses(id, { body: { by: 'kim' } });
    await refuses('limitWorkers', { body: { in_progress_max: 64 } });
    const none = { headers: operator, body: { in_progress_max: 0 }, against: true };
    is(await ask('limitWorkers', none), 422, 'validation-failed');

    const paused = await carriedOut('pauseWorkers', { body: { by: 'kim', reason: 'a test' } });
    assert.deepEqual([paused.state, paused.action, paused.changed], ['done', 'workers.pause', 1]);
    const told = await workers();
    assert.deepEqual([told.paused, told.paused_by.command], [true, paused.links.self]);
    await carriedOut('limitWorkers', { body: { in_progress_max: 64 } });
    await reach((one) => one.paused && one.in_progress_max === 64);
    await carriedOut('resumeWorkers', { body: {} });
    await carriedOut('limitWorkers', { body: { in_progress_max: null } });
    await reach((one) => !one.paused && one.in_progress_max > 64);
  });

  test('the overview, its stream and its history', async () => {
    for (const id of ['getOverview', 'streamOverview', 'getOverviewHistory']) {
      is(await ask(id), 401, 'unauthorized');
    }
    await settledOrder();
    for (;;) {
      const { data } = json(is(await ask('getOverviewHistory', { headers: onlooker }), 200));
      const settled = data.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.settled.confirmed, 0);
      if (settled > 0) break;
    }
    const overview = json(is(await ask('getOverview', { headers: onlooker }), 200));
    assert.deepEqual(
      overview.instances.map((/** @type {any} */ one) => [one.program, one.state]),
      [['orderflow', 'live']],
    );
    const stream = is(await ask('streamOverview', { headers: onlooker }), 200);
    assert.deepEqual(new Set(eventsOf(stream.body).map(({ event }) => event)), new Set(['overview']));
    const odd = { headers: operator, query: { step: '1' }, against: true };
    is(await ask('getOverviewHistory', odd), 400, 'malformed-request');
  });

  test('the timeline of an order', async () => {
    const path = { id: await settledOrder() };
    const timeline = json(is(await ask('getOrderTimeline', { path, headers: onlooker }), 200));
    const kinds = new Set(timeline.data.map((/** @type {any} */ entry) => entry.kind));
    assert.deepEqual([...kinds].sort(), ['event', 'payment_attempt', 'posting', 'stock']);
    is(await ask('getOrderTimeline', { path }), 401, 'unauthorized');
    is(await ask('getOrderTimeline', { path: { id: foreign }, headers: operator }), 404, 'order-not-found');
  });

  test('what left the warehouse', async () => {
    const path = { id: await settledOrder() };
    const order = json(await ask('getOrder', { path }));
    const lines = order.items.map((/** @type {any} */ { sku, quantity }) => ({ sku, quantity }));
    await refuses('fulfillOrder', { path, body: { lines } });
    const body = { lines, carrier: 'DHL', tracking_number: '00340434161094042557' };
    const headers = { ...operator, 'Idempotency-Key': `parcel 1 of ${path.id}` };
    const more = { lines: [{ sku: lines[0].sku, quantity: lines[0].quantity + 1 }] };
    is(await ask('fulfillOrder', { path, headers, body: more }), 409, 'more-than-ordered');
    const accepted = is(await ask('fulfillOrder', { path, headers, body }), 202);
    assert.equal(header(accepted, 'location'), `/v1/orders/${path.id}`);
    for (;;) {
      const found = json(is(await ask('getOrder', { path }), 200));
      if (found.status !== 'completed') continue;
      assert.deepEqual([found.fulfillment_status, found.fulfillments.length], ['fulfilled', 1]);
      assert.equal(found.fulfillments[0].id, json(accepted).fulfillment);
      break;
    }
    is(await ask('fulfillOrder', { path, headers, body }), 202);
    is(await ask('fulfillOrder', { path, headers, body: { lines } }), 422, 'idempotency-key-reused');
    is(await ask('fulfillOrder', { path, headers: operator, body }), 409, 'not-fulfillable');
    is(await ask('cancelOrder', { path, body: { reason: 'customer' } }), 409, 'not-cancellable');
    const timeline = json(is(await ask('getOrderTimeline', { path, headers: onlooker }), 200));
    assert.ok(timeline.data.some((/** @type {any} */ entry) => entry.moves?.[0]?.shipped > 0));
    is(await ask('fulfillOrder', { path: { id: foreign }, headers, body }), 404, 'order-not-found');
  });

  test('a file of products', async () => {
    const file = 'sku,name,category,on_hand,price_EUR,price_GBP\nTEST-VASE,"Vase, blue",tests,7,900,800\n';
    const csv = (/** @type {string} */ body) => ({ headers: operator, type: 'text/csv', body });
    is(await ask('importProducts', { ...csv(file), headers: {} }), 401, 'unauthorized');
    is(await ask('importProducts', { ...csv(file), headers: onlooker }), 403, 'forbidden');
    is(await ask('importProducts', { ...csv(file), type: 'text/plain', against: true }), 415);
    const keyed = { ...operator, 'Idempotency-Key': 'short' };
    is(await ask('importProducts', { ...csv(file), headers: keyed, against: true }), 400, 'invalid-idempotency-key');
    const wrong = json(is(await ask('importProducts', csv(`${file}TEST-CUP,,tests,-1,x,1\n`)), 422, 'validation-failed'));
    const places = wrong.errors.map((/** @type {any} */ error) => `${error.line} ${error.column}`);
    assert.deepEqual(places.sort(), ['3 name', '3 on_hand', '3 price_EUR']);
    const dry = { ...csv(`${file}TEST-CUP,,tests,-1,x,1\n`), query: { dry_run: 'true' } };
    const preview = json(is(await ask('importProducts', dry), 200));
    assert.deepEqual([preview.importable, preview.new, preview.refused], [false, 1, 1]);
    is(await ask('importProducts', { ...csv(file), query: { dry: 'true' }, against: true }), 400, 'malformed-request');
    const text = JSON.stringify({ sku: 'TEST-CUP', name: 'Cup', prices: { EUR: 500 }, on_hand: 3 });
    for (const [type, body, changed] of [
      ['text/csv', file, 1],
      ['text/csv', file, 0],
      ['application/x-ndjson', text, 1],
    ]) {
      const call = { headers: operator, type: String(type), body, query: { by: 'kim', reason: 'autumn' } };
      const accepted = json(is(await ask('importProducts', call), 202));
      const record = await over(accepted.parts[0].id);
      assert.deepEqual([record.state, record.changed, record.by], ['done', changed, 'kim']);
    }
    const { data } = json(await ask('listProducts'));
    const vase = data.find((/** @type {any} */ product) => product.sku === 'TEST-VASE');
    assert.deepEqual([vase.name, vase.available, vase.prices], ['Vase, blue', 7, { EUR: 900, GBP: 800 }]);
  });

  test('erasing a customer', async () => {
    const email = `ada.${Math.random()}@example.com`;
    const body = { email, by: 'kim', reason: 'request 17' };
    await refuses('eraseCustomer', { body });
    for (const broken of [
      { ...body, email: 'nobody' },
      { ...body, reason: undefined },
      { ...body, customer_id: 'c-1' },
      { ...body, tenant: 'A' },
    ]) {
      is(await ask('eraseCustomer', { headers: operator, body: broken, against: true }), 422, 'validation-failed');
    }
    const named = { headers: operator, body: { ...body, reason: `letter of ${email}` } };
    is(await ask('eraseCustomer', named), 422, 'validation-failed');

    const headers = { 'Idempotency-Key': `the key of ${email}` };
    const declined = { ...smallest.payment, token: 'tok_declined' };
    const order = { ...smallest, customer: { ...smallest.customer, email }, payment: declined };
    const { id } = json(is(await ask('placeOrder', { body: order, headers }), 202));
    const path = { id };
    while (json(is(await ask('getOrder', { path }), 200)).status !== 'rejected');
    const kept = json(is(await ask('placeOrder', { body: { ...order, payment: smallest.payment } }), 202)).id;
    while (json(is(await ask('getOrder', { path: { id: kept } }), 200)).status !== 'confirmed');

    const record = await carriedOut('eraseCustomer', { body });
    assert.deepEqual([record.state, record.action, record.changed, record.skipped], ['done', 'customer.erase', 1, 1]);
    assert.deepEqual([record.failure.code, record.failure.detail.includes(kept)], ['erasure.orders_kept', true]);
    assert.ok(!JSON.stringify(record).includes(email));
    const nobody = { customer_id: 'no such', tenant: 'default', reason: 'x' };
    const none = await carriedOut('eraseCustomer', { body: nobody });
    assert.deepEqual([none.changed, none.skipped, none.failure], [0, 0, undefined]);

    const gone = is(await ask('getOrder', { path }), 410);
    assert.equal(json(gone).last_status, 'rejected');
    for (const operation of ['listOrderEvents', 'streamOrderEvents']) is(await ask(operation, { path }), 410);
    is(await ask('showOrder', { path, query: { view: 'plain' } }), 410);
    is(await ask('getOrderTimeline', { path, headers: onlooker }), 410);
    is(await ask('cancelOrder', { path, body: { reason: 'customer' } }), 410);
    const shipped = { lines: [{ sku: order.items[0].sku, quantity: 1 }] };
    is(await ask('fulfillOrder', { path, headers: operator, body: shipped }), 410);
    const other = { ...order, notes: 'another' };
    is(await ask('placeOrder', { body: other, headers }), 422, 'idempotency-key-reused');
  });

  test('orders by id, number and key', async () => {
    const key = { 'Idempotency-Key': 'a key that an operator looks for' };
    const { id } = json(is(await ask('placeOrder', { body: smallest, headers: key }), 202));
    for (;;) {
      const { data } = json(is(await ask('listOrders', { headers: onlooker, query: { id } }), 200));
      if (data.length === 1) break;
    }
    const by = async (/** @type {Record<string, string>} */ query) =>
      json(is(await ask('listOrders', { headers: onlooker, query }), 200)).data;
    const [found] = await by({ key: key['Idempotency-Key'] });
    assert.equal(found.id, id);
    assert.equal((await by({ number: String(found.number) }))[0].id, id);
    assert.deepEqual(await by({ id, status: 'rejected' }), []);
    const odd = { headers: operator, query: { number: 'x' }, against: true };
    is(await ask('listOrders', odd), 400, 'malformed-request');
  });
  });
}

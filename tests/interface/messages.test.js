// Goal: what lies on the queues, and what the event stream says, is what asyncapi.json says; and a message that follows
// the document is understood. Method: the real program with its worker off; the AWS SDK reads and writes its queues.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as sqs from '@aws-sdk/client-sqs';
import fc from 'fast-check';

import { startProgram } from '../http/program.js';
import { messages as api, wrongWithEvent, wrongWithMessage } from './asyncapi.js';
import { eventsOf } from './openapi.js';
import { validOrder } from './bodies.js';
import { exchange, toBytes } from './wire.js';

/** @param {string} name @param {unknown} payload */
const assertIs = (name, payload) => assert.equal(wrongWithMessage(name, payload), undefined);

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const orders = fc.sample(validOrder, { seed, numRuns: 200 });

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
/** @type {sqs.SQSClient} */
let client;
before(async () => {
  program = await startProgram({ ORDERFLOW_WORKER: 'off' });
  client = clientOf(program);
});
after(async () => {
  client.destroy();
  assert.equal(await program.stop(), 0);
});

/** @param {{sqsUrl: string}} of */
const clientOf = ({ sqsUrl }) =>
  new sqs.SQSClient({ region: 'us-east-1', endpoint: sqsUrl, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
/** @param {string} channel @param {{sqsUrl: string}} [of] */
const urlOf = (channel, of = program) => `${of.sqsUrl}/000000000000/${api.channels[channel].address}`;

/** @param {string} channel @param {object} [options] */
async function receive(channel, options = {}) {
  const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 };
  const { Messages } = await client.send(
    new sqs.ReceiveMessageCommand({ QueueUrl: urlOf(channel), ...all, ...options }),
  );
  return Messages ?? [];
}

/** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] @param {string} [to] */
async function post(path, body, headers = {}, to = program.url) {
  const fields = { 'Content-Type': 'application/json', ...headers };
  const answer = await fetch(`${to}${path}`, { method: 'POST', headers: fields, body: JSON.stringify(body) });
  assert.equal(answer.status, 202, await answer.clone().text());
  return answer.json();
}

test(`every order on the queue is a PlaceOrder (seed ${seed})`, async () => {
  const placed = new Map();
  for (const order of orders) {
    const { id, fingerprint } = await post('/v1/orders', order);
    placed.set(id, fingerprint);
  }
  let messages = [];
  for (let more = await receive('orders'); more.length > 0; more = await receive('orders')) messages.push(...more);
  assert.equal(messages.length, orders.length);
  for (const { Body, MessageAttributes } of messages) {
    assert.equal(MessageAttributes, undefined);
    const event = JSON.parse(Body ?? '');
    assertIs('PlaceOrder', event);
    assert.equal(event.data.fingerprint, placed.get(event.subject));
  }
});

test('an order with amounts of its own on the queue is a PlaceOrder', async () => {
  const key = program.keys('create', '--tenant', 'acme', '--scope', 'orders:write', '--scope', 'orders:prices').trim();
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  const body = JSON.stringify(api.components.messages.PlaceOrder.examples[1].payload.data.order);
  let answer; // the running program has noticed the key as soon as it is another one
  do answer = await fetch(`${program.url}/v1/orders`, { method: 'POST', headers, body });
  while (answer.status === 401);
  assert.equal(answer.status, 202, await answer.clone().text());
  const [{ Body }] = await receive('orders');
  const event = JSON.parse(Body ?? '');
  assertIs('PlaceOrder', event);
  assert.equal(JSON.stringify(event.data.order), body, 'the example is in the canonical form');
  assert.equal(event.data.tenant, 'acme');
});

test('a cancellation on the queue is a CancelOrder', async () => {
  const { id } = await post('/v1/orders', orders[0]);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await post(`/v1/orders/${id}/cancel`, { reason: 'customer' }, { traceparent, 'If-Match': '"4"' });
  const [{ Body }] = await receive('commands');
  const event = JSON.parse(Body ?? '');
  assertIs('CancelOrder', event);
  assert.deepEqual([event.subject, event.data], [id, { reason: 'customer', expected_version: 4 }]);
  assert.match(event.traceparent, /^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
});

test('a dead letter is the message that it was', async () => {
  const { id } = await post('/v1/orders', orders[1]);
  await client.send(new sqs.PurgeQueueCommand({ QueueUrl: urlOf('commands') }));
  await post(`/v1/orders/${id}/cancel`, { reason: 'customer' });
  let last = '';
  for (;;) {
    const [message] = await receive('commands', { VisibilityTimeout: 0, WaitTimeSeconds: 0 });
    if (!message) break;
    last = message.Body ?? '';
  }
  const [{ Body }] = await receive('deadLetters');
  assert.equal(Body, last);
  assertIs('CancelOrder', JSON.parse(Body ?? ''));
});

test('the examples follow their schemas', () => {
  for (const [name, { examples }] of Object.entries(api.components.messages)) {
    assert.ok(examples.length > 0, name);
    for (const { payload } of examples) assertIs(name, payload);
  }
});

test('the worker understands the examples, and takes nothing that the document refuses', async () => {
  const working = await startProgram();
  const sender = clientOf(working);
  try {
    const send = (/** @type {string} */ channel, /** @type {unknown} */ event) =>
      sender.send(
        new sqs.SendMessageCommand({ QueueUrl: urlOf(channel, working), MessageBody: JSON.stringify(event) }),
      );
    const place = api.components.messages.PlaceOrder.examples[0].payload;
    const cancel = api.components.messages.CancelOrder.examples[0].payload;
    const strange = { ...place, id: 'strange', subject: 'ord_0zc3qk9v2m4t8xw1b6hn5rj0dg', more: 1 };
    assert.throws(() => assertIs('PlaceOrder', strange));
    await send('orders', strange);
    await send('orders', place);
    await send('commands', { ...cancel, data: { reason: 'customer' } });
    const stored = await eventually(async () => {
      const { data } = await (await fetch(`${working.url}/v1/orders?status=cancelled`)).json();
      return data[0];
    });
    assert.equal(stored.id, place.subject);
    const held = await eventually(async () => {
      const metrics = await (await fetch(`${working.url}/metrics`)).text();
      return /^orderflow_worker_dead_letters_total\{[^}]*\} 1$/m.exec(metrics)?.[0];
    });
    assert.match(held, /orders/);
  } finally {
    sender.destroy();
    assert.equal(await working.stop(), 0);
  }
});

/** Asks until there is an answer. @template T @param {() => Promise<T | undefined>} ask @returns {Promise<T>} */
async function eventually(ask) {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((turn) => {
      setImmediate(turn);
    });
  }
}

test('the stream of an order has its events and heartbeats', async () => {
  const working = await startProgram();
  try {
    const { id } = await post(
      '/v1/orders',
      api.components.messages.PlaceOrder.examples[0].payload.data.order,
      {},
      working.url,
    );
    const asked = toBytes({ method: 'GET', target: `/v1/orders/${id}/stream`, headers: [['Host', '127.0.0.1']] });
    const types = new Set();
    await eventually(async () => {
      const { answers } = await exchange(working.port, [asked], { methods: ['GET'] });
      for (const event of eventsOf(answers[0].body)) {
        assert.equal(wrongWithEvent(event), undefined);
        types.add(event.event);
      }
      return types.has('order.created') || undefined;
    });
    assert.ok(types.has('heartbeat') && types.has('order.accepted'), [...types].join());
  } finally {
    assert.equal(await working.stop(), 0);
  }
});

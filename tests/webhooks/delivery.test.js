// Goal: a receiver that uses the library of Standard Webhooks gets every event of an order, signed, in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { startProgram } from '../http/program.js';
import { startReceiver } from './receiver.js';
import { shopAt } from './shop.js';

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
/** @type {Awaited<ReturnType<typeof startReceiver>>} */
let receiver;
/** @type {ReturnType<typeof shopAt>} */
let shop;
before(async () => {
  receiver = await startReceiver();
  program = await startProgram({ ORDERFLOW_WEBHOOK_ALLOW: 'private,http' });
  shop = shopAt(program.url);
});
after(async () => {
  assert.equal(await program?.stop(), 0);
  await receiver?.stop();
});

test('every event of an order comes signed, in order, and a changed one is refused', async () => {
  const { webhook, secret } = await shop.webhook({ url: `${receiver.url}/binary` });
  const verifier = new Webhook(secret);
  const order = await shop.order();
  const events = await shop.events(order);
  await receiver.until(() => receiver.at('/binary').length >= events.length);
  const got = receiver.at('/binary');
  assert.deepEqual(got.map(({ headers }) => headers['webhook-id']), events.map(({ version }) => `${order}:${version}`));
  for (const [i, { body, headers }] of got.entries()) {
    const data = /** @type {any} */ (verifier.verify(body, headers));
    assert.deepEqual([data.order, data.version, data.type], [order, events[i].version, events[i].type]);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['ce-specversion'], '1.0');
    assert.equal(headers['ce-id'], headers['webhook-id']);
    assert.equal(headers['ce-type'], events[i].type);
    assert.equal(headers['ce-subject'], order);
    assert.ok(!body.includes('ada@example.com'));
    assert.throws(() => verifier.verify(`${body} `, headers));
  }
  const log = await shop.delivery(webhook, `&order=${order}`);
  assert.deepEqual([log.outcome, log.status, log.lane], ['delivered', 204, 'live']);
  await shop.command(`/v1/admin/webhooks/${webhook}`, { enabled: false }, 'PATCH');
});

test('a structured event is a whole CloudEvent, of the types that are wanted', async () => {
  const wishes = { url: `${receiver.url}/structured`, mode: 'structured', events: ['order.confirmed'] };
  const { webhook, secret } = await shop.webhook(wishes);
  const order = await shop.order();
  await receiver.until(() => receiver.at('/structured').length > 0);
  const [{ headers, body }] = receiver.at('/structured');
  const event = /** @type {any} */ (new Webhook(secret).verify(body, headers));
  assert.match(headers['content-type'], /^application\/cloudevents\+json/);
  const { specversion, id, source, type, subject, data } = event;
  assert.deepEqual([specversion, source, type, subject], ['1.0', 'orderflow/orders', 'order.confirmed', order]);
  assert.equal(id, headers['webhook-id']);
  assert.equal(data.order, order);
  await shop.command(`/v1/admin/webhooks/${webhook}`, { enabled: false }, 'PATCH');
});

test('while a secret is replaced, receivers with either take the message', async () => {
  const { webhook, secret } = await shop.webhook({ url: `${receiver.url}/rotated`, events: ['order.created'] });
  const { secret: next } = await shop.command(`/v1/admin/webhooks/${webhook}/secret`, {});
  assert.notEqual(next, secret);
  await shop.command(`/v1/admin/webhooks/${webhook}/test`, {});
  await receiver.until(() => receiver.at('/rotated').length > 0);
  const [{ headers, body }] = receiver.at('/rotated');
  assert.equal(headers['ce-type'], 'orderflow.webhook.test');
  for (const known of [secret, next]) new Webhook(known).verify(body, headers);
  await shop.command(`/v1/admin/webhooks/${webhook}`, { enabled: false }, 'PATCH');
});

test('a replay brings the same ids again: one event, and those of a time', async () => {
  const { webhook, secret } = await shop.webhook({ url: `${receiver.url}/replayed`, events: ['order.confirmed'] });
  const since = new Date().toISOString();
  const order = await shop.order();
  await receiver.until(() => receiver.at('/replayed').length === 1);
  const until = new Date(Date.now() + 1000).toISOString();
  const { 'webhook-id': id } = receiver.at('/replayed')[0].headers;
  assert.ok(id.startsWith(`${order}:`));
  await shop.command(`/v1/admin/webhooks/${webhook}/replay`, { event: id });
  await receiver.until(() => receiver.at('/replayed').length === 2);
  await shop.command(`/v1/admin/webhooks/${webhook}/replay`, { since, until });
  await receiver.until(() => receiver.at('/replayed').length === 3);
  for (const { headers, body } of receiver.at('/replayed')) {
    assert.equal(headers['webhook-id'], id);
    new Webhook(secret).verify(body, headers);
  }
});

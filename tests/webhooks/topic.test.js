// Goal: events of orders reach a topic of Amazon SNS: every one, in order for each order, whatever fails on the way.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { startProgram } from '../http/program.js';
import { startServices } from '../interface/services.js';
import { shopAt } from './shop.js';
import { arn, settingsFor, startTopic } from './topic.js';

/** @typedef {Awaited<ReturnType<typeof startTopic>>} Topic */

/** The endpoint that the worker made of its configuration. @param {ReturnType<typeof shopAt>} shop */
async function declared(shop) {
  for (;;) {
    const { body } = await shop.call('/v1/admin/webhooks');
    const found = body.data.find((/** @type {any} */ one) => one.url === arn);
    if (found) return found;
  }
}

/** What must have come of these orders. @param {ReturnType<typeof shopAt>} shop @param {string[]} orders */
async function expectedOf(shop, orders) {
  /** @type {Map<string, string[]>} */
  const expected = new Map();
  for (const id of orders) expected.set(id, (await shop.events(id)).map(({ version }) => `${id}:${version}`));
  return expected;
}

/** @param {Topic} topic @param {Map<string, string[]>} expected */
async function allCame(topic, expected) {
  const total = [...expected.values()].flat().length;
  await topic.until(() => new Set(topic.published.map(({ id }) => id)).size >= total);
  for (const [order, ids] of expected) assert.deepEqual(topic.firsts().get(order), ids);
  assert.deepEqual(topic.wrong, []);
}

test('the worker-service publishes what the api-service took, as CloudEvents with what filters need', async () => {
  const topic = await startTopic();
  const services = await startServices(settingsFor(topic.url));
  try {
    const shop = shopAt(services.urls['api-service']);
    const endpoint = await declared(shop);
    assert.deepEqual([endpoint.mode, endpoint.events, endpoint.secrets, endpoint.enabled], ['structured', ['*'], [], true]);
    const order = await shop.order();
    const expected = await expectedOf(shop, [order]);
    await allCame(topic, expected);
    for (const { group, id, body, attributes } of topic.published) {
      const event = JSON.parse(body);
      assert.deepEqual([event.specversion, event.id, event.subject, event.data.order], ['1.0', id, order, order]);
      assert.equal(group, order);
      assert.equal(attributes.event_type, event.type);
      assert.equal(attributes.tenant, 'default');
    }
    const status = (/** @type {string} */ type) =>
      topic.published.find(({ attributes }) => attributes.event_type === type)?.attributes.order_status;
    assert.deepEqual(['order.created', 'payment.captured', 'order.confirmed'].map(status), ['processing', undefined, 'confirmed']);
    const log = await shop.delivery(endpoint.id, `&order=${order}`);
    assert.deepEqual([log.outcome, log.status, log.answer], ['delivered', 200, 'MessageId m']);

    await shop.command(`/v1/admin/webhooks/${endpoint.id}/test`, { by: 'kim' });
    await topic.until(() => topic.published.some(({ group }) => group === 'test'));
    await shop.command(`/v1/admin/webhooks/${endpoint.id}/replay`, { event: `${order}:2`, by: 'kim' });
    await topic.until(() => topic.published.filter(({ id }) => id === `${order}:2`).length === 2);
    for (const [path, body, method] of /** @type {[string, object, string][]} */ ([
      ['/secret', {}, 'POST'],
      ['', { mode: 'binary' }, 'PATCH'],
    ])) {
      const refused = await shop.call(`/v1/admin/webhooks/${endpoint.id}${path}`, { method, body: JSON.stringify(body) });
      assert.deepEqual([refused.status, refused.body.code], [409, 'webhook-state']);
    }
    const printed = services.printed()['worker-service'].stderr;
    assert.match(printed, /topic\.declared/);
    assert.ok(!printed.includes('a secret of these tests'));
  } finally {
    assert.deepEqual(await services.stop(), [0, 0, 0]);
    await topic.stop();
  }
});

test('a topic that is away, denied, throttled and half broken gets everything in order when it is back', async () => {
  let stage = 0;
  /** @type {Set<string>} */
  const known = new Set();
  const faults = [{ status: 403, code: 'AuthorizationError' }, { status: 400, code: 'Throttled' }, { status: 503, code: 'ServiceUnavailable' }];
  const topic = await startTopic((entries) => {
    if (stage === 0) return faults[topic.calls() % faults.length];
    // What comes for the first time fails here and there; what fails twice waits for minutes.
    const fresh = entries.filter(({ id }) => !known.has(id));
    for (const { id } of entries) known.add(id);
    return new Set(fresh.filter((_, i) => i % 3 === 1).map(({ id }) => id));
  });
  const program = await startProgram(settingsFor(topic.url));
  try {
    const shop = shopAt(program.url);
    const { id } = await declared(shop);
    const orders = [];
    for (let i = 0; i < 20; ++i) orders.push(await shop.order());
    const expected = await expectedOf(shop, orders);
    const failed = await shop.delivery(id, '&outcome=failed');
    assert.match(failed.code, /^topic\./);
    stage = 1;
    await allCame(topic, expected);
    assert.ok(topic.calls() < topic.published.length, 'events that are sent at the same time share calls');
  } finally {
    await program.kill();
    await topic.stop();
  }
});

test('killed under load, no event is lost and none overtakes another of its order', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-topic-'));
  /** @type {Set<string>} */
  const known = new Set();
  let turn = 0;
  const topic = await startTopic((entries) => {
    const fresh = entries.every(({ id }) => !known.has(id));
    for (const { id } of entries) known.add(id);
    if (!fresh) return undefined;
    ++turn;
    if (turn % 7 === 3) return { status: 500, code: 'InternalError' };
    return turn % 7 === 5 ? 'broken' : undefined;
  });
  const settings = { ORDERFLOW_DATA_DIR: dataDir, ...settingsFor(topic.url) };
  try {
    let program = await startProgram(settings);
    await declared(shopAt(program.url));
    /** @type {string[]} */
    const orders = [];
    for (let life = 1; life <= 6; ++life) {
      const shop = shopAt(program.url);
      const seen = topic.published.length;
      for (let i = 0; i < 25; ++i) orders.push(await shop.order());
      await topic.until(() => topic.published.length >= seen + 25);
      await program.kill();
      program = await startProgram(settings);
    }
    await allCame(topic, await expectedOf(shopAt(program.url), orders));
    const { body } = await shopAt(program.url).call('/v1/admin/webhooks');
    assert.equal(body.data.length, 1, 'each life found the endpoint of the one before');
    await program.kill();
  } finally {
    await topic.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

// The operations about webhook endpoints.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ask, foreign, is, json, onlooker, operator, settledOrder } from './calls.js';
import { carriedOut, over, refuses } from './operators.js';

export function describeWebhooks() {
  describe('webhook endpoints', () => {
    const unknown = { id: `wh_${'0'.repeat(32)}` };
    const url = 'https://shop.invalid/hooks/orders'; // a name that never resolves

    /** Makes one. @param {object} [change] @returns {Promise<{path: {id: string}, secret: string}>} */
    async function webhook(change = {}) {
      const accepted = json(is(await ask('createWebhook', { headers: operator, body: { url, ...change } }), 202));
      await over(accepted.id);
      return { path: { id: accepted.webhook }, secret: accepted.secret };
    }

    test('making one', async () => {
      await refuses('createWebhook', { body: { url } });
      for (const bad of ['http://shop.example/', 'https://127.0.0.1/', 'https://169.254.169.254/', 'https://a@shop.example/']) {
        is(await ask('createWebhook', { headers: operator, body: { url: bad } }), 422, 'validation-failed');
      }
      const wishes = { mode: 'structured', events: ['order.confirmed'], description: 'the ERP', by: 'kim', reason: 'new' };
      const { path, secret } = await webhook(wishes);
      assert.match(secret, /^whsec_/);
      const one = json(is(await ask('getWebhook', { path, headers: onlooker }), 200));
      assert.deepEqual([one.url, one.mode, one.events, one.enabled], [url, 'structured', ['order.confirmed'], true]);
      assert.ok(!JSON.stringify(one).includes('whsec_'));
      const all = json(is(await ask('listWebhooks', { headers: onlooker }), 200));
      assert.ok(all.data.some((/** @type {any} */ each) => each.id === path.id));
      is(await ask('listWebhooks'), 401, 'unauthorized');
      const odd = { headers: onlooker, query: { page: '2' }, against: true };
      is(await ask('listWebhooks', odd), 400, 'malformed-request');
      is(await ask('getWebhook', { path }), 401, 'unauthorized');
      is(await ask('getWebhook', { path: unknown, headers: operator }), 404, 'webhook-not-found');
    });

    test('changing, trying, replaying and removing it', async () => {
      const { path } = await webhook();
      const range = { since: '2026-11-22T00:00:00.000Z', until: '2026-11-22T06:00:00.000Z' };
      for (const [id, body] of /** @type {[string, object][]} */ ([
        ['updateWebhook', { mode: 'structured' }],
        ['rotateWebhookSecret', {}],
        ['testWebhook', {}],
        ['replayWebhook', range],
      ])) {
        await refuses(id, { path, body });
        is(await ask(id, { path: unknown, headers: operator, body }), 404, 'webhook-not-found');
        assert.equal((await carriedOut(id, { path, body: { ...body, by: 'kim' } })).state, 'done', id);
      }
      const event = `${foreign}:3`;
      is(await ask('replayWebhook', { path, headers: operator, body: { event } }), 404, 'event-not-found');
      assert.equal((await carriedOut('replayWebhook', { path, body: { event: `${await settledOrder()}:2` } })).state, 'done');
      await carriedOut('updateWebhook', { path, body: { enabled: false } });
      is(await ask('testWebhook', { path, headers: operator, body: {} }), 409, 'webhook-state');
      is(await ask('replayWebhook', { path, headers: operator, body: range }), 409, 'webhook-state');

      is(await ask('removeWebhook', { path }), 401, 'unauthorized');
      is(await ask('removeWebhook', { path, headers: onlooker }), 403, 'forbidden');
      const keyed = { ...operator, 'Idempotency-Key': 'short' };
      is(await ask('removeWebhook', { path, headers: keyed, against: true }), 400, 'invalid-idempotency-key');
      is(await ask('removeWebhook', { path, headers: operator, query: { by: '' }, against: true }), 400, 'malformed-request');
      const removed = await carriedOut('removeWebhook', { path, query: { by: 'kim', reason: 'left us' } });
      assert.deepEqual([removed.state, removed.by, removed.reason], ['done', 'kim', 'left us']);
      is(await ask('removeWebhook', { path, headers: operator }), 404, 'webhook-not-found');
    });

    test('the delivery log', async () => {
      const { path } = await webhook({ events: ['order.confirmed', 'order.rejected'] });
      const order = await settledOrder();
      for (;;) {
        const query = { order, limit: '1' };
        const { data } = json(is(await ask('listWebhookDeliveries', { path, headers: onlooker, query }), 200));
        if (data.length === 0) continue;
        assert.deepEqual([data[0].outcome, data[0].attempt, data[0].order], ['failed', 1, order]);
        break;
      }
      const query = { outcome: 'delivered', starting_after: '5' };
      is(await ask('listWebhookDeliveries', { path, headers: operator, query }), 200);
      const wrong = { path, headers: operator, query: { limit: '0' }, against: true };
      is(await ask('listWebhookDeliveries', wrong), 400, 'malformed-request');
      is(await ask('listWebhookDeliveries', { path }), 401, 'unauthorized');
      is(await ask('listWebhookDeliveries', { path: unknown, headers: operator }), 404, 'webhook-not-found');
    });
  });
}

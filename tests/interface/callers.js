// Who calls: programs of tenants with their keys, operators with a session.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { startProgram } from '../http/program.js';
import { ask, examples, foreign, is, json, onlooker, smallest, token } from './calls.js';
import { operations } from './openapi.js';
import { header } from './wire.js';

export function describeCallers() {
  describe('sessions of operators', () => {
    test('from the token to the end', async () => {
      const body = { token };
      is(await ask('openSession', { body: { token: 'a guess' } }), 401, 'unauthorized');
      is(await ask('openSession', { body, headers: { 'Sec-Fetch-Site': 'cross-site' } }), 403, 'cross-site');
      is(await ask('openSession', { body, headers: { Origin: 'http://shop.example' } }), 403, 'cross-site');
      is(await ask('openSession', { body, headers: { 'X-Forwarded-For': '192.0.2.1' } }), 403, 'https-required');
      is(await ask('openSession', { body, type: 'text/plain', against: true }), 415, 'unsupported-media-type');
      is(await ask('openSession', { body: '{', against: true }), 400, 'malformed-json');
      is(await ask('openSession', { body: {}, against: true }), 422, 'validation-failed');
      is(await ask('getSession'), 401, 'unauthorized');
      is(await ask('getSession', { headers: onlooker }), 200);

      const opened = is(await ask('openSession', { body }), 201);
      const cookie = { Cookie: String(header(opened, 'set-cookie')).split(';')[0] };
      const csrf = { ...cookie, 'X-CSRF-Token': json(opened).csrf_token };
      assert.deepEqual(json(is(await ask('getSession', { headers: cookie }), 200)), json(opened));
      for (const id of ['listOrders', 'getOverview', 'getWorkers']) is(await ask(id, { headers: cookie }), 200);
      is(await ask('pauseWorkers', { body: {}, headers: cookie }), 403, 'cross-site');
      const redrive = { body: { numbers: [1], dry_run: true } };
      is(await ask('redriveDeadLetters', { ...redrive, headers: cookie }), 403, 'cross-site');
      is(await ask('redriveDeadLetters', { ...redrive, headers: csrf }), 200);
      is(await ask('endSession', { headers: cookie }), 403, 'cross-site');
      const ended = is(await ask('endSession', { headers: csrf }), 204);
      assert.match(String(header(ended, 'set-cookie')), /^orderflow-session=; .*Max-Age=0/);
    });
  });

  describe('API keys', () => {
    const customers = operations.filter(({ operation }) => operation.responses['403']?.$ref?.endsWith('/ScopeMissing'));

    test('amounts are for keys with their scope alone', async () => {
      const shop = await startProgram({});
      try {
        const priced = examples.OrderRequestPriced.value;
        const bearer = (/** @type {string[]} */ ...scopes) => ({
          Authorization: `Bearer ${shop.keys('create', '--tenant', 'acme', ...scopes).trim()}`,
        });
        const scopes = ['--scope', 'orders:write', '--scope', 'orders:read'];
        assert.throws(() => bearer('--scope', 'orders:prices'), /api_keys.scope_alone/);
        const usual = bearer();
        const trusted = bearer(...scopes, '--scope', 'orders:prices');
        assert.match(shop.keys('list'), /acme +orders:write,orders:read,orders:prices +good/);
        const place = async (/** @type {object} */ headers, /** @type {object} */ change = {}, against = false) => {
          const body = { ...priced, ...change };
          let answer; // the running program has noticed the keys as soon as it is another one
          do answer = await ask('placeOrder', { body, to: shop, against, headers: { ...headers } });
          while (answer.status === 401);
          return answer;
        };
        for (const headers of [{}, usual]) {
          const { errors } = json(is(await place(headers), 422, 'validation-failed'));
          assert.equal(errors.length, 8);
          assert.ok(errors.every((/** @type {any} */ { code }) => code === 'amount-not-allowed'));
          assert.equal(errors[0].pointer, '/items/0/unit_price');
        }
        const half = { items: [priced.items[0], { sku: 'IN-BLACK-50', quantity: 1 }] };
        const { errors } = json(is(await place(trusted, half, true), 422, 'validation-failed'));
        assert.deepEqual(
          errors.map((/** @type {any} */ { pointer, code }) => `${pointer} ${code}`),
          ['/items/1/unit_price required'],
        );

        const { id, fingerprint } = json(is(await place(trusted), 202));
        const other = { shipping_amount: 491, expected_total: 5382 };
        assert.notEqual(json(is(await place(trusted, other), 202)).fingerprint, fingerprint);
        let found;
        do found = json(is(await ask('getOrder', { path: { id }, to: shop, headers: trusted }), 200));
        while (found.status !== 'confirmed');
        const { shipping_amount, discount_amount, tax_amount, total, items } = found;
        assert.deepEqual([shipping_amount, discount_amount, tax_amount, total], [490, 200, 891, 5381]);
        assert.deepEqual(
          items.map((/** @type {any} */ { unit_price, discount, tax }) => [unit_price, discount, tax]),
          [
            [1200, 100, 437],
            [1900, 0, 361],
          ],
        );
        assert.notEqual(items[0].name, undefined);
      } finally {
        assert.equal(await shop.stop(), 0);
      }
    });

    test('one that is not known, one that is not for this, and a good one', async () => {
      const shop = await startProgram({});
      try {
        const reader = shop.keys('create', '--tenant', 'acme', '--scope', 'orders:read').trim();
        const writer = shop.keys('create', '--tenant', 'acme', '--scope', 'orders:write').trim();
        const other = shop.keys('create', '--tenant', 'bert').trim();
        const bearer = (/** @type {string} */ key) => ({ Authorization: `Bearer ${key}` });
        assert.equal(customers.length, 6);
        for (const { id, method, path: route } of customers) {
          const path = route.includes('{id}') ? { id: foreign } : {};
          const body = id === 'cancelOrder' ? { reason: 'customer' } : method === 'POST' ? smallest : undefined;
          is(await ask(id, { path, body, to: shop, headers: bearer(`${reader}0`) }), 401, 'unauthorized');
          // The running program has noticed a key as soon as the answer is another one.
          let refused;
          do refused = await ask(id, { path, body, to: shop, headers: bearer(method === 'POST' ? reader : writer) });
          while (refused.status === 401);
          is(refused, 403, 'forbidden');
        }
        const id = json(is(await ask('placeOrder', { body: smallest, to: shop, headers: bearer(writer) }), 202)).id;
        let found;
        do found = json(is(await ask('getOrder', { path: { id }, to: shop, headers: bearer(reader) }), 200));
        while (found.stored === false);
        assert.equal(found.tenant_id, 'acme');
        is(await ask('getOrder', { path: { id }, to: shop, headers: bearer(other) }), 404, 'order-not-found');
        is(await ask('getOrder', { path: { id }, to: shop }), 200);

        shop.keys('revoke', writer.slice(4, 20));
        assert.match(shop.keys('list'), /acme +orders:write +revoked 20/);
        let late;
        do late = await ask('placeOrder', { body: smallest, to: shop, headers: bearer(writer) });
        while (late.status === 202);
        is(late, 401, 'unauthorized');
      } finally {
        assert.equal(await shop.stop(), 0);
      }
    });
  });
}

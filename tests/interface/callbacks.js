// What the payment provider reports, signed as Standard Webhooks 1.0.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';

import { startProgram } from '../http/program.js';
import { ask, foreign, is, json, smallest } from './calls.js';

/** @typedef {import('./calls.js').Call} Call */

export function describeCallbacks() {
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
}

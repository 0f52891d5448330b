// Goal: with the services apart, it is the worker-service that delivers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { startServices } from '../interface/services.js';
import { startReceiver } from './receiver.js';
import { shopAt } from './shop.js';

test('the worker-service delivers what the api-service was told to', async () => {
  const receiver = await startReceiver();
  const services = await startServices({ ORDERFLOW_WEBHOOK_ALLOW: 'private,http' });
  try {
    const shop = shopAt(services.urls['api-service']);
    const { secret } = await shop.webhook({ url: `${receiver.url}/`, events: ['order.confirmed'] });
    const order = await shop.order();
    await receiver.until(() => receiver.received.length > 0);
    const [{ body, headers }] = receiver.received;
    const data = /** @type {any} */ (new Webhook(secret).verify(body, headers));
    assert.equal(data.order, order);
  } finally {
    assert.deepEqual(await services.stop(), [0, 0, 0]);
    await receiver.stop();
  }
});

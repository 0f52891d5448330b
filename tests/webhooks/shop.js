// What an operator and a shop do with the program, over HTTP.
import assert from 'node:assert/strict';

/** @param {string} url of the program */
export function shopAt(url) {
  /** @param {string} path @param {object} [options] */
  async function call(path, options = {}) {
    const answer = await fetch(url + path, { headers: { 'Content-Type': 'application/json' }, ...options });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  }
  /** @param {string} path @param {object} body @param {string} [method] */
  const post = (path, body, method = 'POST') => call(path, { method, body: JSON.stringify(body) });
  const shop = {
    call,
    /** Carries out a command and waits for its record. @param {string} path @param {object} body @param {string} [method] */
    async command(path, body, method) {
      const accepted = await post(path, body, method);
      assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
      for (;;) {
        const record = await call(accepted.body.links.self);
        if (record.status === 200 && record.body.state !== 'running') {
          assert.equal(record.body.state, 'done', JSON.stringify(record.body));
          return accepted.body;
        }
      }
    },
    /** @param {object} settings @returns {Promise<{webhook: string, secret: string}>} */
    webhook: (settings) => shop.command('/v1/admin/webhooks', settings),
    /** @returns {Promise<string>} the id of an order that was accepted */
    async order() {
      const accepted = await post('/v1/orders', {
        currency: 'EUR',
        items: [{ sku: 'NB-A5-DOT', quantity: 1 }],
        customer: { name: 'Ada', email: 'ada@example.com' },
        shipping_address: { line1: 'Hauptstrasse 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
        payment: { mode: 'token', token: 'tok_ok' },
      });
      assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
      return accepted.body.id;
    },
    /** Once it is settled. @param {string} id @returns {Promise<{version: number, type: string}[]>} */
    async events(id) {
      for (;;) {
        const { status, body } = await call(`/v1/orders/${id}/events`);
        const ends = ['order.confirmed', 'order.rejected'];
        if (status === 200 && body.data.some((/** @type {any} */ event) => ends.includes(event.type))) return body.data;
      }
    },
    /** The newest entry of the delivery log that is there, waiting for one. @param {string} id @param {string} [query] */
    async delivery(id, query = '') {
      for (;;) {
        const { body } = await call(`/v1/admin/webhooks/${id}/deliveries?limit=1${query}`);
        if (body.data.length > 0) return body.data[0];
      }
    },
  };
  return shop;
}

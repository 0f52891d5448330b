// Goal: whatever a receiver does, its events are kept, others get theirs, and the delivery log says what happened.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startProgram } from '../http/program.js';
import { startReceiver } from './receiver.js';
import { shopAt } from './shop.js';

/** How many requests of this path were answered. @type {Map<string, number>} */
const counts = new Map();
/** @type {Record<string, (answer: import('node:http').ServerResponse, count: number) => void>} */
const reactions = {
  '/well': (answer) => answer.writeHead(200).end('thank you'),
  '/once': (answer, count) => answer.writeHead(count === 1 ? 500 : 204).end(),
  '/gone': (answer) => answer.writeHead(410).end(),
  '/moved': (answer) => answer.writeHead(302, { Location: '/well' }).end(),
  '/reset': (answer) => answer.socket?.destroy(),
  '/slow': () => {},
  '/huge': (answer) => answer.writeHead(200).end('x'.repeat(200_000)),
  '/busy': (answer) => answer.writeHead(429, { 'Retry-After': '7' }).end('\u001b[31mlater\n'),
};

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
/** @type {Awaited<ReturnType<typeof startReceiver>>} */
let receiver;
/** @type {ReturnType<typeof shopAt>} */
let shop;
before(async () => {
  receiver = await startReceiver(({ path }, answer) => {
    counts.set(path, (counts.get(path) ?? 0) + 1);
    reactions[path](answer, counts.get(path) ?? 0);
  });
  program = await startProgram({ ORDERFLOW_WEBHOOK_ALLOW: 'private,http' });
  shop = shopAt(program.url);
});
after(async () => {
  assert.equal(await program?.stop(), 0);
  await receiver?.stop();
});

test('each fault of a receiver stands in the log, and none holds up another endpoint', async () => {
  const events = ['order.confirmed'];
  /** @type {Record<string, string>} */
  const ids = {};
  for (const path of Object.keys(reactions)) {
    ids[path] = (await shop.webhook({ url: receiver.url + path, events })).webhook;
  }
  const order = await shop.order();
  const well = await shop.delivery(ids['/well']);
  assert.deepEqual([well.outcome, well.status, well.answer], ['delivered', 200, 'thank you']);

  const expected = { '/gone': 'http-410', '/moved': 'http-302', '/huge': 'http.unreadable', '/busy': 'http-429' };
  for (const [path, code] of Object.entries(expected)) assert.equal((await shop.delivery(ids[path])).code, code, path);
  assert.match((await shop.delivery(ids['/reset'])).code, /^http\.(broken|stale)$/);
  const busy = await shop.delivery(ids['/busy']);
  assert.ok(Date.parse(busy.next_attempt_at) - Date.parse(busy.at) >= 6900, 'Retry-After is kept');
  assert.ok(!busy.answer.includes('\u001b'));
  const { body: gone } = await shop.call(`/v1/admin/webhooks/${ids['/gone']}`);
  assert.deepEqual([gone.enabled, gone.disabled_because], [false, 'gone']);

  await shop.delivery(ids['/once'], '&outcome=delivered');
  const [first, second] = receiver.at('/once');
  assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
  assert.ok(first.headers['webhook-id'].startsWith(order));
  const slow = await shop.delivery(ids['/slow']);
  assert.equal(slow.code, 'http.timeout');
  assert.equal(receiver.at('/well').length, 1, 'a redirect is not followed');
});

test('a certificate that nobody trusts is no receiver', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject];
  execFileSync('openssl', made, { stdio: 'ignore' });
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const untrusted = await startReceiver(undefined, tls);
  try {
    const { webhook } = await shop.webhook({ url: `${untrusted.url}/`, events: ['order.confirmed'] });
    await shop.command(`/v1/admin/webhooks/${webhook}/test`, {});
    assert.deepEqual([(await shop.delivery(webhook)).code, untrusted.received.length], ['http.connect', 0]);
  } finally {
    await untrusted.stop();
    rmSync(folder, { recursive: true });
  }
});

test('a name that leads to this machine is not called, whatever its URL looks like', async () => {
  const strict = await startProgram({ ORDERFLOW_WEBHOOK_ALLOW: 'http' });
  const other = shopAt(strict.url);
  try {
    const answer = await fetch(`${strict.url}/v1/admin/webhooks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: `${receiver.url}/well` }),
    });
    assert.equal(answer.status, 422);
    for (const name of ['localhost', '2130706433', '0x7f.1']) {
      const { webhook } = await other.webhook({ url: `http://${name}:${receiver.port}/inside` });
      await other.command(`/v1/admin/webhooks/${webhook}/test`, {});
      const { outcome, code } = await other.delivery(webhook);
      assert.deepEqual([outcome, code], ['given_up', 'http.address_refused'], name);
    }
    assert.equal(receiver.at('/inside').length, 0);
  } finally {
    assert.equal(await strict.stop(), 0);
  }
});

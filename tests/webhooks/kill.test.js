// Goal: however often the program is killed, every event of every order is delivered at least once, and of each order
// in the order of versions.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { startProgram } from '../http/program.js';
import { startReceiver } from './receiver.js';
import { shopAt } from './shop.js';

const kills = 6;
const ordersOfALife = 25;

test('killed under load, no event is lost and none overtakes another of its order', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-webhooks-'));
  const settings = { ORDERFLOW_DATA_DIR: dataDir, ORDERFLOW_WEBHOOK_ALLOW: 'private,http' };
  let calls = 0;
  /** @type {Set<string>} */
  const known = new Set();
  // Some answers come late; of what comes for the first time some is refused, and some connections break. (What fails
  // twice waits for minutes.)
  const receiver = await startReceiver(({ headers }, answer) => {
    const id = headers['webhook-id'];
    const turn = known.has(id) ? 1 : ++calls % 10;
    known.add(id);
    if (turn === 3) return void answer.writeHead(503).end();
    if (turn === 7) return void answer.socket?.destroy();
    return void setTimeout(() => answer.writeHead(204).end(), turn);
  });
  try {
    let program = await startProgram(settings);
    await shopAt(program.url).webhook({ url: `${receiver.url}/` });
    /** @type {string[]} */
    const orders = [];
    for (let life = 1; life <= kills; ++life) {
      const shop = shopAt(program.url);
      const seen = receiver.received.length;
      for (let i = 0; i < ordersOfALife; ++i) orders.push(await shop.order());
      await receiver.until(() => receiver.received.length >= seen + ordersOfALife);
      await program.kill();
      program = await startProgram(settings);
    }
    const shop = shopAt(program.url);
    /** @type {Map<string, string[]>} */
    const expected = new Map();
    for (const id of orders) expected.set(id, (await shop.events(id)).map(({ version }) => `${id}:${version}`));

    const firsts = () => {
      /** @type {Map<string, string[]>} */
      const found = new Map();
      for (const { headers } of receiver.received) {
        const id = headers['webhook-id'];
        const order = id.slice(0, id.indexOf(':'));
        const ids = found.get(order) ?? [];
        if (!ids.includes(id)) found.set(order, [...ids, id]);
      }
      return found;
    };
    const total = [...expected.values()].flat().length;
    await receiver.until(() => new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size >= total);
    const found = firsts();
    for (const [order, ids] of expected) assert.deepEqual(found.get(order), ids);
    assert.ok(receiver.received.length > total, 'some came twice');
    await program.kill();
  } finally {
    await receiver.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

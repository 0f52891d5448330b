// Goal: the real program, somebody else's Amazon SNS and SQS (moto_server, a Python package that not every machine has):
// an order's events are on a queue that is subscribed to the topic.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { startProgram } from '../http/program.js';
import { shopAt } from './shop.js';

const missing = spawnSync('moto_server', ['--help']).error !== undefined && 'there is no moto_server here';

/** @returns {Promise<{url: string, stop: () => void}>} */
async function startMoto() {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise((found, failed) => {
    let text = '';
    const look = (/** @type {Buffer} */ chunk) => {
      text += chunk;
      const match = /Running on (http:\/\/[\d.:]+)/.exec(text);
      if (match) found(match[1]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', () => failed(new Error(text)));
  });
  return { url, stop: () => void child.kill('SIGKILL') };
}

/** @param {string} url @param {'sns' | 'sqs'} service @param {Record<string, string>} form @returns {Promise<string>} */
async function ask(url, service, form) {
  const credential = `Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { Authorization: `AWS4-HMAC-SHA256 ${credential}` };
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text;
}

test('events of an order are read from a FIFO queue that is subscribed to a FIFO topic', { skip: missing }, async () => {
  const moto = await startMoto();
  const arn = 'arn:aws:sns:us-east-1:123456789012:orders.fifo';
  await ask(moto.url, 'sns', { Action: 'CreateTopic', Name: 'orders.fifo', 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' });
  await ask(moto.url, 'sqs', { Action: 'CreateQueue', QueueName: 'erp.fifo', 'Attribute.1.Name': 'FifoQueue', 'Attribute.1.Value': 'true' });
  await ask(moto.url, 'sns', {
    Action: 'Subscribe',
    TopicArn: arn,
    Protocol: 'sqs',
    Endpoint: 'arn:aws:sqs:us-east-1:123456789012:erp.fifo',
    'Attributes.entry.1.key': 'RawMessageDelivery',
    'Attributes.entry.1.value': 'true',
  });
  const program = await startProgram({
    ORDERFLOW_EVENTS_TOPIC_ARN: arn,
    AWS_ENDPOINT_URL_SNS: moto.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  try {
    const shop = shopAt(program.url);
    for (;;) if ((await shop.call('/v1/admin/webhooks')).body.data.length > 0) break;
    const order = await shop.order();
    const expected = (await shop.events(order)).map(({ version }) => `${order}:${version}`);
    /** @type {string[]} */
    const found = [];
    while (found.length < expected.length) {
      const received = await ask(`${moto.url}/123456789012/erp.fifo`, 'sqs', { Action: 'ReceiveMessage', MaxNumberOfMessages: '10', WaitTimeSeconds: '2' });
      const messages = [...received.matchAll(/<ReceiptHandle>([^<]+)<\/ReceiptHandle>[^]*?<Body>([^<]+)<\/Body>/g)];
      for (const [, receipt, body] of messages) {
        found.push(JSON.parse(body.replaceAll('&quot;', '"').replaceAll('&amp;', '&')).id);
        await ask(`${moto.url}/123456789012/erp.fifo`, 'sqs', { Action: 'DeleteMessage', ReceiptHandle: receipt });
      }
    }
    assert.deepEqual(found, expected);
  } finally {
    assert.equal(await program.stop(), 0);
    moto.stop();
  }
});

// Goal: requests that curl signs are served. Method: `curl --aws-sigv4`; Debian 12's 7.88 signs the headers of AWS that
// it is given, so both protocols can be spoken. It signs a query as it is written: the names have to be in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { find, run } from './clients.js';
import { keyPair } from './program.js';
import { account, region, useQueues } from './sdk.js';

const queues = useQueues();
const program = find('curl');
const skip = program === undefined && 'there is no curl on this machine (./dev setup test)';

/** The status and the body of what is answered. @param {string} path @param {string[]} words */
async function curl(path, ...words) {
  const user = `${keyPair.accessKeyId}:${keyPair.secretAccessKey}`;
  const signed = ['--aws-sigv4', `aws:amz:${region}:sqs`, '--user', user];
  const always = ['--silent', '--show-error', '--max-time', '10', '--write-out', '\n%{http_code}'];
  const { code, stdout, stderr } = await run(program ?? '', [...always, ...signed, ...words, `${queues.url}${path}`]);
  assert.equal(code, 0, stderr);
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

/** @param {string} action @param {object} input */
async function json(action, input) {
  const headers = ['-H', 'Content-Type: application/x-amz-json-1.0', '-H', `X-Amz-Target: AmazonSQS.${action}`];
  const { status, body } = await curl('/', ...headers, '--data-binary', JSON.stringify(input));
  return { status, ...JSON.parse(body) };
}

test('with another secret it is refused', { skip }, async () => {
  const { status, body } = await curl('/', '--user', `${keyPair.accessKeyId}:other`, '-d', 'Action=ListQueues');
  assert.equal(status, 403);
  assert.match(body, /<Code>SignatureDoesNotMatch<\/Code>/);
});

test('a header of AWS that is added to what was signed is refused', { skip }, async () => {
  const { stderr } = await run(program ?? '', [
    '--silent', '--verbose', '--aws-sigv4', `aws:amz:${region}:sqs`, '--user', 'AKIDTEST:x', queues.url,
  ]);
  const [, names] = /SignedHeaders=([a-z0-9;-]+)/.exec(stderr) ?? [];
  assert.equal(names, 'host;x-amz-date');
  const lines = [...stderr.matchAll(/^> ((?:Authorization|X-Amz-Date): .*)$/gm)];
  const headers = lines.flatMap(([, line]) => ['-H', line.trim()]);
  const target = ['-H', 'X-Amz-Target: AmazonSQS.ListQueues', '-H', 'Content-Type: application/x-amz-json-1.0'];
  const { stdout } = await run(program ?? '', ['--silent', ...headers, ...target, '-d', '{}', queues.url]);
  assert.match(JSON.parse(stdout).__type, /IncompleteSignature/);
});

test('the JSON protocol', { skip }, async () => {
  const { QueueUrl } = await json('CreateQueue', { QueueName: 'curl-json' });
  assert.equal((await json('SendMessage', { QueueUrl, MessageBody: 'h\u00e9' })).status, 200);
  assert.equal((await json('ReceiveMessage', { QueueUrl })).Messages[0].Body, 'h\u00e9');
  const missing = await json('ReceiveMessage', { QueueUrl: `${QueueUrl}-not` });
  assert.deepEqual([missing.status, missing.__type], [400, 'com.amazonaws.sqs#QueueDoesNotExist']);
});

test('the query protocol, by POST and by GET', { skip }, async () => {
  const path = `/${account}/curl-query`;
  await queues.queue('curl-query');
  const sent = await curl(path, '-d', 'Action=SendMessage', '--data-urlencode', 'MessageBody=a b&c');
  assert.equal(sent.status, 200, sent.body);
  const received = await curl(`${path}?Action=ReceiveMessage&Version=2012-11-05`);
  assert.match(received.body, /<Body>a b&amp;c<\/Body>/);
  const missing = await curl(`${path}-not?Action=ReceiveMessage`);
  assert.equal(missing.status, 400);
  assert.match(missing.body, /<Code>AWS.SimpleQueueService.NonExistentQueue<\/Code>/);
});

// Goal: the AWS CLI runs against queue-service unchanged. Method: Debian's (2.9.19 in Debian 12 speaks the query
// protocol), a process for each command; what it prints and its exit code are what a script of a user sees.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { find, run } from './clients.js';
import { account, arn, redriveTo, useQueues } from './sdk.js';

const queues = useQueues();
const cli = find('aws');
const skip = cli === undefined && 'there is no aws on this machine (./dev setup test)';

/** @param {string[]} words */
const command = (...words) => run(cli ?? '', ['--endpoint-url', queues.url, '--output', 'json', 'sqs', ...words]);

/** What the command prints; it has to succeed. @param {string[]} words */
async function aws(...words) {
  const { code, stdout, stderr } = await command(...words);
  assert.equal(code, 0, stderr);
  return stdout === '' ? {} : JSON.parse(stdout);
}

/** Exit code 254 and this error, as of every call that is refused. @param {string} error @param {string[]} words */
async function refused(error, ...words) {
  const { code, stderr } = await command(...words);
  assert.equal(code, 254, stderr);
  assert.match(stderr, new RegExp(`An error occurred \\(${error.replaceAll('.', '\\.')}\\) when calling`));
}

// Two at a time: most of the time is that of starting Python. A skipped suite is not counted, skipped tests are.
describe('the AWS CLI', { concurrency: 2 }, () => {
  test('the protocol of this version is told', { skip }, async (t) => {
    const { stdout, stderr } = await run(cli ?? '', ['--debug', '--endpoint-url', queues.url, 'sqs', 'list-queues']);
    const version = /aws-cli\/[0-9.]+/.exec(stderr)?.[0] ?? '';
    const query = stderr.includes("'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'");
    assert.ok(query || stderr.includes('application/x-amz-json-1.0'), stdout + stderr.slice(-2000));
    if (version.startsWith('aws-cli/2.9')) assert.ok(query, 'Debian 12 has a CLI that speaks the query protocol');
    t.diagnostic(`${version}: ${query ? 'query' : 'JSON'}`);
  });

  test('a queue is created, found, listed, changed and deleted', { skip }, async () => {
    await queues.queue('cli-dead');
    const attributes = JSON.stringify({ VisibilityTimeout: '60', RedrivePolicy: redriveTo('cli-dead', '3') });
    const created = await aws('create-queue', '--queue-name', 'cli-life', '--attributes', attributes);
    const url = `${queues.url}/${account}/cli-life`;
    assert.deepEqual(created, { QueueUrl: url });
    await aws('set-queue-attributes', '--queue-url', url, '--attributes', 'DelaySeconds=5');
    const [found, listed, sources, { Attributes }] = await Promise.all([
      aws('get-queue-url', '--queue-name', 'cli-life'),
      aws('list-queues', '--queue-name-prefix', 'cli-l'),
      aws('list-dead-letter-source-queues', '--queue-url', `${queues.url}/${account}/cli-dead`),
      aws('get-queue-attributes', '--queue-url', url, '--attribute-names', 'All'),
    ]);
    assert.deepEqual(found, { QueueUrl: url });
    assert.deepEqual(listed.QueueUrls, [url]);
    assert.deepEqual(sources.queueUrls, [url]);
    assert.equal(Attributes.DelaySeconds, '5');
    assert.equal(Attributes.VisibilityTimeout, '60');
    assert.equal(Attributes.QueueArn, arn('cli-life'));
    assert.deepEqual(JSON.parse(Attributes.RedrivePolicy), JSON.parse(redriveTo('cli-dead', 3)));

    await refused('QueueAlreadyExists', 'create-queue', '--queue-name', 'cli-life', '--attributes', 'DelaySeconds=6');
    await aws('delete-queue', '--queue-url', url);
    await refused('AWS.SimpleQueueService.NonExistentQueue', 'get-queue-url', '--queue-name', 'cli-life');
  });

  test('a message is sent, received, kept, and deleted', { skip }, async () => {
    const url = await queues.queue('cli-message');
    const attributes = JSON.stringify({
      text: { DataType: 'String', StringValue: 'x' },
      bytes: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
    const body = 'h\u00e9llo <&>\r\n\u{1f600}';
    const words = ['--queue-url', url, '--message-body', body, '--message-attributes', attributes];
    const sent = await aws('send-message', ...words);
    const { Messages } = await aws(
      'receive-message', '--queue-url', url, '--attribute-names', 'All', '--message-attribute-names', 'All',
    );
    assert.equal(Messages.length, 1);
    assert.equal(Messages[0].Body, body);
    assert.equal(Messages[0].MessageId, sent.MessageId);
    assert.equal(Messages[0].MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    assert.deepEqual(Messages[0].MessageAttributes, JSON.parse(attributes));
    assert.equal(Messages[0].Attributes.ApproximateReceiveCount, '1');

    const receipt = ['--queue-url', url, '--receipt-handle', Messages[0].ReceiptHandle];
    await aws('change-message-visibility', ...receipt, '--visibility-timeout', '0');
    assert.equal((await aws('receive-message', '--queue-url', url)).Messages[0].MessageId, sent.MessageId);
    await aws('purge-queue', '--queue-url', url);
    assert.deepEqual(await queues.counts(url), { visible: 0, inFlight: 0, delayed: 0 });
    await aws('delete-message', ...receipt);
  });

  test('entries of a batch succeed and fail one by one', { skip }, async () => {
    const url = await queues.queue('cli-batch');
    const batch = (/** @type {string} */ action, /** @type {object[]} */ entries) =>
      aws(action, '--queue-url', url, '--entries', JSON.stringify(entries));
    const sent = await batch('send-message-batch', [
      { Id: 'a', MessageBody: '1' },
      { Id: 'late', MessageBody: '2', DelaySeconds: 901 },
    ]);
    assert.deepEqual(sent.Successful.map((/** @type {any} */ entry) => entry.Id), ['a']);
    assert.deepEqual([sent.Failed[0].Code, sent.Failed[0].SenderFault], ['InvalidParameterValue', true]);

    const { Messages } = await aws('receive-message', '--queue-url', url, '--max-number-of-messages', '10');
    const good = { Id: 'good', ReceiptHandle: Messages[0].ReceiptHandle };
    const bad = { Id: 'bad', ReceiptHandle: 'x' };
    const timeouts = [good, bad].map((entry) => ({ ...entry, VisibilityTimeout: 60 }));
    for (const answer of [
      await batch('change-message-visibility-batch', timeouts),
      await batch('delete-message-batch', [good, bad]),
    ]) {
      assert.equal(answer.Successful[0].Id, 'good');
      assert.equal(answer.Failed[0].Code, 'ReceiptHandleIsInvalid');
    }
  });

  test('tags and permissions are kept', { skip }, async () => {
    const url = await queues.queue('cli-kept');
    await aws('tag-queue', '--queue-url', url, '--tags', 'team=shop,old=1');
    await aws('untag-queue', '--queue-url', url, '--tag-keys', 'old');
    assert.deepEqual((await aws('list-queue-tags', '--queue-url', url)).Tags, { team: 'shop' });

    const label = ['--queue-url', url, '--label', 'one'];
    await aws('add-permission', ...label, '--aws-account-ids', '111111111111', '--actions', 'SendMessage');
    const { Attributes } = await aws('get-queue-attributes', '--queue-url', url, '--attribute-names', 'Policy');
    assert.equal(JSON.parse(Attributes.Policy).Statement[0].Sid, 'one');
    await aws('remove-permission', ...label);
  });

  test('dead letters are moved back, and a task is listed and cancelled', { skip }, async () => {
    const dead = await queues.queue('cli-letters');
    const redrive = { VisibilityTimeout: '0', RedrivePolicy: redriveTo('cli-letters', '1') };
    const url = await queues.queue('cli-fragile', redrive);
    await queues.ask('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    await queues.receive(url);
    assert.deepEqual(await aws('receive-message', '--queue-url', url), {});
    assert.equal((await queues.counts(dead)).visible, 1);

    const source = ['--source-arn', arn('cli-letters')];
    await aws('start-message-move-task', ...source);
    const back = await aws('receive-message', '--queue-url', url, '--wait-time-seconds', '10');
    assert.equal(back.Messages[0].Body, 'x');
    const done = (await aws('list-message-move-tasks', ...source)).Results[0];
    assert.deepEqual([done.Status, done.ApproximateNumberOfMessagesMoved], ['COMPLETED', 1]);

    const entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `${i}` }));
    for (let i = 0; i < 3; ++i) await queues.ask('SendMessageBatch', { QueueUrl: dead, Entries: entries });
    const slow = ['--destination-arn', arn('cli-fragile'), '--max-number-of-messages-per-second', '1'];
    const { TaskHandle } = await aws('start-message-move-task', ...source, ...slow);
    const running = (await aws('list-message-move-tasks', ...source)).Results[0];
    assert.deepEqual([running.Status, running.TaskHandle], ['RUNNING', TaskHandle]);
    const cancelled = await aws('cancel-message-move-task', '--task-handle', TaskHandle);
    assert.ok(cancelled.ApproximateNumberOfMessagesMoved < 30);
    const UnsupportedOperation = 'AWS.SimpleQueueService.UnsupportedOperation';
    await refused(UnsupportedOperation, 'cancel-message-move-task', '--task-handle', TaskHandle);
    await refused('ResourceNotFoundException', 'start-message-move-task', '--source-arn', arn('cli-nothing'));
  });

  test('what is refused has its error and exit code 254', { skip }, async () => {
    const url = await queues.queue('cli-refused');
    const many = JSON.stringify(Array.from({ length: 11 }, (_, i) => ({ Id: `i${i}`, MessageBody: 'x' })));
    const batch = ['send-message-batch', '--queue-url', url];
    await Promise.all([
      refused('AWS.SimpleQueueService.NonExistentQueue', 'receive-message', '--queue-url', `${url}-not`),
      refused('ReceiptHandleIsInvalid', 'delete-message', '--queue-url', url, '--receipt-handle', 'x'),
      refused('InvalidAttributeValue', 'create-queue', '--queue-name', 'cli-bad', '--attributes', 'DelaySeconds=901'),
      refused('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', ...batch, '--entries', many),
    ]);
  });
});

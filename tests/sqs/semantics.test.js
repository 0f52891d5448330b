// Goal: what Amazon says of standard queues holds on the wire. Method: a test for each statement of the developer guide
// and the API reference, named after it, through the SDK; the statements that the engine's and the protocol's own tests
// (virtual time) do not have. Real time is waited for by long polls, with timeouts and delays of one second.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { signedOnly } from './program.js';
import { account, arn, redriveTo, useQueues } from './sdk.js';

const mebibyte = 1024 * 1024;

const queues = useQueues({ ...signedOnly, ORDERFLOW_SQS_COOLDOWNS: 'on' });
const { ask, refused, queue, receive, counts, clientWith } = queues;

/** @param {any[]} messages */
const bodies = (messages) => messages.map((message) => message.Body);
/** @param {string} QueueUrl @param {string} MessageBody @param {object} [input] */
const send = (QueueUrl, MessageBody, input = {}) => ask('SendMessage', { QueueUrl, MessageBody, ...input });

// Addresses

test('the URL of a queue has the host that the request was sent to', async () => {
  const byName = clientWith({ endpoint: queues.url.replace('127.0.0.1', 'localhost') });
  const { QueueUrl } = await ask('CreateQueue', { QueueName: 'hosts' }, byName);
  assert.equal(QueueUrl, `${queues.url.replace('127.0.0.1', 'localhost')}/${account}/hosts`);
  byName.destroy();
});

test('a queue is found by account and name, whatever the host of its URL', async () => {
  await send(await queue('anywhere'), 'x');
  const ours = clientWith({ useQueueUrlAsEndpoint: false });
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${account}/anywhere`;
  const { Messages } = await ask('ReceiveMessage', { QueueUrl }, ours);
  assert.deepEqual(bodies(Messages), ['x']);
  ours.destroy();
});

test('a queue belongs to the region of the signature', async () => {
  await queue('regional');
  const abroad = clientWith({ region: 'us-east-1' });
  await assert.rejects(ask('GetQueueUrl', { QueueName: 'regional' }, abroad), { name: 'QueueDoesNotExist' });
  assert.deepEqual(await ask('ListQueues', { QueueNamePrefix: 'regional' }, abroad), {});
  abroad.destroy();
});

test('ListQueues without MaxResults returns no NextToken', async () => {
  await queue('page-a');
  await queue('page-b');
  const { QueueUrls, NextToken } = await ask('ListQueues', { QueueNamePrefix: 'page-' });
  assert.equal(QueueUrls.length, 2);
  assert.equal(NextToken, undefined);
});

// Queues

test('CreateQueue takes tags', async () => {
  const QueueUrl = await queue('tagged', {}, { team: 'shop' });
  assert.deepEqual((await ask('ListQueueTags', { QueueUrl })).Tags, { team: 'shop' });
});

test('an empty RedrivePolicy removes it', async () => {
  await queue('no-more-dead');
  const QueueUrl = await queue('no-more', { RedrivePolicy: redriveTo('no-more-dead', 1) });
  await ask('SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy: '' } });
  const { Attributes } = await ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  assert.equal(Attributes.RedrivePolicy, undefined);
});

test('only one PurgeQueue operation is allowed every 60 seconds', async () => {
  const QueueUrl = await queue('purged');
  await ask('PurgeQueue', { QueueUrl });
  await refused('PurgeQueue', { QueueUrl }, 'PurgeQueueInProgress');
});

test('you must wait 60 seconds before you create a queue with the name of one that you deleted', async () => {
  const QueueUrl = await queue('deleted');
  await ask('DeleteQueue', { QueueUrl });
  await refused('CreateQueue', { QueueName: 'deleted' }, 'QueueDeletedRecently');
});

test('a dead-letter queue that denies all is no target of a redrive policy', async () => {
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' });
  await queue('closed', { RedriveAllowPolicy });
  const Attributes = { RedrivePolicy: redriveTo('closed', 1) };
  await refused('CreateQueue', { QueueName: 'to-closed', Attributes }, 'InvalidParameterValue');
});

// Sizes

test('the size of a message is counted in bytes of UTF-8', async () => {
  const QueueUrl = await queue('narrow', { MaximumMessageSize: '1024' });
  await send(QueueUrl, '\u00e9'.repeat(512));
  await refused('SendMessage', { QueueUrl, MessageBody: '\u00e9'.repeat(512) + 'x' }, 'InvalidParameterValue');
});

test('a message of 1 MiB is sent and received whole', async () => {
  const QueueUrl = await queue('large');
  const body = 'x'.repeat(mebibyte);
  await send(QueueUrl, body);
  assert.equal((await receive(QueueUrl))[0].Body, body);
});

test('the attributes of all messages count in the size of a batch', async () => {
  const QueueUrl = await queue('full-batch');
  const entry = (/** @type {string} */ Id, /** @type {number} */ size) => ({
    Id,
    MessageBody: 'x',
    MessageAttributes: { a: { DataType: 'String', StringValue: 'y'.repeat(size) } },
  });
  const half = mebibyte / 2 - 8; // a body of one byte, a name of one, a type of six
  const tooLong = { QueueUrl, Entries: [entry('a', half), entry('b', half + 1)] };
  await refused('SendMessageBatch', tooLong, 'BatchRequestTooLong');
  const { Successful } = await ask('SendMessageBatch', { QueueUrl, Entries: [entry('a', half), entry('b', half)] });
  assert.equal(Successful.length, 2);
});

test('a batch that is refused whole sends nothing', async () => {
  const QueueUrl = await queue('nothing-sent');
  const Entries = [{ Id: 'a', MessageBody: '1' }, { Id: 'a', MessageBody: '2' }];
  await refused('SendMessageBatch', { QueueUrl, Entries }, 'BatchEntryIdsNotDistinct');
  assert.deepEqual(await counts(QueueUrl), { visible: 0, inFlight: 0, delayed: 0 });
});

// Delays and visibility

test('DelaySeconds of an entry keeps that message away for so long, and a long poll gets it when it ends', async () => {
  const QueueUrl = await queue('delayed');
  const Entries = [{ Id: 'now', MessageBody: 'now' }, { Id: 'later', MessageBody: 'later', DelaySeconds: 1 }];
  await ask('SendMessageBatch', { QueueUrl, Entries });
  assert.deepEqual(await counts(QueueUrl), { visible: 1, inFlight: 0, delayed: 1 });
  assert.deepEqual(bodies(await receive(QueueUrl)), ['now']);
  assert.deepEqual(bodies(await receive(QueueUrl, { WaitTimeSeconds: 10 })), ['later']);
  assert.deepEqual(await counts(QueueUrl), { visible: 0, inFlight: 2, delayed: 0 });
});

test('a message is visible again when its visibility timeout ends, with a new receipt handle', async () => {
  const QueueUrl = await queue('returning', { VisibilityTimeout: '1' });
  const before = Date.now();
  const sent = await send(QueueUrl, 'x');
  const [first] = await receive(QueueUrl);
  const [second] = await receive(QueueUrl, { WaitTimeSeconds: 10 });
  assert.equal(second.MessageId, sent.MessageId);
  assert.notEqual(second.ReceiptHandle, first.ReceiptHandle);
  assert.equal(first.Attributes.ApproximateReceiveCount, '1');
  assert.equal(second.Attributes.ApproximateReceiveCount, '2');
  const { SentTimestamp, ApproximateFirstReceiveTimestamp } = first.Attributes;
  assert.equal(second.Attributes.SentTimestamp, SentTimestamp);
  assert.equal(second.Attributes.ApproximateFirstReceiveTimestamp, ApproximateFirstReceiveTimestamp);
  assert.ok(before <= Number(SentTimestamp) && Number(SentTimestamp) <= Number(ApproximateFirstReceiveTimestamp));
  assert.ok(Number(ApproximateFirstReceiveTimestamp) <= Date.now());
});

test('the visibility timeout of a receive replaces that of the queue', async () => {
  const QueueUrl = await queue('own-timeout', { VisibilityTimeout: '43200' });
  await send(QueueUrl, 'x');
  await receive(QueueUrl, { VisibilityTimeout: 1 });
  assert.deepEqual(bodies(await receive(QueueUrl, { WaitTimeSeconds: 10 })), ['x']);
});

test('a visibility timeout of 0 gives a message to a long poll at once', async () => {
  const QueueUrl = await queue('released');
  await send(QueueUrl, 'x');
  const [{ ReceiptHandle }] = await receive(QueueUrl);
  const poll = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  assert.deepEqual(bodies(await poll), ['x']);
});

test('the visibility of a message that is not in flight cannot be changed', async () => {
  const QueueUrl = await queue('not-in-flight');
  await send(QueueUrl, 'x');
  const [{ ReceiptHandle }] = await receive(QueueUrl);
  const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
  await ask('ChangeMessageVisibility', change);
  await refused('ChangeMessageVisibility', change, 'MessageNotInflight');
});

test('a long poll is answered as soon as a message arrives, and by one receiver', async () => {
  const QueueUrl = await queue('awaited');
  const polls = [receive(QueueUrl, { WaitTimeSeconds: 2 }), receive(QueueUrl, { WaitTimeSeconds: 2 })];
  await send(QueueUrl, 'x');
  assert.deepEqual((await Promise.all(polls)).flatMap(bodies), ['x']);
});

test('ReceiveMessageWaitTimeSeconds makes receives long polls, unless their WaitTimeSeconds is 0', async () => {
  const QueueUrl = await queue('patient', { ReceiveMessageWaitTimeSeconds: '20' });
  assert.deepEqual(await receive(QueueUrl, { WaitTimeSeconds: 0 }), []);
  const poll = receive(QueueUrl);
  await send(QueueUrl, 'x');
  assert.deepEqual(bodies(await poll), ['x']);
});

test('a deleted message is never received again, whatever its visibility timeout was', async () => {
  const QueueUrl = await queue('gone', { VisibilityTimeout: '1' });
  await send(QueueUrl, 'x');
  const [{ ReceiptHandle }] = await receive(QueueUrl);
  await ask('DeleteMessage', { QueueUrl, ReceiptHandle });
  assert.deepEqual(await receive(QueueUrl, { WaitTimeSeconds: 2 }), []);
});

// What is returned

test('MaxNumberOfMessages is 1 unless it is given', async () => {
  const QueueUrl = await queue('one-by-one');
  await send(QueueUrl, 'a');
  await send(QueueUrl, 'b');
  assert.equal((await ask('ReceiveMessage', { QueueUrl })).Messages.length, 1);
});

test('message attributes are returned when they are asked for, by name or by the beginning of it', async () => {
  const QueueUrl = await queue('filtered', { VisibilityTimeout: '0' });
  const text = { DataType: 'String', StringValue: 'x' };
  await send(QueueUrl, 'x', { MessageAttributes: { 'foo.a': text, 'foo.b': text, bar: text } });
  const names = async (/** @type {string[]} */ ...MessageAttributeNames) => {
    const [message] = await receive(QueueUrl, { MessageAttributeNames });
    return Object.keys(message.MessageAttributes ?? {}).sort();
  };
  assert.deepEqual(await names(), []);
  assert.deepEqual(await names('bar', 'missing'), ['bar']);
  assert.deepEqual(await names('foo.*'), ['foo.a', 'foo.b']);
  assert.deepEqual(await names('All'), ['bar', 'foo.a', 'foo.b']);
});

test('system attributes are returned when they are asked for', async () => {
  const QueueUrl = await queue('facts', { VisibilityTimeout: '0' });
  await send(QueueUrl, 'x', { MessageGroupId: 'tenant' });
  const [none] = await receive(QueueUrl, { MessageSystemAttributeNames: [] });
  assert.equal(none.Attributes, undefined);
  const [one] = await receive(QueueUrl, { MessageSystemAttributeNames: ['MessageGroupId'] });
  assert.deepEqual(one.Attributes, { MessageGroupId: 'tenant' });
});

test('the trace header of a request is that of its messages, unless they have their own', async () => {
  const QueueUrl = await queue('traced', { VisibilityTimeout: '0' });
  const traced = clientWith();
  const add = (/** @type {any} */ next) => (/** @type {any} */ call) => {
    call.request.headers['x-amzn-trace-id'] = 'Root=1-2-3';
    return next(call);
  };
  traced.middlewareStack.add(add, { step: 'build' });
  const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=4-5-6' } };
  const Entries = [
    { Id: 'a', MessageBody: 'of the request' },
    { Id: 'b', MessageBody: 'own', MessageSystemAttributes: own },
  ];
  await ask('SendMessageBatch', { QueueUrl, Entries }, traced);
  traced.destroy();
  const traces = (await receive(QueueUrl)).map(({ Body, Attributes }) => [Body, Attributes.AWSTraceHeader]);
  assert.deepEqual(traces, [['of the request', 'Root=1-2-3'], ['own', 'Root=4-5-6']]);
});

// Dead letters

test('a message moves to the dead-letter queue when it was received maxReceiveCount times, not before', async () => {
  const dead = await queue('after-two-dead');
  const QueueUrl = await queue('after-two', { VisibilityTimeout: '0', RedrivePolicy: redriveTo('after-two-dead', 2) });
  const { MessageId } = await send(QueueUrl, 'x');
  assert.deepEqual(bodies(await receive(QueueUrl)), ['x']);
  assert.deepEqual(bodies(await receive(QueueUrl)), ['x']);
  assert.deepEqual(await receive(QueueUrl), []);
  const [letter] = await receive(dead);
  assert.equal(letter.MessageId, MessageId);
  assert.equal(letter.Attributes.DeadLetterQueueSourceArn, arn('after-two'));
});

test('messages sent to a dead-letter queue by hand are moved to the destination that is named', async () => {
  const dead = await queue('by-hand-dead');
  const QueueUrl = await queue('by-hand', { RedrivePolicy: redriveTo('by-hand-dead', 1) });
  await send(dead, 'x');
  await ask('StartMessageMoveTask', { SourceArn: arn('by-hand-dead'), DestinationArn: arn('by-hand') });
  assert.deepEqual(bodies(await receive(QueueUrl, { WaitTimeSeconds: 10 })), ['x']);
});

test('only one active message movement task is supported per queue', async () => {
  const dead = await queue('busy-dead');
  await queue('busy', { RedrivePolicy: redriveTo('busy-dead', 1) });
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `${i}` }));
  for (let i = 0; i < 2; ++i) await ask('SendMessageBatch', { QueueUrl: dead, Entries });
  const task = { SourceArn: arn('busy-dead'), DestinationArn: arn('busy'), MaxNumberOfMessagesPerSecond: 1 };
  const { TaskHandle } = await ask('StartMessageMoveTask', task);
  await refused('StartMessageMoveTask', task, 'InvalidParameterValue');
  const moved = (await ask('CancelMessageMoveTask', { TaskHandle })).ApproximateNumberOfMessagesMoved;
  const { Results } = await ask('ListMessageMoveTasks', { SourceArn: arn('busy-dead') });
  assert.match(Results[0].Status, /^CANCELL(ING|ED)$/);
  assert.equal((await counts(dead)).visible, 20 - moved);
});

// Durability: not a statement of Amazon, but what its users take for granted

test('what was acknowledged is there after kill -9: messages, receive counts, leases, receipts, tags', async () => {
  const name = 'survivors';
  const before = await queue(name, { VisibilityTimeout: '600' }, { team: 'shop' });
  for (const body of ['deleted', 'held', 'waiting']) await send(before, body);
  const receipt = async () => (await receive(before, { MaxNumberOfMessages: 1 }))[0].ReceiptHandle;
  await ask('DeleteMessage', { QueueUrl: before, ReceiptHandle: await receipt() });
  const held = await receipt();

  await queues.restart('SIGKILL');

  const { QueueUrl } = await ask('GetQueueUrl', { QueueName: name });
  assert.deepEqual((await ask('ListQueueTags', { QueueUrl })).Tags, { team: 'shop' });
  assert.deepEqual(await counts(QueueUrl), { visible: 1, inFlight: 1, delayed: 0 });
  assert.deepEqual(bodies(await receive(QueueUrl)), ['waiting']);
  await ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: held, VisibilityTimeout: 0 });
  const [again] = await receive(QueueUrl);
  assert.deepEqual([again.Body, again.Attributes.ApproximateReceiveCount], ['held', '2']);
});

test('a move task goes on after kill -9 where it was', async () => {
  const dead = await queue('task-dead');
  await queue('task', { VisibilityTimeout: '600', RedrivePolicy: redriveTo('task-dead', 1) });
  for (const body of ['a', 'b', 'c']) await send(dead, body);
  const task = { SourceArn: arn('task-dead'), DestinationArn: arn('task'), MaxNumberOfMessagesPerSecond: 1 };
  await ask('StartMessageMoveTask', task);

  await queues.restart('SIGKILL');

  const { QueueUrl } = await ask('GetQueueUrl', { QueueName: 'task' });
  /** @type {string[]} */
  const moved = [];
  while (moved.length < 3) moved.push(...bodies(await receive(QueueUrl, { WaitTimeSeconds: 10 })));
  assert.deepEqual(moved.toSorted(), ['a', 'b', 'c']);
  const { Results } = await ask('ListMessageMoveTasks', { SourceArn: task.SourceArn });
  assert.equal(Results[0].ApproximateNumberOfMessagesMoved, 3);
});

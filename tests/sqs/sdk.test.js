// Goal: programs that use the AWS SDK for JavaScript run against queue-service unchanged. Method: every action through
// the SDK (JSON protocol, signed), its success and an error; the SDK checks the MD5 digests and makes its own error
// classes of what it reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as sqs from '@aws-sdk/client-sqs';

import { keyPair } from './program.js';
import { arn, redriveTo, useQueues } from './sdk.js';

const { ask, refused, queue, clientWith } = useQueues();

test('requests of others are refused', async () => {
  const input = new sqs.ListQueuesCommand({});
  const other = clientWith({ credentials: { ...keyPair, accessKeyId: 'AKIDOTHER' } });
  const wrong = clientWith({ credentials: { ...keyPair, secretAccessKey: 'x' } });
  await assert.rejects(other.send(input), { name: 'InvalidClientTokenId' });
  await assert.rejects(wrong.send(input), { name: 'SignatureDoesNotMatch' });
});

test('queues are created, found, listed, changed and deleted', async () => {
  const QueueUrl = await queue('life-b', { VisibilityTimeout: '60' });
  await queue('life-a');
  assert.deepEqual(await ask('GetQueueUrl', { QueueName: 'life-b' }), { QueueUrl });
  const first = await ask('ListQueues', { QueueNamePrefix: 'life', MaxResults: 1 });
  const second = await ask('ListQueues', { QueueNamePrefix: 'life', MaxResults: 1, NextToken: first.NextToken });
  assert.deepEqual([...first.QueueUrls, ...second.QueueUrls].map((url) => url.split('/').at(-1)), ['life-a', 'life-b']);

  await ask('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '5' } });
  const { Attributes } = await ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  assert.equal(Attributes.DelaySeconds, '5');
  assert.equal(Attributes.VisibilityTimeout, '60');
  assert.equal(Attributes.QueueArn, arn('life-b'));
  await refused('CreateQueue', { QueueName: 'life-b', Attributes: { DelaySeconds: '6' } }, 'QueueNameExists');
  await refused('SetQueueAttributes', { QueueUrl, Attributes: { Nothing: '1' } }, 'InvalidAttributeName');
  await refused('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '901' } }, 'InvalidAttributeValue');
  await refused('CreateQueue', { QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } }, 'UnsupportedOperation');

  await ask('PurgeQueue', { QueueUrl });
  await ask('DeleteQueue', { QueueUrl });
  await refused('GetQueueUrl', { QueueName: 'life-b' }, 'QueueDoesNotExist');
});

test('tags and permissions are kept', async () => {
  const QueueUrl = await queue('kept');
  await ask('TagQueue', { QueueUrl, Tags: { team: 'shop', old: '1' } });
  await ask('UntagQueue', { QueueUrl, TagKeys: ['old'] });
  assert.deepEqual((await ask('ListQueueTags', { QueueUrl })).Tags, { team: 'shop' });

  const permission = { QueueUrl, Label: 'one', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
  await ask('AddPermission', permission);
  await refused('AddPermission', permission, 'InvalidParameterValue');
  const { Attributes } = await ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
  assert.equal(JSON.parse(Attributes.Policy).Statement[0].Sid, 'one');
  await ask('RemovePermission', { QueueUrl, Label: 'one' });
});

test('a message comes back as it was sent', async () => {
  const QueueUrl = await queue('whole');
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'x' },
    bytes: { DataType: 'Binary.raw', BinaryValue: new Uint8Array([0, 255]) },
    number: { DataType: 'Number', StringValue: '1.5' },
  };
  const MessageBody = 'h\u00e9llo <&>\r\n\u{1f600}';
  const sent = await ask('SendMessage', {
    QueueUrl,
    MessageBody,
    MessageAttributes,
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
  });
  assert.ok(sent.MD5OfMessageSystemAttributes);

  const { Messages } = await ask('ReceiveMessage', {
    QueueUrl,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
    WaitTimeSeconds: 5,
  });
  assert.equal(Messages.length, 1);
  assert.equal(Messages[0].Body, MessageBody);
  assert.equal(Messages[0].MessageId, sent.MessageId);
  assert.equal(Messages[0].MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual(Messages[0].MessageAttributes, MessageAttributes);
  assert.equal(Messages[0].Attributes.AWSTraceHeader, 'Root=1-2-3');
  assert.equal(Messages[0].Attributes.ApproximateReceiveCount, '1');

  const receipt = { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle };
  await refused('ChangeMessageVisibility', { ...receipt, VisibilityTimeout: 43201 }, 'InvalidParameterValue');
  await ask('ChangeMessageVisibility', { ...receipt, VisibilityTimeout: 60 });
  assert.deepEqual(await ask('ReceiveMessage', { QueueUrl }), {});
  await ask('DeleteMessage', receipt);
  await refused('DeleteMessage', { QueueUrl, ReceiptHandle: 'x' }, 'ReceiptHandleIsInvalid');
  await refused('SendMessage', { QueueUrl, MessageBody: '\u0000' }, 'InvalidMessageContents');
  await refused('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 }, 'InvalidParameterValue');
});

test('entries of a batch succeed and fail one by one', async () => {
  const QueueUrl = await queue('batches');
  const sent = await ask('SendMessageBatch', {
    QueueUrl,
    Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'late', MessageBody: '2', DelaySeconds: 901 }],
  });
  assert.deepEqual(sent.Successful.map((/** @type {any} */ entry) => entry.Id), ['a']);
  assert.equal(sent.Failed[0].Code, 'InvalidParameterValue');

  const { Messages } = await ask('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  const good = { Id: 'good', ReceiptHandle: Messages[0].ReceiptHandle };
  const bad = { Id: 'bad', ReceiptHandle: 'x' };
  const changed = await ask('ChangeMessageVisibilityBatch', {
    QueueUrl,
    Entries: [good, bad].map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
  });
  const deleted = await ask('DeleteMessageBatch', { QueueUrl, Entries: [good, bad] });
  for (const answer of [changed, deleted]) {
    assert.equal(answer.Successful[0].Id, 'good');
    assert.equal(answer.Failed[0].Code, 'ReceiptHandleIsInvalid');
  }

  const twice = [{ Id: 'a', MessageBody: '1' }, { Id: 'a', MessageBody: '2' }];
  const many = Array.from({ length: 11 }, (_, i) => ({ Id: `i${i}`, MessageBody: 'x' }));
  await refused('SendMessageBatch', { QueueUrl, Entries: twice }, 'BatchEntryIdsNotDistinct');
  await refused('SendMessageBatch', { QueueUrl, Entries: many }, 'TooManyEntriesInBatchRequest');
  await refused('SendMessageBatch', { QueueUrl, Entries: [] }, 'EmptyBatchRequest');
});

test('dead letters are found, moved back, and the task is told', async () => {
  const dead = await queue('dead');
  const QueueUrl = await queue('fragile', {
    VisibilityTimeout: '0',
    RedrivePolicy: redriveTo('dead', 1),
  });
  assert.deepEqual(await ask('ListDeadLetterSourceQueues', { QueueUrl: dead }), { queueUrls: [QueueUrl] });
  await ask('SendMessage', { QueueUrl, MessageBody: 'x' });
  assert.equal((await ask('ReceiveMessage', { QueueUrl })).Messages.length, 1);
  assert.deepEqual(await ask('ReceiveMessage', { QueueUrl }), {});

  const { TaskHandle } = await ask('StartMessageMoveTask', { SourceArn: arn('dead') });
  assert.equal((await ask('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 })).Messages[0].Body, 'x');
  const { Results } = await ask('ListMessageMoveTasks', { SourceArn: arn('dead') });
  assert.equal(Results[0].ApproximateNumberOfMessagesMoved, 1);
  await refused('CancelMessageMoveTask', { TaskHandle }, 'UnsupportedOperation');
  await refused('StartMessageMoveTask', { SourceArn: arn('nothing') }, 'ResourceNotFoundException');
});

// Goal: programs that use sqs-consumer and sqs-producer run against queue-service unchanged. Method: both libraries as
// their users have them, observed by their events; where time has to pass, a long poll waits for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Consumer } from 'sqs-consumer';
import { Producer } from 'sqs-producer';

import { keyPair } from './program.js';
import { useQueues } from './sdk.js';

const queues = useQueues();
const { ask, queue, receive, counts, clientWith } = queues;
const empty = { visible: 0, inFlight: 0, delayed: 0 };

/**
 * A consumer that runs while `use` does; what it reports with `error`, `processing_error` and `timeout_error` is kept.
 * @param {Partial<import('sqs-consumer').ConsumerOptions>} options
 * @param {(consumer: Consumer, errors: any[]) => Promise<void>} use
 */
async function consuming(options, use) {
  const settings = { sqs: queues.client, messageSystemAttributeNames: ['ApproximateReceiveCount'], ...options };
  const consumer = Consumer.create(/** @type {any} */ (settings));
  /** @type {any[]} */
  const errors = [];
  for (const name of ['error', 'processing_error', 'timeout_error']) {
    consumer.on(/** @type {any} */ (name), (/** @type {any} */ error) => { errors.push(error); });
  }
  try {
    await use(consumer, errors);
  } finally {
    consumer.stop({ abort: true });
  }
}

/** What comes with the next such event. @param {Consumer} consumer @param {string} event @returns {Promise<any[]>} */
function next(consumer, event) {
  return new Promise((done) => {
    consumer.once(/** @type {any} */ (event), (/** @type {any[]} */ ...values) => { done(values); });
  });
}

/** Resolves when the event has come n times. @param {Consumer} consumer @param {string} event @param {number} n */
function times(consumer, event, n) {
  return new Promise((done) => {
    consumer.on(/** @type {any} */ (event), () => { if (--n === 0) done(undefined); });
  });
}

/** @param {string} queueUrl @param {string[]} bodies */
const produce = (queueUrl, ...bodies) =>
  Producer.create({ queueUrl, sqs: queues.client }).send(bodies.map((body, i) => ({ id: `entry-${i}`, body })));

test('a queue that does not exist is reported to producer and consumer', async () => {
  const queueUrl = `${queues.url}/000000000000/nothing`;
  await assert.rejects(produce(queueUrl, 'x'), { name: 'QueueDoesNotExist' });
  await consuming({ queueUrl, handleMessage: async (message) => message }, async (consumer) => {
    consumer.start();
    const [error] = await next(consumer, 'error');
    assert.equal(error.name, 'SQSError');
    assert.equal(error.code, 'QueueDoesNotExist');
    assert.equal(error.statusCode, 400);
    assert.equal(error.fault, 'client');
  });
});

test('a key that is not known is reported with 403, upon which a consumer pauses', async () => {
  const sqs = clientWith({ credentials: { ...keyPair, accessKeyId: 'AKIDOTHER' } });
  const queueUrl = await queue('guarded');
  await consuming({ sqs, queueUrl, handleMessage: async (message) => message }, async (consumer) => {
    consumer.start();
    const [error] = await next(consumer, 'error');
    assert.equal(error.code, 'InvalidClientTokenId');
    assert.equal(error.statusCode, 403);
  });
});

test('a batch of which an entry fails tells the producer which', async () => {
  const queueUrl = await queue('half-sent');
  await assert.rejects(produce(queueUrl, 'good', 'bad\u0000'), { failedMessages: ['entry-1'] });
});

test('batches of a producer are consumed ten at a time, each message once', async () => {
  const queueUrl = await queue('many');
  const bodies = Array.from({ length: 25 }, (_, i) => `m${i}`);
  const sent = await produce(queueUrl, ...bodies);
  assert.equal(sent.length, 25);
  assert.equal(await Producer.create({ queueUrl, sqs: queues.client }).queueSize(), 25);

  /** @type {string[]} */
  const handled = [];
  let running = 0;
  let most = 0;
  const handleMessage = async (/** @type {any} */ message) => {
    most = Math.max(most, ++running);
    handled.push(message.Body);
    await null; // the others of the batch begin
    running--;
    return message;
  };
  await consuming({ queueUrl, batchSize: 10, handleMessage }, async (consumer, errors) => {
    const processed = times(consumer, 'message_processed', 25);
    consumer.start();
    await processed;
    assert.deepEqual(errors, []);
  });
  assert.deepEqual(handled.toSorted(), bodies.toSorted());
  assert.equal(most, 10);
  assert.deepEqual(await counts(queueUrl), empty);
});

test('an empty queue is told as empty', async () => {
  const queueUrl = await queue('nothing-there');
  await consuming({ queueUrl, waitTimeSeconds: 1, handleMessage: async (message) => message }, async (consumer) => {
    consumer.start();
    await next(consumer, 'empty');
  });
});

test('what a handler throws at comes back when its visibility timeout ends', async () => {
  const queueUrl = await queue('thrown', { VisibilityTimeout: '1' });
  await produce(queueUrl, 'x');
  /** @type {string[]} */
  const seen = [];
  const handleMessage = async (/** @type {any} */ message) => {
    seen.push(message.Attributes.ApproximateReceiveCount);
    if (seen.length === 1) throw new Error('not today');
    return message;
  };
  await consuming({ queueUrl, handleMessage }, async (consumer, errors) => {
    const processed = next(consumer, 'message_processed');
    consumer.start();
    await processed;
    assert.deepEqual(errors.map((error) => error.message), ['Unexpected message handler failure: not today']);
  });
  assert.deepEqual(seen, ['1', '2']);
  assert.deepEqual(await counts(queueUrl), empty);
});

test('terminateVisibilityTimeout gives a message back at once', async () => {
  const queueUrl = await queue('given-back', { VisibilityTimeout: '600' });
  await produce(queueUrl, 'x');
  let attempts = 0;
  const handleMessage = async (/** @type {any} */ message) => {
    if (++attempts < 3) throw new Error('again');
    return message;
  };
  await consuming({ queueUrl, handleMessage, terminateVisibilityTimeout: true }, async (consumer) => {
    const processed = next(consumer, 'message_processed');
    consumer.start();
    const [message] = await processed;
    assert.equal(message.Attributes.ApproximateReceiveCount, '3');
  });
});

test('terminateVisibilityTimeout may say for how long a message stays away', async () => {
  const queueUrl = await queue('backed-off', { VisibilityTimeout: '600' });
  await produce(queueUrl, 'x');
  let attempts = 0;
  const handleMessage = async (/** @type {any} */ message) => {
    if (++attempts === 1) throw new Error('later');
    return message;
  };
  await consuming({ queueUrl, handleMessage, terminateVisibilityTimeout: () => 1 }, async (consumer) => {
    const processed = next(consumer, 'message_processed');
    consumer.start();
    await processed;
  });
  assert.equal(attempts, 2);
});

test('of a batch the messages that the handler does not return come back, the others are gone', async () => {
  const queueUrl = await queue('half-done', { VisibilityTimeout: '1' });
  await produce(queueUrl, 'a', 'b', 'c', 'd');
  /** @type {string[][]} */
  const batches = [];
  const handleMessageBatch = async (/** @type {any[]} */ messages) => {
    batches.push(messages.map((message) => message.Body).sort());
    return batches.length === 1 ? messages.filter((message) => message.Body < 'c') : messages;
  };
  await consuming({ queueUrl, batchSize: 10, handleMessageBatch }, async (consumer, errors) => {
    const processed = times(consumer, 'message_processed', 4);
    consumer.start();
    await processed;
    assert.deepEqual(errors, []);
  });
  assert.deepEqual(batches[0], ['a', 'b', 'c', 'd']);
  assert.deepEqual(batches.slice(1).flat().sort(), ['c', 'd']);
  assert.deepEqual(await counts(queueUrl), empty);
});

test('of a batch delete the entry that fails is told, the others are gone', async () => {
  const queueUrl = await queue('half-deleted', { VisibilityTimeout: '600' });
  await produce(queueUrl, 'a', 'b');
  const handleMessageBatch = async (/** @type {any[]} */ messages) =>
    messages.map((message) => (message.Body === 'b' ? { ...message, ReceiptHandle: 'no handle' } : message));
  await consuming({ queueUrl, batchSize: 10, handleMessageBatch }, async (consumer, errors) => {
    const processed = next(consumer, 'message_processed');
    const answered = next(consumer, 'response_processed');
    consumer.start();
    assert.equal((await processed)[0].Body, 'a');
    await answered;
    assert.match(errors[0].message, /^Batch operation failed for entries with Ids: [0-9a-f-]{36}$/);
  });
  assert.deepEqual(await counts(queueUrl), { ...empty, inFlight: 1 });
});

test('a heartbeat keeps a message from others for as long as its handler works', async () => {
  const queueUrl = await queue('long-work', { VisibilityTimeout: '2' });
  await produce(queueUrl, 'x');
  /** @type {any[]} */
  let others = [];
  const handleMessage = async (/** @type {any} */ message) => {
    others = await receive(queueUrl, { WaitTimeSeconds: 3 });
    return message;
  };
  await consuming({ queueUrl, handleMessage, visibilityTimeout: 2, heartbeatInterval: 1 }, async (consumer, errors) => {
    const processed = next(consumer, 'message_processed');
    consumer.start();
    await processed;
    assert.deepEqual(errors, []);
  });
  assert.deepEqual(others, []);
  assert.deepEqual(await counts(queueUrl), empty);
});

test('a stop that is awaited lets the handler finish and its message be deleted', async () => {
  const queueUrl = await queue('stopped');
  await produce(queueUrl, 'x');
  /** @type {string[]} */
  const events = [];
  /** @type {(value?: unknown) => void} */
  let finish = () => {};
  const work = new Promise((done) => { finish = done; });
  const handleMessage = async (/** @type {any} */ message) => {
    await work;
    return message;
  };
  await consuming({ queueUrl, handleMessage, pollingCompleteWaitTimeMs: 30_000 }, async (consumer) => {
    for (const event of ['message_processed', 'waiting_for_polling_to_complete', 'stopped']) {
      consumer.on(/** @type {any} */ (event), () => { events.push(event); });
    }
    const received = next(consumer, 'message_received');
    consumer.start();
    await received;
    const stopped = next(consumer, 'stopped');
    consumer.stop();
    finish();
    await stopped;
  });
  assert.deepEqual(events, ['waiting_for_polling_to_complete', 'message_processed', 'stopped']);
  assert.deepEqual(await counts(queueUrl), empty);
});

test('a long poll that its consumer aborts takes no message with it', async () => {
  const queueUrl = await queue('aborted', { VisibilityTimeout: '600' });
  /** @type {(value?: unknown) => void} */
  let begin = () => {};
  const polls = new Promise((done) => { begin = done; });
  const options = { preReceiveMessageCallback: async () => begin(), handleMessage: async () => undefined };
  await consuming({ queueUrl, ...options }, async (consumer) => {
    consumer.start();
    await polls;
    await counts(queueUrl); // by now the server has the poll
    const failed = next(consumer, 'error');
    consumer.stop({ abort: true });
    assert.equal((await failed)[0].code, 'AbortError');
  });
  await ask('SendMessage', { QueueUrl: queueUrl, MessageBody: 'for another' });
  const others = await receive(queueUrl, { WaitTimeSeconds: 5 });
  assert.deepEqual(others.map((message) => message.Body), ['for another']);
});

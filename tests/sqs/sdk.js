// The AWS SDK for JavaScript on a queue-service of its own, for a file of tests.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import * as sqs from '@aws-sdk/client-sqs';

import { keyPair, startQueueService } from './program.js';

export const account = '000000000000';
export const region = 'eu-west-1';
export const arn = (/** @type {string} */ name) => `arn:aws:sqs:${region}:${account}:${name}`;

/** The attribute RedrivePolicy. @param {string} name @param {number | string} maxReceiveCount */
export function redriveTo(name, maxReceiveCount) {
  return JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount });
}

/**
 * Declares that the tests of this file use a server.
 * @param {Record<string, string>} [settings]
 */
export function useQueues(settings) {
  /** @type {Awaited<ReturnType<typeof startQueueService>>} */
  let service;
  /** @type {sqs.SQSClient} */
  let client;
  before(async () => {
    service = await startQueueService(settings);
    client = clientWith();
  });
  after(async () => {
    client?.destroy();
    if (service) assert.equal(await service.stop(), 0);
  });

  /** @param {Partial<sqs.SQSClientConfig>} [options] */
  function clientWith(options) {
    return new sqs.SQSClient({ region, endpoint: service.url, credentials: keyPair, maxAttempts: 1, ...options });
  }

  /** @param {string} action @param {object} [input] @param {sqs.SQSClient} [by] */
  async function ask(action, input = {}, by = client) {
    const { $metadata, ...answer } = await by.send(new sqs[`${action}Command`](input));
    assert.equal($metadata.httpStatusCode, 200);
    assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    return answer;
  }

  /** @param {string} action @param {object} input @param {string} name */
  async function refused(action, input, name) {
    await assert.rejects(ask(action, input), (/** @type {any} */ error) => {
      assert.equal(error.name, name);
      assert.equal(error.$fault, 'client');
      if (sqs[name]) assert.ok(error instanceof sqs[name], `${name} is the SDK's class`);
      return true;
    });
  }

  /** @param {string} name @param {Record<string, string>} [attributes] @param {Record<string, string>} [tags] */
  async function queue(name, attributes = {}, tags = {}) {
    const { QueueUrl } = await ask('CreateQueue', { QueueName: name, Attributes: attributes, tags });
    assert.equal(QueueUrl, `${service.url}/${account}/${name}`);
    return QueueUrl;
  }

  /** The messages of one receive. @param {string} QueueUrl @param {object} [input] */
  async function receive(QueueUrl, input = {}) {
    const all = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], ...input };
    return (await ask('ReceiveMessage', all)).Messages ?? [];
  }

  /** How many messages wait, are in flight and are delayed. @param {string} QueueUrl */
  async function counts(QueueUrl) {
    const { Attributes } = await ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const of = (/** @type {string} */ state) => Number(Attributes[`ApproximateNumberOfMessages${state}`]);
    return { visible: of(''), inFlight: of('NotVisible'), delayed: of('Delayed') };
  }

  /** @param {NodeJS.Signals} signal */
  async function restart(signal) {
    await service.restart(signal);
    client.destroy();
    client = clientWith();
  }

  return {
    get url() {
      return service.url;
    },
    get client() {
      return client;
    },
    clientWith,
    ask,
    refused,
    queue,
    receive,
    counts,
    restart,
  };
}

// The other end of a topic: takes PublishBatch of Amazon SNS's query protocol, checks its signature, keeps what was
// published, and fails as the test says.
import { createHash, createHmac } from 'node:crypto';

import { startReceiver } from './receiver.js';

export const arn = 'arn:aws:sns:eu-west-1:123456789012:orders.fifo';
const secret = 'a secret of these tests';
/** What a program needs to know of it. @param {string} url @returns {Record<string, string>} */
export const settingsFor = (url) => ({
  ORDERFLOW_EVENTS_TOPIC_ARN: arn,
  AWS_ENDPOINT_URL_SNS: url,
  AWS_ACCESS_KEY_ID: 'AKIDTOPIC',
  AWS_SECRET_ACCESS_KEY: secret,
});

/** @param {string | Buffer} key @param {string} text */
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Whether it is signed for SNS in the topic's region with the secret. @param {import('./receiver.js').Received} call */
function isSigned({ path, headers, body }) {
  const found = /Credential=AKIDTOPIC\/(\d{8})\/eu-west-1\/sns\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
    .exec(headers['authorization'] ?? '');
  if (!found) return false;
  const [, day, names, signature] = found;
  const canonical = names.split(';').map((name) => `${name}:${headers[name]}\n`).join('');
  const request = ['POST', path, '', canonical, names, sha256(body)].join('\n');
  const scope = `${day}/eu-west-1/sns/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), 'eu-west-1'), 'sns'), 'aws4_request');
  return hmac(key, text).toString('hex') === signature;
}

/**
 * @typedef {object} Published
 * @property {string} entry
 * @property {string} body
 * @property {string} group
 * @property {string} id
 * @property {Record<string, string>} attributes
 */

/** @param {string} body @returns {Published[]} */
function entriesOf(body) {
  const form = new URLSearchParams(body);
  const entries = [];
  for (let i = 1; form.has(`PublishBatchRequestEntries.member.${i}.Id`); ++i) {
    /** @param {string} name */
    const at = (name) => form.get(`PublishBatchRequestEntries.member.${i}.${name}`) ?? '';
    /** @type {Record<string, string>} */
    const attributes = {};
    for (let k = 1; at(`MessageAttributes.entry.${k}.Name`); ++k) {
      attributes[at(`MessageAttributes.entry.${k}.Name`)] = at(`MessageAttributes.entry.${k}.Value.StringValue`);
    }
    entries.push({
      entry: at('Id'),
      body: at('Message'),
      group: at('MessageGroupId'),
      id: at('MessageDeduplicationId'),
      attributes,
    });
  }
  return entries;
}

/**
 * @typedef {{status: number, code: string} | 'broken' | Set<string> | undefined} Fault of a call; a set: the entries
 *   that fail, by the id of their event; 'broken': it is published, and nobody learns of it
 */

/** @param {(entries: Published[]) => Fault} [fail] */
export async function startTopic(fail = () => undefined) {
  /** @type {Published[]} */
  const published = [];
  /** @type {string[]} */
  const wrong = [];
  let calls = 0;
  const receiver = await startReceiver((call, answer) => {
    ++calls;
    const form = new URLSearchParams(call.body);
    if (form.get('Action') !== 'PublishBatch' || form.get('TopicArn') !== arn || !isSigned(call)) wrong.push(call.body);
    const entries = entriesOf(call.body);
    const fault = fail(entries);
    if (fault && fault !== 'broken' && !(fault instanceof Set)) {
      const error = `<ErrorResponse><Error><Type>Sender</Type><Code>${fault.code}</Code><Message>no</Message></Error></ErrorResponse>`;
      return void answer.writeHead(fault.status, { 'Content-Type': 'text/xml' }).end(error);
    }
    const refused = fault instanceof Set ? fault : new Set();
    const good = entries.filter(({ id }) => !refused.has(id));
    published.push(...good);
    if (fault === 'broken') return void answer.socket?.destroy();
    const members = (/** @type {Published[]} */ all, /** @type {string} */ more) =>
      all.map(({ entry }) => `<member><Id>${entry}</Id>${more}</member>`).join('');
    const failed = members(entries.filter(({ id }) => refused.has(id)), '<Code>InternalError</Code><SenderFault>false</SenderFault>');
    return void answer.writeHead(200, { 'Content-Type': 'text/xml' }).end(
      '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>' +
        `<Failed>${failed}</Failed><Successful>${members(good, '<MessageId>m</MessageId>')}</Successful>` +
        '</PublishBatchResult></PublishBatchResponse>',
    );
  });
  return {
    ...receiver,
    published,
    wrong,
    calls: () => calls,
    /** Of each order the ids of its events in the order in which each came first. @returns {Map<string, string[]>} */
    firsts() {
      /** @type {Map<string, string[]>} */
      const found = new Map();
      for (const { group, id } of published) {
        const ids = found.get(group) ?? [];
        if (!ids.includes(id)) found.set(group, [...ids, id]);
      }
      return found;
    },
  };
}

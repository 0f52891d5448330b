// Calls of the operations on the real program: each answer is judged by openapi.json, and what was seen is kept for the
// test that compares it with what the document promises. One program for all suites of operations.test.js.
import assert from 'node:assert/strict';

import { startProgram } from '../http/program.js';
import { api, operationOf, wrongWithAnswer, wrongWithRequest } from './openapi.js';
import { exchange, toBytes } from './wire.js';

/** @typedef {import('./wire.js').Answer} Answer */
/** @typedef {Awaited<ReturnType<typeof startProgram>>} Program */

export const token = 'the operator of these tests';
const readToken = 'who may only look in these tests';
export const operator = { Authorization: `Bearer ${token}` };
export const onlooker = { Authorization: `Bearer ${readToken}` };
export const { examples } = api.components;
export const smallest = examples.OrderRequestSmallest.value;
export const foreign = 'ord_7zc3qk9v2m4t8xw1b6hn5rj0dg'; // well formed and never issued

/** @type {Set<string>} operation and status */
export const seen = new Set();

/** @type {Program} */
let program;
export async function startTheProgram() {
  program = await startProgram({ ORDERFLOW_ADMIN_TOKEN: token, ORDERFLOW_ADMIN_READ_TOKEN: readToken });
}
export const stopTheProgram = () => program?.stop();
export const theProgram = () => program;

/**
 * @typedef {object} Call
 * @property {Record<string, string>} [path]
 * @property {Record<string, string>} [query]
 * @property {Record<string, string>} [headers]
 * @property {string} [type] of the body
 * @property {unknown} [body] sent as JSON; a string as it is
 * @property {boolean} [against] the document forbids this request
 * @property {string} [method]
 * @property {Program} [to]
 */

/** Calls an operation, judges request and answer. @param {string} id @param {Call} [call] */
export async function ask(
  id,
  { path = {}, query = {}, headers = {}, type, body, against = false, method, to = program } = {},
) {
  const operation = operationOf(id);
  const sendsBody = body !== undefined;
  const contentType = type ?? (sendsBody ? 'application/json' : undefined);
  const parsed =
    contentType === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(String(body))) : body;
  const wrong = wrongWithRequest(operation, { path, query, headers, type: contentType, body: parsed });
  assert.equal(
    wrong.length > 0,
    against,
    `${id}: the document on this request: ${wrong.join('; ') || 'nothing is wrong'}`,
  );

  const plain = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => path[name] ?? '');
  const search = new URLSearchParams(query).toString();
  const target = encodeURI(plain) + (search ? `?${search}` : '');
  const bytes = toBytes({
    method: method ?? operation.method,
    target,
    headers: [
      ['Host', '127.0.0.1'],
      ...Object.entries(headers),
      ...(contentType ? [/** @type {[string, string]} */ (['Content-Type', contentType])] : []),
    ],
    body: sendsBody ? Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) : undefined,
  });
  return one(id, to, method ?? operation.method, plain, bytes);
}

/** @param {string} id @param {Program} to @param {string} method @param {string} path @param {Buffer} bytes */
export async function one(id, to, method, path, bytes) {
  const { answers, closed } = await exchange(to.port, [bytes], { methods: [method] });
  assert.equal(closed, false, `${id}: no answer`);
  const [answer] = answers;
  assert.deepEqual(wrongWithAnswer(method, path, answer), [], `${id} ${answer.status}`);
  seen.add(`${id} ${answer.status}`);
  return answer;
}

/** @param {Answer} answer */
export const json = (answer) => JSON.parse(answer.body.toString('utf8'));
/** @param {Answer} answer @param {number} status @param {string} [code] */
export function is(answer, status, code) {
  assert.equal(answer.status, status, answer.body.toString('utf8'));
  if (code !== undefined) assert.equal(json(answer).code, code);
  return answer;
}

/** An order that came to its end. @param {object} [change] @returns {Promise<string>} its id */
export async function settledOrder(change = {}) {
  const { id } = json(is(await ask('placeOrder', { body: { ...smallest, ...change } }), 202));
  for (;;) {
    const events = json(await ask('listOrderEvents', { path: { id } })).data;
    if (events.some((/** @type {any} */ event) => ['order.confirmed', 'order.rejected'].includes(event.type)))
      return id;
  }
}

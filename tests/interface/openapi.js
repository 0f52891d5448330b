// contracts/openapi.json as a judge: what it says of a request, and what is wrong with an answer.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

import { wrongWithEvent } from './asyncapi.js';
import { header } from './wire.js';

/** @typedef {import('./wire.js').Answer} Answer */
/** @typedef {{id: string, path: string, method: string, pattern: RegExp, pointer: string, operation: any}} Operation */

export const api = JSON.parse(readFileSync(new URL('../../contracts/openapi.json', import.meta.url), 'utf8'));

const ajv = new Ajv2020.default({ allErrors: true, strict: false, coerceTypes: false });
addFormats.default(ajv);
ajv.addSchema(api, 'openapi');

const escaped = (/** @type {string} */ part) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The node that a reference leads to, with its pointer. @param {any} node @param {string} pointer */
function follow(node, pointer) {
  if (typeof node?.$ref !== 'string') return { node, pointer };
  const target = node.$ref.slice(1);
  const found = target
    .slice(1)
    .split('/')
    .reduce(
      (/** @type {any} */ at, /** @type {string} */ part) => at[part.replaceAll('~1', '/').replaceAll('~0', '~')],
      api,
    );
  return { node: found, pointer: target };
}

/** What is wrong with a value by the schema at a pointer: nothing, or the errors as text. */
function wrongWith(/** @type {string} */ pointer, /** @type {unknown} */ value) {
  const ref = `openapi#${encodeURI(pointer)}`;
  const valid = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
  return valid(value) ? undefined : ajv.errorsText(valid.errors, { dataVar: 'body' });
}

/** @type {Operation[]} */
export const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(/** @type {object} */ (item))
    .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .map(([method, operation]) => ({
      id: operation.operationId,
      path,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      pointer: `/paths/${escaped(path)}/${method}`,
      operation,
    })),
);

/** @param {string} id */
export function operationOf(id) {
  const found = operations.find((one) => one.id === id);
  if (!found) throw new Error(`openapi.json has no operation ${id}`);
  return found;
}

/** The responses of requests that reach no operation. */
const beforeRoute = Object.entries(api['x-responses-of-any-request']);
const notHere = { ...Object.fromEntries(beforeRoute), 404: { $ref: '#/components/responses/NotFound' } };

/**
 * What answers a request: an operation, the path with another method, OPTIONS, or nothing.
 * @param {string} method @param {string} path decoded, without query
 */
export function responsesFor(method, path) {
  const here = operations.filter(({ pattern }) => pattern.test(path));
  const wanted = method === 'HEAD' ? 'GET' : method;
  const chosen = here.find((one) => one.method === wanted);
  if (chosen)
    return { operation: chosen, responses: chosen.operation.responses, pointer: `${chosen.pointer}/responses` };
  return { responses: notHere, pointer: '/x-responses-of-any-request' };
}

/** The parameters of an operation, those of its path too, as {name, in, pointer, parameter}. @param {Operation} one */
export function parametersOf(one) {
  const pathPointer = one.pointer.slice(0, one.pointer.lastIndexOf('/'));
  const at = (/** @type {any[]} */ list = [], /** @type {string} */ pointer) =>
    list.map((entry, i) => follow(entry, `${pointer}/parameters/${i}`));
  return [...at(api.paths[one.path].parameters, pathPointer), ...at(one.operation.parameters, one.pointer)].map(
    ({ node, pointer }) => ({ name: node.name, in: node.in, required: node.required === true, node, pointer }),
  );
}

/** A path that the operation has, made of the examples in the document. @param {Operation} one */
export function examplePath(one) {
  const known = parametersOf(one).filter((parameter) => parameter.in === 'path');
  return one.path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const example = known.find((parameter) => parameter.name === name)?.node.example;
    if (example === undefined) throw new Error(`${one.id}: the path parameter ${name} has no example`);
    return String(example);
  });
}

const asTyped = (/** @type {any} */ schema, /** @type {string} */ text) =>
  follow(schema, '').node.type === 'integer' && /^-?[0-9]+$/.test(text) ? Number(text) : text;

/**
 * What the document finds wrong with a request.
 * @param {Operation} one
 * @param {{path?: Record<string, string>, query?: Record<string, string>, headers?: Record<string, string>,
 *          type?: string, body?: unknown}} request `body`: as parsed
 */
export function wrongWithRequest(one, request) {
  const wrong = [];
  const sent = { path: request.path ?? {}, query: request.query ?? {}, header: request.headers ?? {} };
  const known = parametersOf(one);
  for (const place of /** @type {('path' | 'query' | 'header')[]} */ (['path', 'query', 'header'])) {
    for (const [name, value] of Object.entries(sent[place])) {
      const same = (/** @type {any} */ parameter) =>
        parameter.in === place && parameter.name.toLowerCase() === name.toLowerCase();
      const parameter = known.find(same);
      if (!parameter) {
        if (place !== 'header') wrong.push(`${place} ${name} is not documented`);
        continue;
      }
      const fault = wrongWith(`${parameter.pointer}/schema`, asTyped(parameter.node.schema, value));
      if (fault) wrong.push(`${place} ${name}: ${fault}`);
    }
  }
  for (const parameter of known) {
    const given = sent[/** @type {'path' | 'query' | 'header'} */ (parameter.in)];
    if (parameter.required && !(parameter.name in given)) wrong.push(`${parameter.in} ${parameter.name} is missing`);
  }
  const { node: body, pointer } = follow(one.operation.requestBody, `${one.pointer}/requestBody`);
  if (!body) return request.type === undefined ? wrong : [...wrong, 'a body is not documented'];
  const content = body.content[request.type ?? ''];
  if (!content) return [...wrong, `${request.type} is not documented`];
  const fault = wrongWith(`${pointer}/content/${escaped(request.type ?? '')}/schema`, request.body);
  return fault ? [...wrong, fault] : wrong;
}

/** @param {any} response @param {string} pointer @param {Answer} answer */
function wrongHeaders(response, pointer, answer) {
  const wrong = [];
  for (const [name, entry] of Object.entries(response.headers ?? {})) {
    const { node, pointer: at } = follow(entry, `${pointer}/headers/${escaped(name)}`);
    const value = header(answer, name.toLowerCase());
    if (value === undefined) {
      if (node.required) wrong.push(`${name} is missing`);
      continue;
    }
    const fault = wrongWith(`${at}/schema`, asTyped(node.schema, value));
    if (fault) wrong.push(`${name} is ${JSON.stringify(value)}: ${fault}`);
  }
  return wrong;
}

/** The events of a stream, as far as they are whole. @param {Buffer} body @returns {any[]} */
export function eventsOf(body) {
  const blocks = body.toString('utf8').split('\n\n').slice(0, -1);
  return blocks
    .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))))
    .filter((event) => event.data !== undefined);
}

/** What is wrong with an event of the stream of the overview. @param {{event: string, data: string}} sent */
function wrongWithOverviewEvent({ event, data }) {
  const told = JSON.parse(data);
  if (event === 'overview') return wrongWith('/components/schemas/Overview', told);
  return event === 'heartbeat' && typeof told.at === 'string' ? undefined : `no event of an overview: ${event} ${data}`;
}

/** @param {any} response @param {string} pointer @param {Answer} answer */
function wrongBody(response, pointer, answer) {
  const type = header(answer, 'content-type')?.split(';')[0];
  if (!response.content) return answer.body.length > 0 ? ['a body is not documented'] : [];
  if (type === undefined || !response.content[type]) return [`Content-Type ${type} is not documented`];
  const schema = `${pointer}/content/${escaped(type)}/schema`;
  if (type === 'text/event-stream') {
    const wrongEvent = pointer.includes('overview') ? wrongWithOverviewEvent : wrongWithEvent;
    return eventsOf(answer.body)
      .map(wrongEvent)
      .filter((fault) => fault !== undefined);
  }
  if (!type.endsWith('json')) return [];
  const text = (header(answer, 'content-encoding') === 'gzip' ? gunzipSync(answer.body) : answer.body).toString('utf8');
  try {
    const fault = wrongWith(schema, JSON.parse(text));
    return fault ? [`${fault}, in ${text.slice(0, 500)}`] : [];
  } catch {
    return [`the body is no JSON: ${text.slice(0, 200)}`];
  }
}

/**
 * What is wrong with an answer to a request with this method and path.
 * @param {string} method @param {string} path decoded, without query @param {Answer} answer
 * @returns {string[]}
 */
export function wrongWithAnswer(method, path, answer) {
  if (method === 'OPTIONS' && answer.status === 204) return header(answer, 'allow') ? [] : ['Allow is missing'];
  const { operation, responses, pointer } = responsesFor(method, path);
  const name = operation ? `${method} ${operation.path}` : `${method} elsewhere`;
  const entry = responses[answer.status];
  if (!entry) return [`${name}: ${answer.status} is not documented: ${answer.body.toString('utf8').slice(0, 300)}`];
  const { node, pointer: at } = follow(entry, `${pointer}/${answer.status}`);
  const found = wrongHeaders(node, at, answer);
  if (method !== 'HEAD') found.push(...wrongBody(node, at, answer));
  return found.map((fault) => `${name} ${answer.status}: ${fault}`);
}

/**
 * What is wrong with an answer to bytes that may be any request, or none: its status and content belong to no
 * operation at all.
 * @param {Answer} answer not one to HEAD
 */
export function wrongWithAnyAnswer(answer) {
  if (answer.status === 204) return [];
  const all = [
    ...operations.map(({ operation, pointer }) => [operation.responses, `${pointer}/responses`]),
    [notHere, '/x-responses-of-any-request'],
  ];
  const faults = all
    .filter(([responses]) => responses[answer.status])
    .map(([responses, pointer]) => {
      const { node, pointer: at } = follow(responses[answer.status], `${pointer}/${answer.status}`);
      return [...wrongHeaders(node, at, answer), ...wrongBody(node, at, answer)];
    });
  if (faults.some((found) => found.length === 0)) return [];
  return [
    `${answer.status} is no documented answer: ${faults[0]?.[0] ?? ''} ${answer.body.toString('utf8').slice(0, 300)}`,
  ];
}

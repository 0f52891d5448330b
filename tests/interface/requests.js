// Generated requests: valid ones, nearly valid ones, and whatever an attacker or a broken client may send.
import fc from 'fast-check';

import {
  asBytes,
  brokenText,
  cancelBody,
  changedOrder,
  clientErrorBody,
  erasureBody,
  formBody,
  json,
  maybe,
  parsed,
  validOrder,
} from './bodies.js';
import { operations } from './openapi.js';
import { toBytes } from './wire.js';

/**
 * @typedef {object} Sent
 * @property {string} method
 * @property {string} target as in the request line
 * @property {string} version
 * @property {[string, string][]} headers
 * @property {Buffer | undefined} body
 * @property {number[] | undefined} chunks
 * @property {unknown} order the order request in the body, when it is one that parses as JSON
 * @property {unknown} [report] what a page reports, when it parses as JSON
 * @property {boolean} valid the document has nothing against it: it must be taken
 */

const latin1 = (/** @type {string} */ text) => Buffer.from(text, 'utf8').toString('latin1');

// Fields

const key = fc.oneof(
  fc.uuid(),
  fc.integer({ min: 0, max: 30 }).map((n) => `one-of-a-few-keys-${n}`),
  fc.uuid().map((text) => `"${text}"`),
);
const hostileKey = fc.constantFrom(
  '',
  'short',
  'x'.repeat(255),
  'x'.repeat(256),
  '"',
  '"unfinished',
  '"a\\x0123456789abcdef"',
  'k\u00e9y-0123456789abcdef',
  `"${'y'.repeat(20)}" ; a=b`,
);
const types = ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'];
const otherTypes = [
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/json; charset=latin1',
  'application/jsonx',
  'multipart/form-data; boundary=x',
  ';',
  '',
];
const extraField = fc.oneof(
  fc.tuple(fc.constant('Request-Id'), fc.constantFrom('abc', 'x'.repeat(64), 'x'.repeat(65), 'a b', '\u00e9', '')),
  fc.tuple(
    fc.constant('traceparent'),
    fc.constantFrom('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '00-0-0-0', 'ff-x', ''),
  ),
  fc.tuple(fc.constant('If-None-Match'), fc.constantFrom('*', '"1"', '"5"', 'W/"1"', '"', '"1", "2"', '')),
  fc.tuple(fc.constant('If-Match'), fc.constantFrom('"1"', '"5"', '*', '"', '"99999999999999999999"', '4', '')),
  fc.tuple(fc.constant('Last-Event-ID'), fc.constantFrom('0', '3', '9223372036854775807', '-1', 'x', '')),
  fc.tuple(fc.constant('Authorization'), fc.constantFrom('Bearer x', 'Bearer ', 'Basic eDp5', 'Bearer'.repeat(50))),
  fc.tuple(fc.constant('Accept-Encoding'), fc.constantFrom('gzip', 'gzip;q=0', '*', 'br', ';;,,', 'gzip;q=x')),
  fc.tuple(fc.constant('Accept'), fc.constantFrom('text/html', 'application/xml', 'q=')),
  fc.tuple(fc.constant('Content-Encoding'), fc.constantFrom('gzip', 'identity', 'br')),
  fc.tuple(fc.constant('Expect'), fc.constantFrom('100-continue', '200-ok')),
  fc.tuple(fc.constant('Connection'), fc.constantFrom('close', 'keep-alive', 'upgrade', 'x, close', ',,')),
  fc.tuple(fc.constant('Range'), fc.constantFrom('bytes=0-1', 'bytes=9-1', 'lines=1')),
  fc.tuple(fc.constant('X-Forwarded-For'), fc.constantFrom('127.0.0.1', '::1', 'x')),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('http://evil.example', 'null', 'http://127.0.0.1')),
  fc.tuple(fc.constant('Cookie'), fc.constantFrom('a=b', ';;;', '='.repeat(100))),
  fc.tuple(fc.constantFrom('X-A', 'x-b', 'X_C', "X!#$%&'*+.^`|~"), fc.stringMatching(/^[!-~\x80-\xff]{0,40}$/)),
  fc.tuple(fc.constant('X-Big'), fc.constantFrom('x'.repeat(8000), 'x'.repeat(17_000))),
);
const host = fc.oneof(
  { weight: 30, arbitrary: fc.constant('127.0.0.1') },
  { weight: 1, arbitrary: fc.constantFrom('localhost:80', 'evil.example', 'a b', '', '[::1]', 'x:99999', 'a@b') },
);

// Targets

/** Ids of orders that there are. Filled by the test. @type {string[]} */
export const knownIds = [];
const id = fc.oneof(
  { weight: 6, arbitrary: fc.nat().map((n) => knownIds[n % knownIds.length] ?? 'ord_0') },
  { weight: 1, arbitrary: fc.nat().map((n) => (knownIds[n % knownIds.length] ?? 'ord_0').toUpperCase()) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'ord_7zc3qk9v2m4t8xw1b6hn5rj0dg',
      'ord_',
      'x',
      '%00',
      '%2e%2e',
      'ord_%37',
      'é',
      "'",
      '..',
      '%',
      '*',
    ),
  },
);
/** Names of assets that there are. Filled by the test. @type {string[]} */
export const knownFiles = [];
const file = fc.oneof(
  { weight: 1, arbitrary: fc.nat().map((n) => knownFiles[n % knownFiles.length] ?? 'none.css') },
  { weight: 2, arbitrary: fc.constantFrom('base.css', 'no.css', '..%2f..%2fsecrets', '%2e%2e', 'BASE.CSS', '.hidden') },
);
const queryValue = fc.oneof(
  fc.constantFrom(
    'confirmed',
    'accepted',
    'none',
    '1',
    '100',
    '0',
    '101',
    '-1',
    'ada@example.com',
    'NB-A5-DOT',
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00:00Z',
    '2026',
    'plain',
    '9223372036854775808',
    '%zz',
    '%00',
    '%F0%9F%9B%92',
    '',
    "'%20OR%201=1",
  ),
  fc.nat().map((n) => knownIds[n % knownIds.length] ?? ''),
);
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'status',
        'customer',
        'sku',
        'created_after',
        'created_before',
        'limit',
        'starting_after',
        'after',
        'view',
        'x',
        '',
      ),
      queryValue,
    ),
    { maxLength: 3 },
  )
  .map((pairs) => (pairs.length > 0 ? `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}` : ''));

const operationTarget = fc.tuple(fc.nat(), id, file, query).map(([n, order, asset, search]) => {
  const { path, method } = operations[n % operations.length];
  const plain = path
    .replace('{id}', order)
    .replace('{file}', asset)
    .replaceAll(/\{\w+\}/g, order);
  return { method, target: latin1(plain) + search };
});
const oddTarget = fc.constantFrom(
  '/nothing',
  '//',
  '/v1',
  '/v1/orders/',
  '/v1//orders',
  '/./order',
  '/../order',
  '/%6frder',
  '/order%2f',
  '/v1/orders%00',
  '/ORDER',
  '/order;x=1',
  '/order#x',
  '*',
  'order',
  'http://127.0.0.1/order',
  'http://evil.example/order',
  'https://127.0.0.1:1/',
  '/?',
  '/%',
  '/%e9',
  latin1('/é'),
  `/${'x'.repeat(9000)}`,
  '/metrics/',
  '/assets/',
  '/assets/a/b',
  '/robots.txt',
  '/.git/config',
  '\\order',
);
const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'get',
  'FOO',
  'M-SEARCH',
];

// Requests

const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 });
const framing = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: sizes });

/** @returns {Sent} */
function request(/** @type {Partial<Sent> & {method: string, target: string}} */ given) {
  return {
    version: 'HTTP/1.1',
    headers: [['Host', '127.0.0.1']],
    body: undefined,
    chunks: undefined,
    order: undefined,
    valid: false,
    ...given,
  };
}

const goodPlace = fc
  .tuple(validOrder, maybe(fc.uuid()), fc.constantFrom('/order', '/v1/orders'), fc.constantFrom(...types), framing)
  .map(([order, name, target, type, chunks]) =>
    request({
      method: 'POST',
      target,
      headers: [
        ['Host', '127.0.0.1'],
        ['Content-Type', type],
        ...(name ? [/** @type {[string, string]} */ (['Idempotency-Key', name])] : []),
      ],
      body: asBytes(order),
      chunks,
      order,
      valid: true,
    }),
  );

const placeBody = fc.oneof(
  { weight: 3, arbitrary: changedOrder.map(asBytes) },
  { weight: 2, arbitrary: brokenText },
  { weight: 1, arbitrary: json },
  { weight: 1, arbitrary: validOrder.map(asBytes) },
);
const oddPlace = fc
  .tuple(
    placeBody,
    fc.constantFrom('/order', '/v1/orders'),
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...types) },
      { weight: 1, arbitrary: fc.constantFrom(...otherTypes) },
    ),
    maybe(fc.oneof({ weight: 3, arbitrary: key }, { weight: 1, arbitrary: hostileKey })),
    fc.array(extraField, { maxLength: 2 }),
    framing,
  )
  .map(([body, target, type, name, more, chunks]) => {
    /** @type {[string, string][]} */
    const headers = [
      ['Host', '127.0.0.1'],
      ['Content-Type', type],
    ];
    if (name !== undefined) headers.push(['Idempotency-Key', latin1(name)]);
    for (const [field, value] of more) headers.push([field, latin1(value)]);
    return request({ method: 'POST', target, headers, body, chunks, order: parsed(body) });
  });

const cancelOrForm = fc
  .tuple(fc.boolean(), id, cancelBody, formBody, fc.array(extraField, { maxLength: 2 }), framing)
  .map(([cancels, order, cancel, form, more, chunks]) =>
    request({
      method: 'POST',
      target: cancels ? latin1(`/v1/orders/${order}/cancel`) : '/order',
      headers: [
        ['Host', '127.0.0.1'],
        ['Content-Type', cancels ? 'application/json' : 'application/x-www-form-urlencoded'],
        ...more.map(([field, value]) => /** @type {[string, string]} */ ([field, latin1(value)])),
      ],
      body: cancels ? cancel : form,
      chunks,
    }),
  );

const erasure = fc.tuple(erasureBody, fc.array(extraField, { maxLength: 2 }), framing).map(([body, more, chunks]) =>
  request({
    method: 'POST',
    target: '/v1/admin/customers/erase',
    headers: [
      ['Host', '127.0.0.1'],
      ['Content-Type', 'application/json'],
      ...more.map(([field, value]) => /** @type {[string, string]} */ ([field, latin1(value)])),
    ],
    body,
    chunks,
  }),
);

const clientError = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: clientErrorBody }, { weight: 1, arbitrary: fc.oneof(json, brokenText) }),
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...types) },
      { weight: 1, arbitrary: fc.constantFrom(...otherTypes) },
    ),
    framing,
  )
  .map(([body, type, chunks]) =>
    request({
      method: 'POST',
      target: '/v1/client-errors',
      headers: [
        ['Host', '127.0.0.1'],
        ['Content-Type', type],
      ],
      body,
      chunks,
      report: parsed(body),
    }),
  );

const anything = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: operationTarget },
      { weight: 1, arbitrary: oddTarget.map((target) => ({ method: 'GET', target })) },
    ),
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...methods) }),
    host,
    fc.array(extraField, { maxLength: 4 }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.oneof(json, brokenText, formBody) },
    ),
    framing,
    fc.oneof(
      { weight: 40, arbitrary: fc.constant('HTTP/1.1') },
      { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/1', 'http/1.1') },
    ),
  )
  .map(([{ method, target }, other, name, more, body, chunks, version]) =>
    request({
      method: other ?? method,
      target,
      version,
      headers: [
        ['Host', latin1(name)],
        ...more.map(([field, value]) => /** @type {[string, string]} */ ([field, latin1(value)])),
      ],
      body,
      chunks,
    }),
  );

/** A request whose frame is right: one answer belongs to it. @type {fc.Arbitrary<Sent>} */
export const framedRequest = fc.oneof(
  { weight: 3, arbitrary: goodPlace },
  { weight: 3, arbitrary: oddPlace },
  { weight: 2, arbitrary: cancelOrForm },
  { weight: 1, arbitrary: erasure },
  { weight: 1, arbitrary: clientError },
  { weight: 5, arbitrary: anything },
);

const nasty = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  '\r\n\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Host: x\r\n',
  '0\r\n\r\n',
  'ffffffff\r\n',
  '\x80\xff',
  'GET / HTTP/1.1\r\n',
  '%',
];

/**
 * Bytes that were a request before something happened to them. None is HEAD: where its answer ends could not be told.
 * @type {fc.Arbitrary<Buffer>}
 */
export const brokenBytes = fc
  .tuple(
    framedRequest,
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('insert', 'delete', 'replace', 'cut', 'repeat'),
        fc.constantFrom(...nasty),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([sent, changes]) => {
    let bytes = toBytes({ ...sent, method: sent.method.replace('HEAD', 'GET') });
    for (const [where, length, how, text] of changes) {
      const at = bytes.length > 0 ? where % Math.min(bytes.length, 2000) : 0;
      const end = Math.min(bytes.length, at + 1 + (length % 20));
      const piece = Buffer.from(text, 'latin1');
      if (how === 'insert') bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
      if (how === 'delete') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
      if (how === 'replace') bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(end)]);
      if (how === 'cut') bytes = bytes.subarray(0, at);
      if (how === 'repeat') bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    }
    return bytes;
  });

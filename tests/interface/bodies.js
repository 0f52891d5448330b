// Generated bodies: valid orders, orders with one thing changed, and what only looks like an order.
import fc from 'fast-check';

// Values

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 .,'-]{0,20}[A-Za-z0-9]$/);
const anyWord = fc.oneof(word, fc.constantFrom('Zoë Ünal', '東京都', 'Ø', '🛒 last', 'a\u0301', 'x'));
const hostileText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\u001f',
  '\u007f',
  '\u0085',
  '\u200b',
  '\u202e',
  '\ufeff',
  'a\nb',
  '\r\n',
  '\ud83d',
  "' OR 1=1 --",
  '<script>',
  '../../etc/passwd',
  '%00',
  '${x}',
  '{{x}}',
  'x'.repeat(300),
  'é'.repeat(2500),
  '0',
  '-1',
  'null',
  'NaN',
);
const hostileNumber = fc.constantFrom(
  0,
  -1,
  1.5,
  1e2,
  1e400,
  -0,
  1000001,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  Number.MIN_VALUE,
  null,
  true,
  '1',
  [],
  {},
);

/** @param {fc.Arbitrary<any>} arbitrary */
export const maybe = (arbitrary) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** A record without the members that are undefined. @param {Record<string, fc.Arbitrary<any>>} members */
const record = (members) =>
  fc.record(members).map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

const skus = ['NB-A5-DOT', 'PN-FOUNT-M', 'IN-BLACK-50', 'NB-PRESS-01', 'DK-SEAL-UK', 'no.such_sku'];
const item = record({
  sku: fc.constantFrom(...skus),
  quantity: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_000_000 }) },
  ),
});
const address = record({
  name: maybe(anyWord),
  line1: anyWord,
  line2: maybe(anyWord),
  city: anyWord,
  region: maybe(anyWord),
  postal_code: maybe(fc.stringMatching(/^[A-Z0-9]{1,10}$/)),
  country: fc.constantFrom('DE', 'GB', 'US', 'FR', 'AQ'),
});
const token = fc.constantFrom('tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky', 'tok_other');
const payment = fc.oneof(
  { weight: 6, arbitrary: token.map((value) => ({ mode: 'token', token: value })) },
  { weight: 1, arbitrary: record({ mode: fc.constant('invoice'), reference: maybe(word) }) },
  { weight: 1, arbitrary: record({ mode: fc.constant('preauthorized'), provider: word, reference: word }) },
);

export const validOrder = record({
  currency: fc.constantFrom('EUR', 'GBP', 'USD', 'JPY'),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  customer: record({
    id: maybe(word),
    name: anyWord,
    email: fc.stringMatching(/^[a-z0-9+._]{1,20}@[a-z0-9]{1,10}\.[a-z]{2,6}$/),
    phone: maybe(fc.stringMatching(/^\+?[0-9]{5}[0-9 ()./-]{0,10}$/)),
  }),
  shipping_address: address,
  billing_address: maybe(address),
  payment,
  expected_total: maybe(fc.constantFrom(0, 3941, Number.MAX_SAFE_INTEGER)),
  client_reference: maybe(word),
  notes: maybe(fc.oneof(word, fc.constant('two\nlines'))),
  metadata: maybe(
    fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.stringMatching(/^[ -~]{0,40}$/), { maxKeys: 5 }),
  ),
});

/** Every place in a document, as paths. @param {any} node @param {(string | number)[]} path @returns {(string | number)[][]} */
function places(node, path = []) {
  if (node === null || typeof node !== 'object') return [path];
  return [path, ...Object.entries(node).flatMap(([key, value]) => places(value, [...path, key]))];
}

/** @param {any} document @param {(string | number)[]} path @param {(holder: any, key: string | number) => void} change */
function changed(document, path, change) {
  const root = { document: structuredClone(document) };
  const full = ['document', ...path];
  const holder = full.slice(0, -1).reduce((/** @type {any} */ at, key) => at[key], root);
  change(holder, full[full.length - 1]);
  return root.document;
}

const remove = (/** @type {any} */ holder, /** @type {any} */ key) =>
  Array.isArray(holder) ? holder.splice(key, 1) : delete holder[key];
const amount = fc.constantFrom('price', 'total', 'unit_price', 'tax', 'coupon', '__proto__x', '');

/** An order with one thing changed: often no order any more. */
export const changedOrder = fc
  .tuple(
    validOrder,
    fc.nat(),
    fc.oneof(hostileText, hostileNumber),
    fc.constantFrom('set', 'set', 'remove', 'add', 'twin'),
    amount,
  )
  .map(([order, at, value, how, name]) => {
    const all = places(order);
    const path = all[at % all.length];
    if (how === 'remove') return changed(order, path, remove);
    if (how === 'set')
      return changed(order, path, (holder, key) => {
        holder[key] = value;
      });
    return changed(order, path, (holder, key) => {
      const there = holder[key];
      if (Array.isArray(there)) there.push(...Array(how === 'twin' ? 101 : 1).fill(there[0]));
      else if (there !== null && typeof there === 'object') there[name] = value;
      else holder[name] = value;
    });
  });

export const asBytes = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value) ?? '', 'utf8');

export const brokenText = fc
  .tuple(
    validOrder,
    fc.nat(),
    fc.constantFrom('cut', 'twice', 'comma', 'nul', 'utf8', 'big', 'deep', 'trailing', 'bom', 'empty', 'double'),
  )
  .map(([order, at, how]) => {
    const text = asBytes(order);
    switch (how) {
      case 'cut':
        return text.subarray(0, at % text.length);
      case 'twice':
        return Buffer.concat([text, text]);
      case 'comma':
        return Buffer.concat([text.subarray(0, text.length - 1), Buffer.from(',}')]);
      case 'nul':
        return Buffer.concat([text, Buffer.from([0])]);
      case 'utf8':
        return Buffer.concat([Buffer.from('{"notes":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]);
      case 'big':
        return asBytes({ ...order, notes: 'x'.repeat(61_440 + (at % 3000)) });
      case 'deep':
        return Buffer.from('['.repeat(20 + (at % 30)) + ']'.repeat(20 + (at % 30)));
      case 'trailing':
        return Buffer.concat([text, Buffer.from('  x')]);
      case 'bom':
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text]);
      case 'empty':
        return Buffer.alloc(0);
      default:
        return Buffer.from(`{"currency":"EUR","currency":"EUR",${text.toString('utf8').slice(1)}`);
    }
  });

export const parsed = (/** @type {Buffer} */ bytes) => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
};

export const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text, 'utf8'));
const place = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('/', '/orders/{id}', '/assets/shop.0123456789abcdef.js', 'https', 'blob') },
  { weight: 1, arbitrary: fc.constantFrom('', '/?a=b', '/#a', '/a b', '/é', 'x'.repeat(201), null, 1) },
);
const position = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 500 }) },
  { weight: 1, arbitrary: fc.oneof(hostileNumber, fc.constant(10_000_001)) },
);
/** What a page reports of its faults, mostly as it should be. */
export const clientErrorBody = record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('error', 'rejection', 'resource', 'policy') },
    { weight: 1, arbitrary: fc.constantFrom('crash', '', 1, null) },
  ),
  type: maybe(fc.constantFrom('TypeError', 'TypeError', 'x'.repeat(61))),
  message: fc.oneof({ weight: 8, arbitrary: anyWord }, { weight: 1, arbitrary: hostileText }),
  page: place,
  source: maybe(place),
  line: maybe(position),
  column: maybe(position),
  stack: maybe(
    fc.array(record({ function: maybe(anyWord), file: place, line: maybe(position) }), { maxLength: 22, size: 'max' }),
  ),
  cookie: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant('a=b') }),
}).map(asBytes);
export const cancelBody = fc
  .oneof(
    fc.constantFrom({ reason: 'customer' }, { reason: 'fraud_check' }),
    fc.constantFrom(
      {},
      { reason: '' },
      { reason: 'A' },
      { reason: 'x'.repeat(41) },
      { reason: 1 },
      { reason: 'a', more: 1 },
      [],
      null,
      'x',
    ),
  )
  .map(asBytes);
/** A request to erase a customer: nobody's, or broken. */
export const erasureBody = fc
  .oneof(
    fc.constantFrom(
      { email: 'nobody@example.invalid', reason: 'request 17' },
      { email: 'NOBODY@example.invalid', reason: 'request 17', tenant: 'default', by: 'kim' },
      { customer_id: 'no such customer', reason: 'request 17' },
    ),
    fc.constantFrom(
      {},
      { email: 'nobody@example.invalid' },
      { email: 'nobody@example.invalid', customer_id: 'x', reason: 'x' },
      { email: 'nobody@example.invalid', reason: 'of nobody@example.invalid' },
      { email: 1, reason: 'x' },
      { email: 'nobody', reason: 'x' },
      { email: 'x'.repeat(300), reason: 'x' },
      { customer_id: '', reason: 'x' },
      { customer_id: 'x'.repeat(65), reason: 'x' },
      { customer_id: 'x', reason: 'x'.repeat(501) },
      { customer_id: 'x', tenant: 'A', reason: 'x' },
      { customer_id: 'x', reason: '\u0000' },
      { customer_id: 'x', reason: 'x', more: 1 },
      [],
      null,
    ),
  )
  .map(asBytes);
export const formBody = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'idempotency_key',
        'customer_name',
        'customer_email',
        'line1',
        'city',
        'country',
        'currency',
        'payment_token',
        'qty_NB-A5-DOT',
        'qty_',
        'qty_%00',
        'x',
        '',
      ),
      fc.oneof(
        anyWord,
        hostileText,
        fc.constantFrom('2', 'DE', 'EUR', 'tok_ok', 'ada@example.com', '0123456789abcdef', '%', '%zz', '+'),
      ),
    ),
    { maxLength: 12 },
  )
  .chain((pairs) =>
    fc
      .boolean()
      .map((escape) =>
        Buffer.from(
          pairs
            .map(
              ([name, value]) => `${name}=${escape ? encodeURIComponent(value.toWellFormed()) : value.toWellFormed()}`,
            )
            .join('&'),
          'utf8',
        ),
      ),
  );

// After a deployment: an order to confirmed, an unknown order, the live stream, and an order without scripts, through the
// front door. It needs Node alone. usage: node smoke.mjs <url of the shop>
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const settleSeconds = 60;
const settled = ['confirmed', 'completed'];
const streamSeconds = 10;
// What it pays with. In production it reaches the shop's payment endpoint, which has to know it as a test.
const token = process.env.ORDERFLOW_SMOKE_TOKEN || 'tok_ok';
const headers = JSON.parse(readFileSync(new URL('../../frontend/headers.json', import.meta.url), 'utf8'));

const [, , base] = process.argv;
if (!base) throw new Error('usage: node smoke.mjs <url of the shop>');
const at = (path) => new URL(path, base);

function expect(good, what) {
  if (!good) throw new Error(what);
}

async function product() {
  const answer = await fetch(at('/v1/products'));
  expect(answer.status === 200, `/v1/products: ${answer.status}`);
  const found = (await answer.json()).data.find(({ available, prices }) => available > 0 && prices.EUR);
  expect(found, 'no product is available in EUR');
  return found.sku;
}

function order(sku) {
  return {
    currency: 'EUR',
    items: [{ sku, quantity: 1 }],
    customer: { name: 'Smoke Test', email: 'smoke@example.com' },
    shipping_address: { line1: 'Road 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
    payment: { mode: 'token', token },
  };
}

async function untilSettled(id) {
  const end = Date.now() + settleSeconds * 1000;
  for (;;) {
    const answer = await fetch(at(`/v1/orders/${id}`));
    expect(answer.status === 200, `/v1/orders/${id}: ${answer.status}`);
    const { status } = await answer.json();
    if (settled.includes(status)) return status;
    expect(status !== 'rejected', `${id} was rejected (is the token ${token} taken?)`);
    expect(Date.now() < end, `${id} is ${status} after ${settleSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function placeAndFollow() {
  const key = randomUUID();
  const body = JSON.stringify(order(await product()));
  const place = () =>
    fetch(at('/order'), { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': key }, body });
  const answer = await place();
  expect(answer.status === 202, `POST /order: ${answer.status} ${await answer.clone().text()}`);
  const { id } = await answer.json();
  const again = await place();
  expect((await again.json()).id === id, 'the same key made another order');
  const stream = firstEvent(id);
  const status = await untilSettled(id);
  expect(await stream, 'the stream of events said nothing');
  return `${id} is ${status}`;
}

// The first event comes at once: through CloudFront that means that nothing gathers or compresses the stream.
async function firstEvent(id) {
  const cut = AbortSignal.timeout(streamSeconds * 1000);
  const answer = await fetch(at(`/v1/orders/${id}/stream`), { headers: { accept: 'text/event-stream' }, signal: cut });
  expect(answer.headers.get('content-type')?.startsWith('text/event-stream'), `stream: ${answer.status}`);
  const reader = answer.body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return value?.length > 0;
}

async function unknownOrder() {
  const answer = await fetch(at('/v1/orders/ord_00000000000000000000000000'));
  expect(answer.status === 404, `an unknown order: ${answer.status}`);
  const type = answer.headers.get('content-type');
  expect(type?.startsWith('application/problem+json'), `an unknown order is answered as ${type}`);
  return 'an unknown order is problem+json';
}

async function withoutScripts() {
  const form = await fetch(at('/order'), { headers: { accept: 'text/html' } });
  expect(form.status === 200, `GET /order: ${form.status}`);
  const key = (await form.text()).match(/name="idempotency_key" value="([^"]{16,})"/)?.[1];
  expect(key, 'the form has no key');
  const fields = {
    idempotency_key: key,
    customer_name: 'Smoke Test',
    customer_email: 'smoke@example.com',
    line1: 'Road 1',
    city: 'Berlin',
    postal_code: '10115',
    country: 'DE',
    currency: 'EUR',
    payment_token: token,
    [`qty_${await product()}`]: '1',
  };
  const answer = await fetch(at('/order'), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
  expect(answer.status === 303, `the form: ${answer.status}`);
  const receipt = answer.headers.get('location');
  const page = await fetch(at(receipt), { headers: { accept: 'text/html' } });
  expect(page.status === 200, `${receipt}: ${page.status}`);
  return `${receipt} without scripts`;
}

// The same file makes the policies of CloudFront, the files of the bucket and the headers of the local server.
async function good(path, kind) {
  const answer = await fetch(at(path));
  expect(answer.status === 200, `${path}: ${answer.status}`);
  const wanted = { ...headers[kind], ...(new URL(base).protocol === 'https:' ? headers.tls : {}) };
  // A page of the release before names had hashes stays until the next step of the delivery.
  if (kind === 'asset' && !/\.[0-9a-f]{16}\.[a-z0-9]+$/.test(path)) delete wanted['Cache-Control'];
  for (const [name, value] of Object.entries(wanted)) {
    expect(answer.headers.get(name) === value, `${name} of ${path}: ${answer.headers.get(name)}`);
  }
  return answer.text();
}

const namesIn = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => `/assets/${name}`);

// The page is a file of the bucket, the receipt is the API's: both must name assets that are there, and so must modules.
async function page() {
  const pages = [await good('/', 'page'), await good('/orders/any', 'page')];
  const assets = new Set(pages.flatMap((text) => namesIn(text, /"\/assets\/([^"]+)"/g)));
  expect(assets.size > 0, 'the pages name no assets');
  for (const asset of assets) {
    // A set that grows is gone through to its end.
    for (const name of namesIn(await good(asset, 'asset'), /from "\.\/([^"]+)"/g)) assets.add(name);
  }
  return `pages and ${assets.size} assets are there, with their headers`;
}

let failed = 0;
for (const check of [page, placeAndFollow, unknownOrder, withoutScripts]) {
  try {
    console.log(`ok     ${await check()}`);
  } catch (error) {
    failed += 1;
    console.log(`failed ${check.name}: ${error.message}`);
  }
}
process.exit(failed === 0 ? 0 : 1);

// Goal: the smoke test of a deployment (infra/smoke/smoke.mjs) is green where everything works, and red where something in
// front of the program spoils its answers. Method: it is run against the three services, straight and through a front that
// does what a wrong CloudFront would do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startServices } from './services.js';

const script = fileURLToPath(new URL('../../infra/smoke/smoke.mjs', import.meta.url));

/** @type {Awaited<ReturnType<typeof startServices>>} */
let services;
before(async () => {
  services = await startServices();
});
after(async () => {
  assert.deepEqual(await services.stop(), [0, 0, 0]);
});

/** @param {string} url @param {string} [token] @returns {Promise<{code: number, failed: string[]}>} */
function smoke(url, token = '') {
  return new Promise((done) => {
    // Empty is what GitHub makes of a variable that is not set.
    const env = { ...process.env, ORDERFLOW_SMOKE_TOKEN: token };
    execFile(process.execPath, [script, url], { env }, (error, stdout) => {
      const failed = [...stdout.matchAll(/^failed (\w+):/gm)].map(([, name]) => name ?? '');
      done({ code: error ? Number(error.code) : 0, failed });
    });
  });
}

/**
 * @typedef {import('node:http').OutgoingHttpHeaders} Fields
 * @typedef {{status: number, fields: Fields, held: boolean}} Answer
 */

/** A front that passes everything on and changes answers. @param {(path: string, answer: Answer) => void} spoil */
async function throughFront(spoil) {
  const front = createServer((asked, answer) => {
    const passed = request(
      new URL(asked.url ?? '/', services.urls['api-service']),
      { method: asked.method, headers: asked.headers },
      (from) => {
        const changed = { status: from.statusCode ?? 0, fields: { ...from.headers }, held: false };
        spoil(asked.url ?? '/', changed);
        answer.writeHead(changed.status, changed.fields);
        answer.flushHeaders();
        if (!changed.held) from.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise((listening) => {
    front.listen(0, '127.0.0.1', () => listening(undefined));
  });
  const address = front.address();
  assert.ok(address && typeof address === 'object');
  try {
    return await smoke(`http://127.0.0.1:${address.port}`);
  } finally {
    front.closeAllConnections();
    await new Promise((closed) => {
      front.close(() => closed(undefined));
    });
  }
}

test('straight to the services it is green', async () => {
  assert.deepEqual(await smoke(services.urls['api-service']), { code: 0, failed: [] });
});

test('it pays with the token that it is given: a declined one is red', async () => {
  const { code, failed } = await smoke(services.urls['api-service'], 'tok_declined');
  assert.deepEqual([code, failed], [1, ['placeAndFollow']]);
});

test('a front that passes everything on is green, too', async () => {
  assert.deepEqual(await throughFront(() => {}), { code: 0, failed: [] });
});

test('HTML instead of a problem is seen', async () => {
  const html = (/** @type {string} */ _, /** @type {Answer} */ answer) => {
    if (answer.status === 404) answer.fields['content-type'] = 'text/html';
  };
  assert.deepEqual(await throughFront(html), { code: 1, failed: ['unknownOrder'] });
});

test('an asset that is not there is seen', async () => {
  const gone = (/** @type {string} */ path, /** @type {Answer} */ answer) => {
    if (/^\/assets\/timeline\./.test(path)) answer.status = 404;
  };
  assert.deepEqual(await throughFront(gone), { code: 1, failed: ['page'] });
});

test('an asset that is asked for again each time is seen', async () => {
  const forgetful = (/** @type {string} */ path, /** @type {Answer} */ answer) => {
    if (path.startsWith('/assets/')) answer.fields['cache-control'] = 'no-cache';
  };
  assert.deepEqual(await throughFront(forgetful), { code: 1, failed: ['page'] });
});

test('a header of the page that is lost is seen', async () => {
  const lost = (/** @type {string} */ path, /** @type {Answer} */ answer) => {
    if (path === '/') delete answer.fields['permissions-policy'];
  };
  assert.deepEqual(await throughFront(lost), { code: 1, failed: ['page'] });
});

test('a stream that is held back is seen', async () => {
  const held = (/** @type {string} */ path, /** @type {Answer} */ answer) => {
    if (path.endsWith('/stream')) answer.held = true;
  };
  assert.deepEqual(await throughFront(held), { code: 1, failed: ['placeAndFollow'] });
});

test('a redirect of the form that is lost is seen', async () => {
  const lost = (/** @type {string} */ _, /** @type {Answer} */ answer) => {
    if (answer.status === 303) answer.status = 200;
  };
  assert.deepEqual(await throughFront(lost), { code: 1, failed: ['withoutScripts'] });
});

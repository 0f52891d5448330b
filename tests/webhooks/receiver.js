// A receiver of webhooks: an HTTP server that keeps what it is sent, and answers as the test says.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/**
 * @typedef {object} Received
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/**
 * @param {(received: Received, answer: import('node:http').ServerResponse) => void} [react] sends the answer
 * @param {{key: string, cert: string}} [tls]
 */
export async function startReceiver(react = (_, answer) => answer.writeHead(204).end(), tls = undefined) {
  /** @type {Received[]} */
  const received = [];
  /** @type {(() => void)[]} */
  let waiting = [];
  /** @type {import('node:http').RequestListener} */
  const listener = (request, answer) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const headers = /** @type {Record<string, string>} */ (request.headers);
      const one = { path: request.url ?? '', headers, body };
      received.push(one);
      react(one, answer);
      for (const wake of waiting.splice(0)) wake();
    });
    request.on('error', () => {});
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.keepAliveTimeout = 60_000;
  await new Promise((done) => { server.listen(0, '127.0.0.1', () => done(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    /** @param {string} path @returns {Received[]} */
    at: (path) => received.filter((one) => one.path === path),
    /** Until this is true of what was received. @param {() => boolean} enough */
    async until(enough) {
      while (!enough()) await new Promise((wake) => { waiting.push(() => wake(undefined)); });
    },
    async stop() {
      waiting = [];
      server.closeAllConnections();
      await new Promise((done) => { server.close(() => done(undefined)); });
    },
  };
}

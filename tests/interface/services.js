// The three services beside each other on free ports, with a data directory of their own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = process.env.ORDERFLOW_BIN
  ? dirname(process.env.ORDERFLOW_BIN)
  : fileURLToPath(new URL('../../build/release/bin', import.meta.url));

/** @param {string} name @param {Record<string, string>} env */
async function start(name, env) {
  const child = spawn(join(folder, name), [], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  const ended = new Promise((done) => {
    child.once('close', done);
  });
  /** @type {string} */
  const url = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (match) found(match[0]);
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${name} ended with ${code} before it was ready:\n${printed.stderr.slice(-4000)}`)));
  });
  return {
    url,
    printed,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** @param {Record<string, string>} [settings] of all three */
export async function startServices(settings = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-services-'));
  const env = { PATH: process.env.PATH ?? '', ORDERFLOW_DATA_DIR: dataDir, ...settings };
  const queue = await start('queue-service', { ...env, ORDERFLOW_SQS_LISTEN: '127.0.0.1:0' });
  const withQueue = { ...env, ORDERFLOW_QUEUE_URL: `${queue.url}/000000000000/orders` };
  const worker = await start('worker-service', { ...withQueue, ORDERFLOW_WORKER_LISTEN: '127.0.0.1:0' });
  const api = await start('api-service', { ...withQueue, ORDERFLOW_LISTEN: '127.0.0.1:0' });
  return {
    urls: { 'queue-service': queue.url, 'worker-service': worker.url, 'api-service': api.url },
    /** What they have written. */
    printed: () => ({ 'queue-service': queue.printed, 'worker-service': worker.printed, 'api-service': api.printed }),
    /** The codes that they ended with. */
    async stop() {
      const codes = [await api.stop(), await worker.stop(), await queue.stop()];
      await rm(dataDir, { recursive: true, force: true });
      return codes;
    },
  };
}

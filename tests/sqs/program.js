// Starts queue-service on a free port with a data directory of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const keyPair = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a secret of this test' };

/**
 * @returns {Promise<{url: string, stop: () => Promise<number | null>}>}
 */
export async function startQueueService() {
  const binary =
    process.env.ORDERFLOW_QUEUE_SERVICE_BIN ??
    fileURLToPath(new URL('../../build/release/bin/queue-service', import.meta.url));
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-sqs-'));
  const child = spawn(binary, [], {
    env: {
      ...process.env,
      ORDERFLOW_SQS_LISTEN: '127.0.0.1:0',
      ORDERFLOW_SQS_COOLDOWNS: 'off',
      ORDERFLOW_SQS_ACCESS_KEY_ID: keyPair.accessKeyId,
      ORDERFLOW_SQS_SECRET_ACCESS_KEY: keyPair.secretAccessKey,
      ORDERFLOW_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => { errors = (errors + chunk).slice(-4000); });
  const ended = new Promise((done) => { child.once('exit', done); });

  const url = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (match) found(match[0]);
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${binary} ended with ${code} before it was ready:\n${errors}`)));
  });

  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

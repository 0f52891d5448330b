// Starts queue-service on a free port with a data directory of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const keyPair = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a secret of this test' };

/** The settings of a server that answers whoever holds the key pair. */
export const signedOnly = {
  ORDERFLOW_SQS_COOLDOWNS: 'off',
  ORDERFLOW_SQS_ACCESS_KEY_ID: keyPair.accessKeyId,
  ORDERFLOW_SQS_SECRET_ACCESS_KEY: keyPair.secretAccessKey,
};

/** @param {Record<string, string>} [settings] */
export async function startQueueService(settings = signedOnly) {
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-sqs-'));
  const environment = { ...settings, ORDERFLOW_SQS_LISTEN: '127.0.0.1:0', ORDERFLOW_DATA_DIR: dataDir };
  let running = await run(environment);
  return {
    get url() {
      return running.url;
    },
    /** Ends the process with this signal and starts another on the same data, at another port. */
    async restart(signal) {
      await running.end(signal);
      running = await run(environment);
    },
    async stop() {
      const code = await running.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** @param {Record<string, string>} environment */
async function run(environment) {
  const binary =
    process.env.ORDERFLOW_QUEUE_SERVICE_BIN ??
    fileURLToPath(new URL('../../build/release/bin/queue-service', import.meta.url));
  // What the person who runs the tests has set is not for this server, which refuses settings that it does not know.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ORDERFLOW_'));
  const env = { ...Object.fromEntries(inherited), ...environment };
  const child = spawn(binary, [], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
    /** @param {NodeJS.Signals} signal */
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

// Starts the real program on a free port with a data directory of its own, and stops it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @param {Record<string, string>} [settings]
 * @returns {Promise<{url: string, port: number, sqsUrl: string, stdout: () => string, stderr: () => string,
 *   waitForStdout: (enough: (text: string) => boolean) => Promise<void>, kill: () => Promise<void>,
 *   stop: () => Promise<number | null>, keys: (...words: string[]) => string}>}
 */
export async function startProgram(settings = {}) {
  const binary = process.env.ORDERFLOW_BIN ?? fileURLToPath(new URL('../../build/release/bin/orderflow', import.meta.url));
  const dataDir = await mkdtemp(join(tmpdir(), 'orderflow-http-'));
  const child = spawn(binary, [], {
    env: { ...process.env, ORDERFLOW_LISTEN: '127.0.0.1:0', ORDERFLOW_SQS_LISTEN: '127.0.0.1:0', ORDERFLOW_DATA_DIR: dataDir, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printedMax = 4 * 1024 * 1024; // of each stream; what is older is forgotten
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => { output = (output + chunk).slice(-printedMax); });
  child.stderr.on('data', (chunk) => { errors = (errors + chunk).slice(-printedMax); });
  const ended = new Promise((done) => { child.once('close', done); });

  const [url, sqsUrl] = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const urls = line.match(/http:\/\/127\.0\.0\.1:\d+/g);
      if (urls) found(urls);
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${binary} ended with ${code} before it was ready:\n${errors.slice(-4000)}`)));
  });

  return {
    url,
    port: Number(new URL(url).port),
    sqsUrl,
    stdout: () => output,
    stderr: () => errors,
    async waitForStdout(enough) {
      while (!enough(output)) await new Promise((more) => { child.stdout.once('data', more); });
    },
    /** What `orderflow keys` prints for this installation. @param {string[]} words */
    keys(...words) {
      const env = { ...process.env, ORDERFLOW_DATA_DIR: dataDir };
      return execFileSync(binary, ['keys', ...words], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
    /** As a crash would end it; what is in a directory of the test's own stays there. */
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

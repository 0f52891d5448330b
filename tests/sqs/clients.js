// Clients of Amazon SQS that this machine may have, run as child processes against a server of a test.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { keyPair } from './program.js';
import { region } from './sdk.js';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the clients read; nothing of the person who runs the tests. */
export const environment = {
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  NO_PROXY: '*',
  AWS_ACCESS_KEY_ID: keyPair.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keyPair.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_MAX_ATTEMPTS: '1',
  AWS_PAGER: '',
  AWS_DATA_PATH: `${root}queue-service/aws-models`,
};

/** The system's before one that somebody installed, if there is any. @param {string} name */
export function find(name) {
  const system = `/usr/bin/${name}`;
  if (existsSync(system)) return system;
  return spawnSync(name, ['--version']).status === 0 ? name : undefined;
}

/**
 * @param {string} program @param {string[]} words @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<{code: number | null, stdout: string, stderr: string}>}
 */
export function run(program, words, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => { stdout += chunk; });
    child.stderr.setEncoding('utf8').on('data', (chunk) => { stderr += chunk; });
    child.once('error', failed);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}

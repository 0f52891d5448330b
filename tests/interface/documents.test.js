// Goal: the documents are sound by the rules of their own specifications and of a linter.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

for (const document of ['openapi.json', 'asyncapi.json']) {
  test(`${document} has nothing that Redocly's linter finds`, () => {
    const words = [
      'node_modules/@redocly/cli/bin/cli.js',
      'lint',
      '--config',
      'redocly.yaml',
      `../../contracts/${document}`,
    ];
    // It would ask for newer versions of itself, and count its users.
    const env = {
      PATH: process.env.PATH,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
      NO_COLOR: '1',
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: here, env, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });
}

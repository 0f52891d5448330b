// Goal: programs that use boto3 run against queue-service unchanged. Method: boto3_walk.py, whose cases are the tests
// here. Debian 12's botocore (1.29) speaks the query protocol, newer ones JSON; where a machine has both, both run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { environment, run } from './clients.js';
import { startQueueService } from './program.js';

const walk = fileURLToPath(new URL('boto3_walk.py', import.meta.url));

/** The Pythons that have a boto3, by its version. */
const pythons = new Map();
for (const python of ['/usr/bin/python3', 'python3']) {
  const program = ['-c', 'import boto3; print(boto3.__version__)'];
  const told = spawnSync(python, program, { encoding: 'utf8', env: environment });
  const version = told.stdout?.trim();
  if (told.status === 0 && !pythons.has(version)) pythons.set(version, python);
}

if (pythons.size === 0) {
  test('boto3', { skip: 'no python3 of this machine has boto3 (./dev setup test)' }, () => {});
}
for (const [version, python] of pythons) {
  test(`boto3 ${version}`, async (t) => {
    const service = await startQueueService();
    t.after(() => service.stop());
    const { code, stdout, stderr } = await run(python, [walk, service.url]);
    assert.equal(code, 0, stderr);
    const [told, ...cases] = stdout.trim().split('\n').map((line) => JSON.parse(line));
    t.diagnostic(`botocore ${told.version}: ${told.protocol}`);
    for (const { name, problem } of cases) {
      await t.test(name, () => assert.equal(problem, null));
    }
  });
}

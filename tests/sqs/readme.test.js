// Goal: what queue-service/README.md tells people to type works. Method: the code blocks of its section "Use" are run
// as they stand there, with the address of a server of the test, which verifies no signatures, as on a desk.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { environment, find, root, run } from './clients.js';
import { startQueueService } from './program.js';

const address = 'http://127.0.0.1:9324';
const readme = readFileSync(`${root}queue-service/README.md`, 'utf8');
const section = /^## Use\n([^]*?)(?=^## |$(?![^]))/m.exec(readme)?.[1] ?? '';

/** @type {Awaited<ReturnType<typeof startQueueService>>} */
let service;
before(async () => { service = await startQueueService({}); });
after(() => service?.stop());

/** The one code block in this language. @param {string} language */
function block(language) {
  const found = [...section.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))];
  assert.equal(found.length, 1, `"Use" has one block in ${language}`);
  assert.ok(found[0][1].includes(address));
  return found[0][1].replaceAll(address, service.url);
}

/** The JSON documents that stand one after the other in a text. @param {string} text */
const documents = (text) => text.split(/(?<=^})\n/m).filter((part) => part.trim()).map((part) => JSON.parse(part));

const cli = find('aws');
const skip = cli === undefined && 'there is no aws on this machine (./dev setup test)';

test('the commands of the AWS CLI', { skip }, async () => {
  const { code, stdout, stderr } = await run('bash', ['-euc', `aws() { ${cli} "$@"; }\n${block('sh')}`], {
    env: { PATH: environment.PATH, LANG: 'C.UTF-8', NO_PROXY: '*', AWS_PAGER: '', AWS_CONFIG_FILE: '/dev/null' },
  });
  assert.equal(code, 0, stderr);
  const [dead, demo, sent, received, started, back, tasks, ...more] = documents(stdout);
  assert.deepEqual(more, []);
  assert.deepEqual([dead, demo].map(({ QueueUrl }) => QueueUrl.split('/').at(-1)), ['demo-dead', 'demo']);
  assert.equal(received.Messages[0].MessageId, sent.MessageId);
  assert.ok(started.TaskHandle);
  assert.equal(back.Messages[0].Body, 'hello');
  assert.deepEqual(tasks.Results.map((/** @type {any} */ task) => task.Status), ['COMPLETED']);
});

test('the program with the AWS SDK for JavaScript', async () => {
  const words = ['--input-type=module', '--eval', block('js')];
  const { code, stdout, stderr } = await run(process.execPath, words, { cwd: import.meta.dirname });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'hello COMPLETED\n');
});

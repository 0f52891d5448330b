// Goal: compose.yaml starts what there is, in an order that works, with nothing more than it needs; no setting in it is
// unknown to the programs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

const text = readFileSync(new URL('../../compose.yaml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true });
const services = Object.entries(compose.services);
const programs = services.filter(([name]) => name !== 'postgres');
const binaries = dirname(process.env.ORDERFLOW_BIN ?? new URL('../../build/release/bin/orderflow', import.meta.url).pathname);

test('GivenTheServices_ThenTheyAreThePartsOfTheSystem', () => {
  assert.deepEqual(
    services.map(([name]) => name),
    ['postgres', 'queue-service', 'worker-service', 'api-service'],
  );
});

for (const [name, service] of services) {
  test(`GivenTheService ${name}_ThenItHasNoMoreRightsThanItNeeds`, () => {
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    assert.equal(service.user, name === 'postgres' ? 'postgres' : '10001:10001');
    assert.equal(service.privileged, undefined);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, 'this machine alone');
  });

  // podman-compose of Debian 12 writes a shell around one that stands here, and the images have none.
  test(`GivenTheService ${name}_ThenItsHealthIsThatOfItsImageOrAskedWithoutAShell`, () => {
    if (name === 'postgres') assert.equal(service.healthcheck.test[0], 'CMD');
    else assert.equal(service.healthcheck, undefined, 'dockerfile.test.js looks at that of the image');
  });

  test(`GivenTheService ${name}_ThenItWaitsForTheHealthOfOthers`, () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(other in compose.services, other);
      assert.equal(condition, 'service_healthy');
    }
  });

  test(`GivenTheService ${name}_ThenItsVolumesAreDeclared`, () => {
    for (const volume of service.volumes) assert.ok(volume.split(':')[0] in compose.volumes, volume);
  });
}

for (const [name, service] of programs) {
  test(`GivenTheService ${name}_ThenItsImageIsATargetAndItKnowsItsSettings`, () => {
    assert.equal(service.image, `orderflow/${name}`);
    assert.equal(service.build.target, name);
    const help = execFileSync(join(binaries, name), ['--help'], { encoding: 'utf8' });
    const own = Object.keys(service.environment).filter((setting) => !setting.startsWith('AWS_'));
    for (const setting of own) assert.ok(help.includes(setting), `${name} knows no ${setting}`);
  });
}

test('GivenTheTimeToStop_ThenItIsLongerThanTheDrain', () => {
  const drainDefault = 25;
  for (const [, service] of programs) assert.ok(parseInt(service.stop_grace_period, 10) > drainDefault);
});

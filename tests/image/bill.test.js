// Goal: the bill of materials is what CycloneDX 1.5 says that one is, names every library that the program loads, is the
// same for the same input, and refuses what it cannot write.
// Method: the script of the image runs here, on the release build; it reads dpkg's database and needs no network.
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = process.env.ORDERFLOW_BIN ?? join(root, 'build/release/bin/orderflow');
const build = dirname(dirname(program));
const environment = { ...process.env, SOURCE_DATE_EPOCH: '1700000000', LC_ALL: 'C' };
const folder = mkdtempSync(join(tmpdir(), 'orderflow-image-'));
const image = join(folder, 'orderflow');
const billOf = (to) => readFileSync(join(to, 'orderflow/usr/share/sbom/orderflow.cdx.json'), 'utf8');

const assemble = (to) =>
  execFileSync(join(root, 'tools/image/assemble.sh'), ['1.2.3', build, to, 'orderflow'], { env: environment });

let text;
let bill;
before(() => {
  assemble(folder);
  text = billOf(folder);
  bill = JSON.parse(text);
});
after(() => rmSync(folder, { recursive: true, force: true }));

// What a shell that has sourced the scripts says.
const shell = (script) =>
  spawnSync('bash', ['-euo', 'pipefail', '-c', `. tools/image/packages.sh; . tools/image/bill.sh; ${script}`], {
    cwd: root,
    encoding: 'utf8',
    env: environment,
  });

test('GivenAWordThatNeedsAnEscape_WhenItShallBeWritten_ThenItIsRefused', () => {
  for (const word of ['a"b', 'a b', 'a\nb', '']) {
    const asked = shell(`require_plain ${JSON.stringify(word).replaceAll('\\n', "'$'\\n''")}`);
    assert.notEqual(asked.status, 0, word);
  }
  assert.equal(shell('require_plain libstdc++6 2:1.0~rc1-1+deb12u1').status, 0);
});

test('GivenAFileOfNoPackage_WhenItsPackageIsAskedFor_ThenItIsAnError', () => {
  const asked = shell(`packages_of /bin/bash ${JSON.stringify(program)}`);
  assert.notEqual(asked.status, 0);
  assert.match(asked.stderr, /no package owns .*orderflow/);
});

test('GivenTheBill_WhenItIsValidatedAgainstCycloneDX_ThenNothingIsWrong', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
  assert.equal(await validator.validate(text), null);
  assert.notEqual(await validator.validate(text.replace('"CycloneDX"', '"Other"')), null, 'the validator sees harm');
});

test('GivenTheBill_ThenItNamesTheProgramWithItsSum', () => {
  const { component, timestamp } = bill.metadata;
  assert.equal(component.name, 'orderflow');
  assert.equal(component.version, '1.2.3');
  assert.equal(timestamp, '2023-11-14T22:13:20Z');
  const sum = execFileSync('sha256sum', [join(image, 'usr/bin/orderflow')], { encoding: 'utf8' }).split(' ')[0];
  assert.deepEqual(component.hashes, [{ alg: 'SHA-256', content: sum }]);
});

test('GivenTheBill_ThenEveryLibraryOfTheImageHasItsPackage', () => {
  const names = bill.components.map(({ name }) => name);
  for (const name of ['libc6', 'libssl3', 'libpq5', 'libsqlite3-0', 'libstdc++6', 'ca-certificates']) {
    assert.ok(names.some((one) => one === name || one === `${name}t64`), `${name} is missing in ${names}`);
  }
  assert.ok(names.some((one) => /^libboost.*-dev$/.test(one)), 'what is compiled in is part of it');
  assert.equal(new Set(names).size, names.length, 'each once');
  for (const { purl, version } of bill.components) {
    assert.match(purl, /^pkg:deb\/(debian|ubuntu)\/[^@]+@[^?]+\?arch=\w+&distro=/);
    assert.doesNotMatch(purl.split('?')[0], /\+/, 'a plus would be read as a space');
    assert.ok(version);
  }
});

test('GivenTheSameInput_WhenItIsAssembledAgain_ThenItIsTheSame', () => {
  const again = join(folder, 'again');
  assemble(again);
  assert.equal(billOf(again), text);
  const list = (to) =>
    execFileSync('tar', ['--sort=name', '--numeric-owner', '--owner=0', '--group=0', '-C', join(to, 'orderflow'), '-cf', '-', '.'], {
      maxBuffer: 1 << 30,
    });
  assert.ok(list(again).equals(list(folder)), 'every byte, mode and time');
});

test('GivenTheRootOfAnImage_ThenItHasAUserCertificatesAndNoOtherProgram', () => {
  assert.match(readFileSync(join(image, 'etc/passwd'), 'utf8'), /^orderflow:x:10001:10001:/m);
  assert.ok(existsSync(join(image, 'etc/ssl/certs/ca-certificates.crt')));
  assert.ok(lstatSync(join(image, 'usr/lib/ssl/cert.pem')).isSymbolicLink());
  assert.match(readFileSync(join(image, 'var/lib/dpkg/status'), 'utf8'), /^Package: libssl3/m);
  const files = execFileSync('find', [image, '-type', 'f', '-perm', '/111', '-printf', '%P\n'], { encoding: 'utf8' });
  const programs = files.trim().split('\n').filter((file) => !/\.so(\.|$)/.test(file));
  assert.deepEqual(programs, ['usr/bin/orderflow']);
});

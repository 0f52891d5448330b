// Goal: a service signs in to its database with IAM as the AWS SDK does. Method: a server that speaks as much of
// PostgreSQL's protocol as a login takes, over TLS; the token that it is given is compared with the SDK's of that second.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';

import { Signer } from '@aws-sdk/rds-signer';

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'a secret of this test', sessionToken: 'tok/en+=' };
const region = 'eu-west-1';
const username = 'orderflow_worker';

const dir = mkdtempSync(join(tmpdir(), 'orderflow-login-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const keyFile = join(dir, 'key.pem');
const certificateFile = join(dir, 'certificate.pem');
execFileSync('openssl', [
  'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
  '-keyout', keyFile, '-out', certificateFile, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
], { stdio: 'ignore' });

/** A message of the protocol: its type, its length, its body. @param {string} type @param {Buffer} body */
function message(type, body) {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const passwordWanted = message('R', Buffer.from([0, 0, 0, 3]));
const refusal = message('E', Buffer.from('SFATAL\0VFATAL\0C28P01\0Mnobody gets in here\0\0'));

/** Calls `seen` with each password, then refuses it. @param {(password: string) => void} seen */
async function startDatabase(seen) {
  const secureContext = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  const server = createServer((plain) => {
    plain.on('error', () => {});
    plain.once('data', () => { // SSLRequest
      plain.write('S');
      const socket = new TLSSocket(plain, { isServer: true, ...secureContext });
      socket.on('error', () => {});
      let started = false;
      socket.on('data', (/** @type {Buffer} */ data) => {
        if (!started) {
          started = true;
          socket.write(passwordWanted);
          return;
        }
        seen(data.toString('latin1', 5, data.length - 1));
        socket.end(refusal);
      });
    });
  });
  await new Promise((done) => { server.listen(0, 'localhost', () => done(undefined)); });
  return server;
}

/** What worker-service says of these settings, and its exit code. @param {Record<string, string>} settings */
async function check(settings) {
  const binary =
    process.env.ORDERFLOW_WORKER_SERVICE_BIN ??
    fileURLToPath(new URL('../../build/release/bin/worker-service', import.meta.url));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ORDERFLOW_|AWS_)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    ORDERFLOW_QUEUE_URL: 'http://127.0.0.1:1/000000000000/orders',
    ORDERFLOW_DATA_DIR: join(dir, 'data'),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: region,
    ORDERFLOW_DATABASE_AUTH: 'iam',
    ...settings,
  };
  const child = spawn(binary, ['--check'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk; });
  const code = await new Promise((done) => { child.once('close', done); });
  return { code, said };
}

/** Their order means nothing. @param {string} token */
function parameters(token) {
  return [...new URL(`https://${token}`).searchParams].map(([name, value]) => `${name}=${value}`).sort();
}

test('each connection is signed in to with the token that the SDK makes', async () => {
  /** @type {string[]} */
  const passwords = [];
  const database = await startDatabase((password) => { passwords.push(password); });
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (database.address());
    const url = `postgresql://${username}@localhost:${port}/orderflow?sslmode=verify-full&sslrootcert=${certificateFile}`;

    const { said } = await check({ DATABASE_URL: url });

    assert.match(said, /postgres\.login/);
    assert.ok(passwords.length > 0, said);
    for (const password of passwords) {
      const date = new URL(`https://${password}`).searchParams.get('X-Amz-Date') ?? '';
      const at = Date.parse(date.replace(/(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)/, '$1-$2-$3:$4:$5'));
      assert.ok(Math.abs(at - Date.now()) < 60_000, `signed at ${date}`);
      mock.timers.enable({ apis: ['Date'], now: at });
      const theirs = await new Signer({ hostname: 'localhost', port, username, region, credentials }).getAuthToken();
      mock.timers.reset();
      assert.ok(password.startsWith(`localhost:${port}/?`), password);
      assert.deepEqual(parameters(password), parameters(theirs));
      assert.ok(!said.includes(password), 'no token in what it says');
    }
  } finally {
    database.close();
  }
});

test('a connection that anybody may listen to gets no token', async () => {
  for (const [settings, why] of /** @type {[Record<string, string>, RegExp][]} */ ([
    [{ DATABASE_URL: `postgresql://${username}@db.example.com/orderflow` }, /sslmode=verify-full/],
    [{ DATABASE_URL: `postgresql://${username}@db.example.com/orderflow?sslmode=require` }, /sslmode=verify-full/],
    [{ DATABASE_URL: `postgresql://${username}@db.example.com/o?sslmode=verify-full&sslmode=prefer` }, /sslmode=verify-full/],
    [{ DATABASE_URL: `postgresql://${username}@db.example.com/o?application_name=sslmode=verify-full` }, /sslmode=verify-full/],
    [{ DATABASE_URL: 'postgresql://db.example.com/orderflow?sslmode=verify-full' }, /needs a user/],
    [{ DATABASE_URL: 'postgresql://u@a,b/orderflow?sslmode=verify-full' }, /one host/],
    [{ DATABASE_URL: `sqlite:${join(dir, 'o.db')}` }, /PostgreSQL alone/],
    [{ DATABASE_URL: `postgresql://${username}@db.example.com/o?sslmode=verify-full`, AWS_REGION: '' }, /AWS_REGION/],
    [{ ORDERFLOW_DATABASE_AUTH: 'kerberos' }, /password or iam/],
  ])) {
    const { code, said } = await check(settings);

    assert.equal(code, 2, said);
    assert.match(said, why);
  }
});

test('without credentials it is said why nobody could sign in', async () => {
  const url = `postgresql://${username}@localhost:1/orderflow?sslmode=verify-full`;
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '', HOME: dir,
    AWS_EC2_METADATA_DISABLED: 'true' };

  const { code, said } = await check({ DATABASE_URL: url, ...none });

  assert.notEqual(code, 0);
  assert.match(said, /database\.credentials.*credentials\.not_configured/s);
});

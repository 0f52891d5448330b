// Goal: the bill of materials of a released image is found by whoever has the image's digest, in registries that keep a
// list of referrers and in those that do not; and no credential goes to anybody but the registry and its issuer of
// tokens.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { attach, parseReference } from '../../tools/image/attach.mjs';

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const image = Buffer.from('{"schemaVersion":2,"config":{},"layers":[]}');
const imageType = 'application/vnd.docker.distribution.manifest.v2+json';
const bill = Buffer.from('{"bomFormat":"CycloneDX"}');
const servers = [];
after(() => servers.forEach((server) => server.close()));

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// A registry in memory with one image, as much of OCI's distribution specification as a client of it needs.
async function registry({ referrers = false, token = null, uploadsTo = '' } = {}) {
  const manifests = new Map([[digestOf(image), { type: imageType, bytes: image }]]);
  const state = { blobs: new Map(), manifests, seen: [] };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url, 'http://registry');
    state.seen.push({ path: url.pathname, search: url.search, authorization: request.headers.authorization });
    const say = (status, headers = {}, text = '') => response.writeHead(status, headers).end(text);
    if (url.pathname === '/token') return say(200, {}, JSON.stringify({ token }));
    if (token && request.headers.authorization !== `Bearer ${token}`) {
      const realm = `http://${request.headers.host}/token`;
      return say(401, { 'www-authenticate': `Bearer realm="${realm}",service="registry"` });
    }
    const [kind, reference] = url.pathname.replace('/v2/shop/api-service/', '').split(/\/(.*)/s);
    if (kind === 'blobs' && request.method === 'HEAD') return say(state.blobs.has(reference) ? 200 : 404);
    const upload = `${uploadsTo}/v2/shop/api-service/blobs/uploads/1?_state=x`;
    if (request.method === 'POST') return say(202, { location: upload });
    if (kind === 'blobs' && request.method === 'PUT') {
      assert.equal(url.searchParams.get('digest'), digestOf(body));
      state.blobs.set(digestOf(body), body);
      return say(201);
    }
    if (request.method === 'GET') {
      const found = state.manifests.get(reference);
      return found ? say(200, { 'content-type': found.type }, found.bytes) : say(404);
    }
    state.manifests.set(reference, { type: request.headers['content-type'], bytes: body });
    return say(201, referrers && JSON.parse(body).subject ? { 'oci-subject': JSON.parse(body).subject.digest } : {});
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  state.reference = `127.0.0.1:${server.address().port}/shop/api-service@${digestOf(image)}`;
  return state;
}

test('GivenNoDigest_WhenAttached_ThenItIsRefused', async () => {
  for (const text of ['ghcr.io/shop/api:v1', 'api@sha256:00', `ghcr.io@sha256:${'0'.repeat(64)}`, '']) {
    await assert.rejects(attach(text, bill, 'x'), /not <registry>/);
  }
  assert.equal(parseReference(`ghcr.io/a/b@sha256:${'0'.repeat(64)}`).origin, 'https://ghcr.io');
});

test('GivenAnImageThatIsNotThere_WhenAttached_ThenNothingIsPushed', async () => {
  const there = await registry();
  there.manifests.clear();
  await assert.rejects(attach(there.reference, bill, 'x'), /there is no image/);
  assert.equal(there.blobs.size, 0);
});

test('GivenARegistryThatAnswersAnotherImage_WhenAttached_ThenItIsRefused', async () => {
  const there = await registry();
  there.manifests.set(digestOf(image), { type: imageType, bytes: Buffer.from('{}') });
  await assert.rejects(attach(there.reference, bill, 'x'), /another image/);
});

test('GivenAnUploadThatLeadsElsewhere_WhenAttached_ThenNothingGoesThere', async () => {
  const elsewhere = await registry();
  const there = await registry({ token: 'secret', uploadsTo: `http://${elsewhere.reference.split('/')[0]}` });
  await assert.rejects(attach(there.reference, bill, 'x', { user: 'u', password: 'p' }), /another place/);
  assert.deepEqual(elsewhere.seen, []);
});

test('GivenARegistryThatNeedsAToken_WhenAttached_ThenThePasswordGoesToItsIssuerAlone', async () => {
  const there = await registry({ referrers: true, token: 'secret' });
  await attach(there.reference, bill, 'x', { user: 'u', password: 'p' });
  const basic = `Basic ${Buffer.from('u:p').toString('base64')}`;
  for (const { path, authorization } of there.seen) assert.equal(authorization === basic, path === '/token', path);
  const asked = there.seen.find(({ path }) => path === '/token').search;
  assert.match(decodeURIComponent(asked), /service=registry&scope=repository:shop\/api-service:pull,push/);
});

test('GivenARegistryWithAListOfReferrers_WhenAttached_ThenTheArtifactNamesTheImageAndThereIsNoTag', async () => {
  const there = await registry({ referrers: true });
  const digest = await attach(there.reference, bill, 'api-service.cdx.json');
  const artifact = JSON.parse(there.manifests.get(digest).bytes);
  assert.deepEqual(artifact.subject, { mediaType: imageType, digest: digestOf(image), size: image.length });
  assert.equal(artifact.artifactType, 'application/vnd.cyclonedx+json');
  assert.deepEqual(there.blobs.get(artifact.layers[0].digest), bill);
  assert.equal(there.manifests.size, 2);
});

test('GivenARegistryWithoutAList_WhenAttachedTwice_ThenTheTagOfTheDigestListsItOnceBesideOthers', async () => {
  const there = await registry();
  const tag = digestOf(image).replace(':', '-');
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const other = { mediaType: imageType, digest: `sha256:${'1'.repeat(64)}`, size: 2 };
  const list = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [other] });
  there.manifests.set(tag, { type: mediaType, bytes: Buffer.from(list) });
  const digest = await attach(there.reference, bill, 'x');
  assert.equal(await attach(there.reference, bill, 'x'), digest);
  const listed = JSON.parse(there.manifests.get(tag).bytes).manifests.map((one) => one.digest);
  assert.deepEqual(listed, [other.digest, digest]);
});

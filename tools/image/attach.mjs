// Attaches a bill of materials to an image in a registry: an artifact whose subject is the image, as OCI's image and
// distribution specifications 1.1 have it ("Referrers"), so that who pulls the image by its digest finds it. A registry
// that keeps no list of referrers gets the tag that the specification gives in its place.
// usage: node attach.mjs <registry/name@sha256:...> <file.cdx.json>
// ORDERFLOW_REGISTRY_USER and ORDERFLOW_REGISTRY_PASSWORD sign in where the registry asks for it. It needs Node alone.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const billType = 'application/vnd.cyclonedx+json';
const subjectTypes = [
  manifestType,
  indexType,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const empty = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };
const secondsOfACall = 30;
const manifestBytesMax = 4 * 1024 * 1024;

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const descriptor = ({ mediaType, bytes }) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
const isLoopback = (host) => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);

export function parseReference(text) {
  const match = /^([a-z0-9.\-[\]:]+)\/([a-z0-9._/-]+)@(sha256:[0-9a-f]{64})$/.exec(text);
  if (!match) throw new Error(`not <registry>/<name>@sha256:<64 hexadecimal digits>: ${text}`);
  const [, host, name, digest] = match;
  return { origin: `${isLoopback(host) ? 'http' : 'https'}://${host}`, name, digest };
}

// The members of `Bearer realm="...",service="..."`.
function challengeOf(header) {
  const [, scheme, rest] = /^(\S+)\s*(.*)$/.exec(header ?? '') ?? [];
  const members = [...(rest ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  return { scheme: scheme?.toLowerCase(), ...Object.fromEntries(members) };
}

// A registry, signed in to when it asks for it.
class Registry {
  constructor({ origin, name }, { user, password }) {
    this.origin = origin;
    this.name = name;
    this.basic = user ? `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` : undefined;
    this.authorization = undefined;
  }

  async signIn(answer) {
    const challenge = challengeOf(answer.headers.get('www-authenticate'));
    if (challenge.scheme === 'basic' && this.basic) {
      this.authorization = this.basic;
      return;
    }
    if (challenge.scheme !== 'bearer') {
      throw new Error(`${this.origin} wants credentials: set ORDERFLOW_REGISTRY_USER`);
    }
    const realm = new URL(challenge.realm);
    // Elsewhere the password would travel in the clear.
    if (realm.protocol !== 'https:' && !isLoopback(realm.host)) {
      throw new Error(`its tokens come without TLS: ${realm}`);
    }
    if (challenge.service) realm.searchParams.set('service', challenge.service);
    realm.searchParams.set('scope', `repository:${this.name}:pull,push`);
    const headers = this.basic ? { authorization: this.basic } : {};
    const given = await fetch(realm, { headers, signal: AbortSignal.timeout(secondsOfACall * 1000) });
    if (!given.ok) throw new Error(`${realm.origin} gives no token: ${given.status}`);
    const { token, access_token: accessToken } = await given.json();
    this.authorization = `Bearer ${token ?? accessToken}`;
  }

  async call(method, url, { headers = {}, body, expected }) {
    const send = () =>
      fetch(new URL(url, `${this.origin}/v2/${this.name}/`), {
        method,
        body,
        headers: { ...headers, ...(this.authorization ? { authorization: this.authorization } : {}) },
        signal: AbortSignal.timeout(secondsOfACall * 1000),
      });
    let answer = await send();
    if (answer.status === 401 && !this.authorization) {
      await this.signIn(answer);
      answer = await send();
    }
    if (!expected.includes(answer.status)) {
      throw new Error(`${method} ${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    }
    return answer;
  }

  async blob({ bytes }) {
    const digest = digestOf(bytes);
    const there = await this.call('HEAD', `blobs/${digest}`, { expected: [200, 404] });
    if (there.status === 200) return;
    const begun = await this.call('POST', 'blobs/uploads/', { expected: [202] });
    const place = new URL(begun.headers.get('location'), `${this.origin}/`);
    // What is uploaded goes with the token: to the registry alone.
    if (place.origin !== this.origin) throw new Error(`the upload would go to another place: ${place.origin}`);
    place.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    await this.call('PUT', place, { headers, body: bytes, expected: [201] });
  }

  // Nothing when there is none.
  async manifest(reference, types) {
    const answer = await this.call('GET', `manifests/${reference}`, {
      headers: { accept: types.join(', ') },
      expected: [200, 404],
    });
    if (answer.status === 404) return undefined;
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > manifestBytesMax) throw new Error(`manifests/${reference} has ${bytes.length} bytes`);
    return { mediaType: answer.headers.get('content-type'), bytes };
  }

  put(reference, mediaType, bytes) {
    const headers = { 'content-type': mediaType };
    return this.call('PUT', `manifests/${reference}`, { headers, body: bytes, expected: [201] });
  }
}

const json = (value) => Buffer.from(JSON.stringify(value));

// The list of referrers of a registry that keeps none: an index under a tag that is made of the image's digest.
async function listUnderTag(registry, subject, entry) {
  const tag = subject.digest.replace(':', '-');
  const old = await registry.manifest(tag, [indexType]);
  const index = old ? JSON.parse(old.bytes) : { schemaVersion: 2, mediaType: indexType, manifests: [] };
  if (index.manifests.some(({ digest }) => digest === entry.digest)) return;
  index.manifests.push(entry);
  await registry.put(tag, indexType, json(index));
}

// Says the digest of the artifact. The same bill of the same image is the same artifact: it may be attached again.
export async function attach(reference, bytes, title, credentials = {}) {
  const target = parseReference(reference);
  const registry = new Registry(target, credentials);
  const image = await registry.manifest(target.digest, subjectTypes);
  if (!image) throw new Error(`there is no image ${reference}`);
  const subject = descriptor(image);
  if (subject.digest !== target.digest) throw new Error(`the registry answers another image: ${subject.digest}`);
  const bill = { mediaType: billType, bytes };
  await registry.blob(empty);
  await registry.blob(bill);
  const artifact = {
    mediaType: manifestType,
    bytes: json({
      schemaVersion: 2,
      mediaType: manifestType,
      artifactType: billType,
      config: descriptor(empty),
      layers: [{ ...descriptor(bill), annotations: { 'org.opencontainers.image.title': title } }],
      subject,
    }),
  };
  const entry = { ...descriptor(artifact), artifactType: billType };
  const answer = await registry.put(entry.digest, manifestType, artifact.bytes);
  if (!answer.headers.get('oci-subject')) await listUnderTag(registry, subject, entry);
  return entry.digest;
}

async function main() {
  const [, , reference, file] = process.argv;
  if (!reference || !file) throw new Error('usage: node attach.mjs <registry/name@sha256:...> <file.cdx.json>');
  const digest = await attach(reference, readFileSync(file), file.split('/').at(-1), {
    user: process.env.ORDERFLOW_REGISTRY_USER,
    password: process.env.ORDERFLOW_REGISTRY_PASSWORD,
  });
  console.log(`attached ${file} to ${reference}: ${digest}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((failed) => {
    console.error(`attach: ${failed.message}`);
    process.exitCode = 1;
  });
}

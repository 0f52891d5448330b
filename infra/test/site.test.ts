// What ./dev aws puts into the bucket, and in which order: run with an `aws` that only notes how it is called.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { demo, read, repository, resources } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-aws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(repository);
const file = JSON.parse(read('frontend/headers.json'));

// One line a call, its words parted by a sign that no word has.
const noting = `#!/usr/bin/env bash
[[ $1 != cloudformation ]] || { [[ -z $NO_STACK ]] || { echo "Stack does not exist" >&2; exit 255; }; echo "the-$7"; exit; }
[[ "$1 $2" != 'ssm get-parameter' ]] || { echo "$NOTED"; exit; }
printf '%s\\x1f' "$@" >>"$CALLS"; echo >>"$CALLS"
[[ $2 != get-parameter-history ]] || cat "$HISTORY"
[[ $2 != list-objects-v2 ]] || cat "$THERE"
`;
writeFileSync(join(folder, 'aws'), noting);
chmodSync(join(folder, 'aws'), 0o755);

function calls(step: string, more: Record<string, string> = {}): string[][] {
  const notes = join(folder, 'calls');
  writeFileSync(notes, '');
  const path = `${folder}:${process.env['PATH']}`;
  const env = { ...process.env, PATH: path, CALLS: notes, NO_STACK: '', NOTED: '', ...more };
  execFileSync(join(root, 'dev'), ['aws', step, 'demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return readFileSync(notes, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\x1f').slice(0, -1));
}
const after = (call: string[], word: string) => call[call.indexOf(word) + 1];

describe('the site in its bucket', () => {
  it('has assets and page with the Cache-Control of frontend/headers.json, as the local server sends it', () => {
    const all = calls('site');
    const syncs = all.filter(([, verb]) => verb === 'sync');
    expect(syncs.map((call) => after(call, '--content-type'))).toEqual([
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml',
    ]);
    for (const call of syncs) expect(after(call, '--cache-control')).toBe(file.asset['Cache-Control']);
    const page = all.find(([, verb]) => verb === 'cp')!;
    expect(after(page, '--cache-control')).toBe(file.page['Cache-Control']);
  });

  it('keeps the assets of the releases before, whose pages are still open', () => {
    for (const call of calls('site')) expect(call).not.toContain('--delete');
  });

  it('gets the assets first: a page never names one that is not there', () => {
    expect(calls('site').map(([service, verb]) => `${service} ${verb}`)).toEqual([
      'ssm put-parameter',
      's3 sync',
      's3 sync',
      's3 sync',
      's3 cp',
      'cloudfront create-invalidation',
    ]);
    expect(calls('assets').map(([service, verb]) => `${service} ${verb}`)).toEqual([
      'ssm put-parameter',
      's3 sync',
      's3 sync',
      's3 sync',
    ]);
  });

  it('has every kind of asset that there is', () => {
    calls('assets');
    const endings = new Set(readdirSync(join(root, 'build/site/assets')).map((name) => name.split('.').at(-1)));
    const sent = calls('assets').filter(([, verb]) => verb === 'sync').map((call) => after(call, '--include')!.slice('*.'.length));
    expect(sent.sort()).toEqual([...endings].sort());
    for (const name of readdirSync(join(root, 'build/site/assets'))) expect(name).toMatch(/^[a-z-]+\.[0-9a-f]{16}\.[a-z]+$/);
  });

  it('waits for the stack the first time, as the API comes before it', () => {
    expect(calls('assets', { NO_STACK: 'yes' })).toEqual([]);
  });
});

describe('assets of releases before', () => {
  const names = () => readdirSync(join(root, 'build/site/assets')).sort().join(' ');
  const day = 86_400_000;
  const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
  const asset = (letter: string, ending = 'js') => `page.${letter.repeat(16)}.${ending}`;

  // What prune takes out of a bucket in which all of `history` is, and what is beside it.
  function takenOut(history: [string | number, string][], beside: string[] = []): string[] {
    const files = { HISTORY: join(folder, 'history'), THERE: join(folder, 'there') };
    const there = [...new Set([...history.flatMap(([, value]) => value.split(' ')), ...beside])].map((name) => `assets/${name}`);
    writeFileSync(files.HISTORY, JSON.stringify(history));
    writeFileSync(files.THERE, JSON.stringify(there));
    const removed = calls('prune', files).filter(([service, verb]) => service === 's3' && verb === 'rm');
    return removed.map((call) => call.at(-1)!.replace('s3://', '')).map((name) => name.slice(name.indexOf('/assets/') + 8));
  }

  it('are noted with each release that names others, before any of them is there', () => {
    const first = calls('assets')[0]!;
    expect(first.slice(0, 2)).toEqual(['ssm', 'put-parameter']);
    expect(after(first, '--name')).toBe('/orderflow/demo/site-assets');
    expect(after(first, '--value')).toBe(names());
    expect(Buffer.byteLength(names()), 'a standard parameter holds 4 KB').toBeLessThan(4096);
    expect(calls('assets', { NOTED: names() }).map(([, verb]) => verb)).toEqual(['sync', 'sync', 'sync']);
  });

  it('go when no release of the last thirty days, and none of the last five, names them', () => {
    const releases = 'abcdefg'.split('').map((letter, i) => [ago(100 - 10 * i), asset(letter)] as [string, string]);
    // The last five are c to g; b was the newest until day 80.
    expect(takenOut(releases)).toEqual([asset('a'), asset('b')]);
  });

  it('stay while the release that they are of was the newest within thirty days, however old they are', () => {
    const old: [string, string] = [ago(400), asset('a')];
    const since = 'bcdefg'.split('').map((letter, i) => [ago(29 - i), asset(letter)] as [string, string]);
    expect(takenOut([old, ...since])).toEqual([]);
  });

  it('stay when they are of a release now: one that came back, or a file that did not change', () => {
    const releases = 'abcdef'.split('').map((letter, i) => [ago(100 - 10 * i), asset(letter)] as [string, string]);
    expect(takenOut([...releases, [ago(1), `${asset('a')} ${asset('f')}`]])).toEqual([asset('b')]);
  });

  it('stay as long as the notes do not reach back thirty days: who knows what came before', () => {
    const releases = 'abcdefg'.split('').map((letter, i) => [ago(29 - i), asset(letter)] as [string, string]);
    expect(takenOut(releases, [asset('9')])).toEqual([]);
    expect(takenOut([])).toEqual([]);
    expect(takenOut([[ago(31), asset('a')], ...releases], [asset('9')])).toEqual([asset('9')]);
  });

  it('are all that goes: a file that is no asset of ours is left alone', () => {
    const others = ['logo.svg', 'sub/page.0000000000000000.js', 'page.0123.js'];
    expect(takenOut([[ago(90), asset('a')]], [...others, asset('0', 'css')])).toEqual([asset('0', 'css')]);
  });

  it('are asked for as JSON, whose query is over all pages of an answer', () => {
    takenOut([[Date.now() / 1000 - 90 * 86_400, asset('a')]]); // the first version of the AWS CLI writes seconds
    const files = { HISTORY: join(folder, 'history'), THERE: join(folder, 'there') };
    for (const call of calls('prune', files)) expect(after(call, '--output')).toBe('json');
  });

  it('are not taken out by a rule of the bucket, which would count from the day on which they came', () => {
    const { Rules } = resources(demo.templates['site']!, 'AWS::S3::Bucket').find(({ Properties }) => Properties.BucketName)!
      .Properties.LifecycleConfiguration;
    expect(Rules).toEqual([
      { NoncurrentVersionExpiration: { NoncurrentDays: 30 }, ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
    ]);
  });
});

describe('workflows', () => {
  it('take out old assets last, when the new page is there', () => {
    for (const one of ['.github/workflows/deploy-frontend.yml', 'infra/pipelines/site.buildspec.yml']) {
      const text = read(one);
      expect(text.indexOf('./dev aws prune')).toBeGreaterThan(text.indexOf('./dev aws site'));
    }
  });

  it('the assets are there before the API whose pages name them', () => {
    for (const one of ['.github/workflows/deploy-service.yml', 'infra/pipelines/api.buildspec.yml']) {
      const text = read(one);
      expect(text.indexOf('./dev aws assets')).toBeGreaterThan(0);
      expect(text.indexOf('./dev aws assets')).toBeLessThan(text.search(/\.\/dev aws deploy "\$STAGE" ("\$STACK"|api)/));
    }
  });
});

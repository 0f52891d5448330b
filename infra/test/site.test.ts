// What ./dev aws puts into the bucket, and in which order: run with an `aws` that only notes how it is called.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { read, repository } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-aws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(repository);
const file = JSON.parse(read('frontend/headers.json'));

// One line a call, its words parted by a sign that no word has.
const noting = `#!/usr/bin/env bash
[[ $1 != cloudformation ]] || { [[ -z $NO_STACK ]] || { echo "Stack does not exist" >&2; exit 255; }; echo "the-$7"; exit; }
printf '%s\\x1f' "$@" >>"$CALLS"; echo >>"$CALLS"
`;
writeFileSync(join(folder, 'aws'), noting);
chmodSync(join(folder, 'aws'), 0o755);

function calls(step: string, more: Record<string, string> = {}): string[][] {
  const notes = join(folder, 'calls');
  writeFileSync(notes, '');
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, CALLS: notes, NO_STACK: '', ...more };
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
      's3 sync',
      's3 sync',
      's3 sync',
      's3 cp',
      'cloudfront create-invalidation',
    ]);
    expect(calls('assets').map(([service, verb]) => `${service} ${verb}`)).toEqual(['s3 sync', 's3 sync', 's3 sync']);
  });

  it('has every kind of asset that there is', () => {
    calls('assets');
    const endings = new Set(readdirSync(join(root, 'build/site/assets')).map((name) => name.split('.').at(-1)));
    const sent = calls('assets').map((call) => after(call, '--include')!.slice('*.'.length));
    expect(sent.sort()).toEqual([...endings].sort());
    for (const name of readdirSync(join(root, 'build/site/assets'))) expect(name).toMatch(/^[a-z-]+\.[0-9a-f]{16}\.[a-z]+$/);
  });

  it('waits for the stack the first time, as the API comes before it', () => {
    expect(calls('assets', { NO_STACK: 'yes' })).toEqual([]);
  });
});

describe('workflows', () => {
  it('the assets are there before the API whose pages name them', () => {
    for (const one of ['.github/workflows/deploy-service.yml', 'infra/pipelines/api.buildspec.yml']) {
      const text = read(one);
      expect(text.indexOf('./dev aws assets')).toBeGreaterThan(0);
      expect(text.indexOf('./dev aws assets')).toBeLessThan(text.search(/\.\/dev aws deploy "\$STAGE" ("\$STACK"|api)/));
    }
  });
});

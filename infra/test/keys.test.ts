// API keys on AWS: ./dev aws keys with an `aws` that keeps the parameter in a file, and what a task does with it.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { all, allowed, container, environment, list, repository, task, text } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const parameter = join(folder, 'parameter');
const notes = join(folder, 'calls');

function tool(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${script}`);
  chmodSync(path, 0o755);
  return path;
}
tool(
  'aws',
  `[[ "$1 $2" != 'ssm get-parameter' ]] || { cat "$PARAMETER"; exit; }
printf '%s\\x1f' "$@" >>"$CALLS"; echo >>"$CALLS"
if [[ $1 == cloudformation ]]; then
    [[ -z $NO_STACK ]] || { echo "Stack does not exist" >&2; exit 255; }
    echo the-service
fi
[[ $2 != put-parameter || -z $REFUSED ]] || exit 254
[[ $2 != put-parameter ]] || for word; do [[ $word != file://* ]] || cp "\${word#file://}" "$PARAMETER"; done
`,
);
// As much of \`orderflow keys --file F ...\` as these tests need: it writes, lists, or finds fault with the file.
const program = tool(
  'orderflow',
  `file=$3 verb=$4
case $verb in
    create) echo "$BECOMES" >"$file"; echo ofk_the_new_key ;;
    list) grep -q keys "$file" || { echo 'api_keys.malformed' >&2; exit 1; }; cat "$file" ;;
    *) echo 'no such command' >&2; exit 2 ;;
esac
`,
);

function keys(words: string[], more: Record<string, string> = {}) {
  writeFileSync(notes, '');
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    TMPDIR: join(folder, 'tmp'),
    CALLS: notes,
    PARAMETER: parameter,
    ORDERFLOW_BIN: program,
    BECOMES: '{"keys":["new"]}',
    NO_STACK: '',
    REFUSED: '',
    ...more,
  };
  const ran = spawnSync(fileURLToPath(new URL('dev', repository)), ['aws', 'keys', 'demo', ...words], { env, encoding: 'utf8' });
  const calls = readFileSync(notes, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\x1f').slice(0, -1));
  return { ...ran, calls, kept: readFileSync(parameter, 'utf8').trim() };
}
const verbs = (calls: string[][]) => calls.map(([service, verb]) => `${service} ${verb}`);

describe('./dev aws keys', () => {
  beforeEach(() => {
    rmSync(join(folder, 'tmp'), { recursive: true, force: true });
    mkdirSync(join(folder, 'tmp'));
    writeFileSync(parameter, '{"keys":[]}\n');
  });

  it('a parameter that cannot be written: the new key is not shown, and no task is replaced', () => {
    const { status, stdout, calls, kept } = keys(['create', '--tenant', 'acme'], { REFUSED: 'yes' });
    expect(status).not.toBe(0);
    expect(stdout).not.toContain('ofk_');
    expect(kept).toBe('{"keys":[]}');
    expect(verbs(calls)).toEqual(['ssm put-parameter']);
  });

  it('more keys than a parameter holds are refused before anything is changed', () => {
    const { status, stdout, stderr, calls } = keys(['create', '--tenant', 'acme'], { BECOMES: 'x'.repeat(8200) });
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('8192 bytes');
    expect(stdout).not.toContain('ofk_');
    expect(calls).toEqual([]);
  });

  it('a file to import that is none of keys is refused', () => {
    const carried = join(folder, 'carried.json');
    writeFileSync(carried, 'no such thing');
    expect(keys(['import', carried])).toMatchObject({ status: 1, calls: [], kept: '{"keys":[]}' });
    expect(keys(['import', join(folder, 'nowhere.json')])).toMatchObject({ calls: [], kept: '{"keys":[]}' });
  });

  it('a new key is kept as a SecureString by way of a file, shown, and known when the tasks are replaced', () => {
    const { status, stdout, calls, kept } = keys(['create', '--tenant', 'acme']);
    expect(status).toBe(0);
    expect(stdout).toContain('ofk_the_new_key');
    expect(kept).toBe('{"keys":["new"]}');
    expect(verbs(calls)).toEqual([
      'ssm put-parameter',
      'cloudformation describe-stacks',
      'ecs update-service',
      'ecs wait',
    ]);
    const put = calls[0]!;
    expect(put.join(' ')).toMatch(/--type SecureString --overwrite .*--name \/orderflow\/demo\/api-keys --value file:\/\//);
    expect(calls[2]).toEqual(expect.arrayContaining(['the-service', '--force-new-deployment']));
  });

  it('a list changes nothing', () => {
    const { status, stdout, calls } = keys(['list']);
    expect([status, stdout.trim(), calls]).toEqual([0, '{"keys":[]}', []]);
  });

  it('before there is an API, its tasks come with the keys', () => {
    const { status, calls } = keys(['create', '--tenant', 'acme'], { NO_STACK: 'yes' });
    expect([status, verbs(calls).at(-1)]).toEqual([0, 'cloudformation describe-stacks']);
  });

  it('keys of an installation that moves here take the place of those that are there', () => {
    const carried = join(folder, 'carried.json');
    writeFileSync(carried, '{"keys":["carried"]}\n');
    expect(keys(['import', carried])).toMatchObject({ status: 0, kept: '{"keys":["carried"]}' });
  });

  it('leaves no file behind, whatever happens', () => {
    for (const [words, more] of [[['list'], {}], [['create'], { REFUSED: 'yes' }], [['unknown'], {}]] as const) {
      keys([...words], more);
      expect(execFileSync('ls', [join(folder, 'tmp')], { encoding: 'utf8' })).toBe('');
    }
  });
});

describe.each(all)('the tasks of %s', (_, { templates }) => {
  const api = templates['api']!;
  const preparing = (family: string) =>
    task(api, family).Properties.ContainerDefinitions.find(({ Name }: { Name: string }) => Name === 'data-directory');
  const injected = (family: string): string[] => preparing(family).Secrets.map(({ Name }: { Name: string }) => Name).sort();

  it('api-service gets the keys as a file that has to be there; the operator API has no use for them', () => {
    expect(injected('api-service')).toEqual(['API_KEYS_JSON', 'SECRETS']);
    expect(environment(api, 'api-service')['ORDERFLOW_API_KEYS_FILE']).toBe('/data/api-keys.json');
    expect(injected('operator-api')).toEqual(['SECRETS']);
    expect(environment(api, 'operator-api')).not.toHaveProperty('ORDERFLOW_API_KEYS_FILE');
    expect(container(api, 'api-service').DependsOn).toEqual([{ Condition: 'SUCCESS', ContainerName: 'data-directory' }]);
  });

  it('only what starts api-service may read them', () => {
    for (const [part, template] of Object.entries(templates)) {
      const readers = Object.keys(template.findResources('AWS::IAM::Role')).filter((role) =>
        allowed(template, role).some(({ resources }) => list(resources).some((each) => each.endsWith('/api-keys'))),
      );
      expect(readers.map((role) => role.replace(/[0-9A-F]{8}$/, ''))).toEqual(part === 'api' ? ['ApiProgramExecutionRole'] : []);
    }
  });

  // What the container does, here: \`chown\` notes its arguments, as only root may give files away.
  function prepared(settings: Record<string, string>) {
    const data = mkdtempSync(join(folder, 'data-'));
    tool('chown', `echo "$@" >"${data}.chown"`);
    const [sh, ...words] = preparing('api-service').Command.map(text) as string[];
    const env = { PATH: `${folder}:${process.env['PATH']}`, ...settings };
    return { data, ...spawnSync(sh!, words, { cwd: data, env, encoding: 'utf8' }) };
  }

  it('both files are written for the program alone', () => {
    const { data, status } = prepared({ SECRETS: 'id_secret=1', API_KEYS_JSON: '{"keys":[]}' });
    expect(status).toBe(0);
    for (const [file, content] of [['secrets', 'id_secret=1\n'], ['api-keys.json', '{"keys":[]}\n']] as const) {
      expect(readFileSync(join(data, file), 'utf8')).toBe(content);
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(`${data}.chown`, 'utf8').trim()).toBe('-R 10001:10001 .');
  });

  it('an empty parameter ends the task before the program starts', () => {
    expect(prepared({ SECRETS: 'id_secret=1', API_KEYS_JSON: '' }).status).not.toBe(0);
    expect(prepared({ SECRETS: '', API_KEYS_JSON: '{"keys":[]}' }).status).not.toBe(0);
  });
});

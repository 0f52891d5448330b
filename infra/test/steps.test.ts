// Steps of ./dev aws that must not be taken too far: secrets that are there, images that a scan found fault with, the image
// before this one. Run with an `aws` that notes how it is called.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parameterNames } from '../lib/parts/parameters.ts';
import { repository } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-steps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const notes = join(folder, 'calls');

function tool(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}`);
  chmodSync(join(folder, name), 0o755);
}
// Of a parameter that is to be made it also notes the mode of the file that its value comes in, and the value.
tool(
  'aws',
  `printf '%s\\x1f' "$@" >>"$CALLS"
for word; do [[ $word != file://* ]] || printf '%s\\x1f' "$(stat -c %a "\${word#file://}")" "$(tr '\\n' ' ' <"\${word#file://}")" >>"$CALLS"; done
echo >>"$CALLS"
case "$1 $2" in
    'ssm get-parameter')
        for word; do [[ $word != /* || " $THERE " != *" $word "* ]] || { echo a-value; exit; }; done
        exit 254
        ;;
    'ecr describe-repositories') echo 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderflow-demo/api-service ;;
    'ecr describe-images') echo sha256:new ;;
    'ecr describe-image-scan-findings') printf '%b\\n' "$FINDINGS" ;;
    'ecr wait') exit "$SCAN" ;;
    'ssm get-parameter-history') printf '%s\\n' "$BEFORE" ;;
esac
`,
);
tool('podman', 'cat >/dev/null </dev/stdin; exit 0\n');

function step(words: string[], more: Record<string, string> = {}) {
  writeFileSync(notes, '');
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    CALLS: notes,
    THERE: '',
    FINDINGS: 'COMPLETE',
    SCAN: '0',
    BEFORE: 'null',
    ORDERFLOW_DATABASE_HOST: 'database.internal',
    ORDERFLOW_ENGINE: 'podman',
    ...more,
  };
  const dev = fileURLToPath(new URL('dev', repository));
  const { status } = spawnSync(dev, ['aws', ...words], { env, encoding: 'utf8', input: '' });
  const calls = readFileSync(notes, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\x1f').slice(0, -1));
  return { status, calls, made: calls.filter(([service, verb]) => service === 'ssm' && verb === 'put-parameter') };
}
const after = (call: string[], word: string) => call[call.indexOf(word) + 1]!;

describe('./dev aws secrets', () => {
  const usual = parameterNames.filter((name) => name !== 'sentry-dsn'); // of somebody else, when it is given
  const full = (name: string) => `/orderflow/demo/${name}`;

  it('changes none that is there: an id secret that is another one would make other ids', () => {
    const { status, made } = step(['secrets', 'demo'], { THERE: usual.map(full).join(' ') });
    expect([status, made]).toEqual([0, []]);
    const { made: one } = step(['secrets', 'demo'], { THERE: usual.filter((name) => name !== 'api-keys').map(full).join(' ') });
    expect(one.map((call) => after(call, '--name'))).toEqual([full('api-keys')]);
  });

  it('makes every one that the tasks want, each a SecureString that nobody sees on its way and that overwrites none', () => {
    const passwords = ['owner', 'worker', 'reader'].map((role) => full(`database/${role}-password`));
    const { status, made } = step(['secrets', 'demo'], { THERE: passwords.join(' ') }); // their URLs are made of them
    expect(status).toBe(0);
    expect(made.map((call) => after(call, '--name')).sort()).toEqual(
      usual.map(full).filter((name) => !passwords.includes(name)).sort(),
    );
    for (const call of made) {
      const [mode, value] = call.slice(-2);
      expect([after(call, '--type'), mode], call.join(' ')).toEqual(['SecureString', '600']);
      expect(call).not.toContain('--overwrite');
      expect(value!.length).toBeGreaterThan(10);
      expect(() => statSync(after(call, '--value').replace('file://', ''))).toThrow(); // it is gone again
    }
    const keys = made.find((call) => after(call, '--name') === full('api-keys'))!;
    expect(JSON.parse(keys.at(-1)!)).toEqual({ keys: [] });
  });
});

describe('./dev aws push', () => {
  const push = (more: Record<string, string> = {}) => step(['push', 'demo', 'api-service', 'orderflow/api-service'], more);

  it('an image with critical or high findings, or without a scan, is not noted for a deployment', () => {
    for (const FINDINGS of ['COMPLETE CVE-2026-1', 'COMPLETE CVE-2026-1 CVE-2026-2', 'COMPLETE\\nCOMPLETE CVE-2026-1', 'FAILED', 'None', '']) {
      const { status, made } = push({ FINDINGS });
      expect([status === 0, made], FINDINGS).toEqual([false, []]);
    }
    const { status, made } = push({ SCAN: '255' });
    expect([status === 0, made]).toEqual([false, []]);
  });

  it('a finding that somebody takes stops none until its day is over, and takes no other with it', () => {
    const list = new URL('infra/config/accepted-findings.txt', repository);
    const before = readFileSync(list, 'utf8');
    const today = new Date().toISOString().slice(0, 10);
    try {
      writeFileSync(list, `${before}CVE-2026-1 ${today} not reached\nCVE-2026-2 2026-01-01 not reached\n`);
      expect(push({ FINDINGS: 'COMPLETE CVE-2026-1' }).status).toBe(0);
      for (const FINDINGS of ['COMPLETE CVE-2026-2', 'COMPLETE CVE-2026-1 CVE-2026-3', 'COMPLETE CVE-2026-11', 'COMPLETE .']) {
        expect(push({ FINDINGS }).made, FINDINGS).toEqual([]);
      }
    } finally {
      writeFileSync(list, before);
    }
  });

  it('any other is noted by its digest, after its scan', () => {
    const { status, calls, made } = push({ FINDINGS: 'COMPLETE' });
    expect([status, made.map((call) => after(call, '--value'))]).toEqual([0, ['sha256:new']]);
    const verbs = calls.map(([service, verb]) => `${service} ${verb}`);
    expect(verbs.indexOf('ecr wait')).toBeLessThan(verbs.indexOf('ssm put-parameter'));
  });
});

// The words that cdk gets, and what a task's end is made of: the scripts themselves, with the tools that they call noting.
function inScripts(words: string, answers: string) {
  const script = `set -euo pipefail; root=$PWD
. tools/dev/console.sh; . tools/dev/synth.sh; . tools/dev/aws.sh
install_packages() { :; }
infra_tool() { printf '%s\\n' "$@"; }
${answers}
${words}`;
  return spawnSync('bash', ['-c', script], { cwd: fileURLToPath(repository), encoding: 'utf8' });
}

describe('./dev aws deploy', () => {
  const noted = `aws_noted_image() { echo sha256:noted; }`;
  const words = (step: string, answers: string) => inScripts(step, answers).stdout.split('\n').filter(Boolean);

  it('the repositories come before the images: the registry needs none, everything else does', () => {
    const none = 'aws_noted_image() { :; }';
    const registry = inScripts('aws_deploy production registry', none);
    expect(registry.status).toBe(0);
    expect(registry.stdout.match(/(apiService|workerService|orderflow)=sha256:0{64}/g)).toHaveLength(3);
    expect(registry.stdout.trim().split('\n').at(-1)).toBe('registry');
    const { status, stdout } = inScripts('aws_deploy production data', none);
    expect([status === 0, stdout]).toEqual([false, '']);
  });

  it('a public load balancer has a name alone: a parameter that the stack does not have would be refused', () => {
    const outputs = (arn: string) => `${noted}; aws_output() { [[ $3 == BalancerName ]] && echo the-name || echo ${arn}; }`;
    const given = (arn: string) => words('aws_deploy demo site', outputs(arn)).filter((word) => word.startsWith('Balancer'));
    expect(given('arn:of:it')).toEqual(['BalancerArn=arn:of:it', 'BalancerName=the-name']);
    expect(given('None')).toEqual(['BalancerName=the-name']);
  });
});

describe('./dev aws after', () => {
  // `gh` answers with one line of $RUNS at a time, and notes how often it was asked.
  const after = (runs: string[], ...workflows: string[]) => {
    writeFileSync(join(folder, 'runs'), runs.map((run) => `${run}\n`).join(''));
    writeFileSync(notes, '');
    tool('gh', `printf '%s ' "$@" >>"$CALLS"; echo >>"$CALLS"; head -n 1 "$RUNS"; sed -i 1d "$RUNS"\n`);
    const settings = { CALLS: notes, RUNS: join(folder, 'runs'), GITHUB_SHA: 'abc', ORDERFLOW_POLL_SECONDS: '0' };
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, ...settings };
    const dev = fileURLToPath(new URL('dev', repository));
    const { status } = spawnSync(dev, ['aws', 'after', ...workflows], { env, encoding: 'utf8' });
    return { status, calls: readFileSync(notes, 'utf8').split('\n').filter(Boolean) };
  };

  it('one that failed, or was cancelled, has not delivered: nothing goes before it', () => {
    expect(after(['completed failure'], 'worker.yml').status).not.toBe(0);
    expect(after(['in_progress ', 'completed cancelled'], 'worker.yml').status).not.toBe(0);
    expect(after([]).status).not.toBe(0);
  });

  it('waits for one that runs, and asks for the runs of this commit that its push started', () => {
    const { status, calls } = after(['queued ', 'in_progress ', 'completed success'], 'worker.yml');
    expect([status, calls.length]).toEqual([0, 3]);
    for (const call of calls) expect(call).toMatch(/^run list --workflow worker\.yml --commit abc --event push /);
  });

  it('waits for nothing that this push did not start, and for each that it did', () => {
    expect(after([''], 'worker.yml')).toMatchObject({ status: 0 });
    const { status, calls } = after(['', 'in_progress ', 'completed success'], 'worker.yml', 'api.yml');
    expect([status, calls.map((call) => call.split(' ')[3])]).toEqual([0, ['worker.yml', 'api.yml', 'api.yml']]);
  });
});

describe('./dev aws task', () => {
  const task = (waits: string, run = 'the-task') =>
    inScripts(
      'aws_task demo migrate',
      `n=0; aws_output() { echo x; }
aws() { case "$1 $2" in 'ecs run-task') echo ${run} ;; 'ecs describe-tasks') echo 0 ;; 'ecs wait') ${waits} ;; esac; }`,
    );

  it('a migration that takes longer than one wait of the CLI is waited for', () => {
    const { status, stdout } = task('n=$((n + 1)); ((n == 3)) || { SECONDS=$((SECONDS + 600)); return 255; }');
    expect([status, stdout.match(/runs on/g)?.length]).toEqual([0, 2]);
  });

  it('a wait that fails at once is an error, and so is a task that ECS did not start', () => {
    const { status, stdout } = task('return 255');
    expect([status === 0, stdout]).toEqual([false, '']); // and is not taken for a task that runs on
    expect(task('return 0', 'None').status).not.toBe(0);
  });
});

describe('./dev aws rollback', () => {
  const rollback = (BEFORE: string) => step(['rollback', 'demo', 'api-service'], { BEFORE, THERE: '/orderflow/demo/image/api-service' });

  it('notes the image before, asked for over all pages of the history', () => {
    const { status, calls, made } = rollback('"sha256:before"');
    expect([status, made.map((call) => after(call, '--value'))]).toEqual([0, ['sha256:before']]);
    expect(after(calls.find(([, verb]) => verb === 'get-parameter-history')!, '--output')).toBe('json');
  });

  it('without one it changes nothing', () => {
    const { status, made } = rollback('null');
    expect([status === 0, made]).toEqual([false, []]);
  });
});

// The ways to deliver: GitHub's workflows, the pipeline's buildspecs, and that both do the same.
import { readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { stages } from '../lib/parts/pipeline.ts';
import schema from '../pipelines/buildspec.schema.json' with { type: 'json' };
import { allowed, only, production, productionInputs, read, repository, resources, switched } from './support.ts';

const files = (folder: string): string[] =>
  readdirSync(new URL(folder, repository))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`);
const workflows = files('.github/workflows');
const buildspecs = files('infra/pipelines');

interface Job {
  readonly steps?: { readonly run?: string; readonly uses?: string }[];
  readonly permissions?: Record<string, string>;
}

const jobs = (file: string): [string, Job][] => Object.entries(parse(read(file)).jobs);

// As much of JSON Schema as buildspec.schema.json uses.
type Schema = {
  type?: string;
  const?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
};
function problems(value: unknown, of: Schema, at = ''): string[] {
  if (of.const !== undefined) return value === of.const ? [] : [`${at}: ${value} is not ${of.const}`];
  if (of.type === 'array') {
    if (!Array.isArray(value) || value.length < (of.minItems ?? 0)) return [`${at}: no list`];
    return value.flatMap((each, i) => problems(each, of.items!, `${at}/${i}`));
  }
  if (of.type === 'object') {
    if (typeof value !== 'object' || value === null) return [`${at}: no object`];
    const missing = (of.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name}: missing`);
    const wrong = Object.entries(value).flatMap(([name, each]) =>
      of.properties?.[name] ? problems(each, of.properties[name], `${at}/${name}`) : [`${at}/${name}: unknown`],
    );
    return [...missing, ...wrong];
  }
  const good = of.type === 'integer' ? Number.isInteger(value) : typeof value === of.type;
  return good ? [] : [`${at}: not ${of.type}`];
}

describe('workflows', () => {
  it.each(workflows)('%s: actions are pinned by commit, with the version that it is', (file) => {
    for (const [, used] of read(file).matchAll(/uses: (.*)/g)) {
      expect(used).toMatch(/^(\.\/\.github\/workflows\/[\w-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
    }
  });

  it.each(workflows)('%s: every pin is in the list of docs/deploy-aws.md', (file) => {
    const documented = read('docs/deploy-aws.md');
    for (const [, pin] of read(file).matchAll(/@([0-9a-f]{40})/g)) expect(documented).toContain(pin);
  });

  it.each(workflows)('%s: may read the source, and what a job says that it needs', (file) => {
    expect(parse(read(file)).permissions).toEqual({ contents: 'read' });
    for (const [, { permissions = {} }] of jobs(file)) {
      const written = Object.entries(permissions).filter(([, right]) => right === 'write').map(([name]) => name);
      const more = file.endsWith('/release.yml') ? ['packages'] : []; // images that everybody may pull
      expect(['id-token', 'contents', ...more]).toEqual(expect.arrayContaining(written));
    }
  });

  it.each(workflows)('%s: no stored key, and nothing of an event in the text of a script', (file) => {
    expect(read(file)).not.toMatch(/secrets\.|aws-access-key-id/);
    for (const [, { steps = [] }] of jobs(file)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });

  it('a release: tarballs and images for both processors, after the tests; images by digest, with their bills', () => {
    const { test, programs, images, index } = parse(read('.github/workflows/release.yml')).jobs;
    expect(test.uses).toBe('./.github/workflows/test.yml');
    for (const job of [programs, images]) {
      expect(job.needs).toBe('test');
      expect(job.strategy.matrix.include.map((one: { processor: string }) => one.processor)).toEqual(['amd64', 'arm64']);
    }
    const ran = (job: Job) => (job.steps ?? []).map(({ run = '' }) => run).join('\n');
    // What is pushed was tested, under the same tag.
    expect(ran(images)).toMatch(/--tag "\$IMAGE_TAG" --test\n[^]*--tag "\$IMAGE_TAG" --publish "ghcr\.io\//);
    expect(ran(images)).toContain('build/image/published');
    expect(index.needs).toBe('images');
    expect(ran(index)).toMatch(/imagetools create --tag "\$name:\$TAG" "\$\{digests\[@\]\}"/);
  });

  it('three jobs deploy, each for changes of its own folders, with a test before and an order behind', () => {
    for (const part of ['frontend', 'api-service', 'worker-service']) {
      const file = `.github/workflows/deploy-${part}.yml`;
      const workflow = parse(read(file));
      expect(workflow.on.push.paths).toContain(`${part}/**`);
      expect([workflow.jobs.deploy.needs].flat()[0]).toBe('test');
      const text = read(file) + read('.github/workflows/deploy-service.yml');
      for (const step of ['./dev aws deploy', './dev aws smoke', 'rollback']) expect(text).toContain(step);
    }
    const service = read('.github/workflows/deploy-service.yml');
    for (const step of ['./dev image', './dev aws push', './dev aws rollback']) expect(service).toContain(step);
  });

  it('an image is made anew when what makes it changes', () => {
    for (const part of ['api-service', 'worker-service']) {
      const { paths } = parse(read(`.github/workflows/deploy-${part}.yml`)).on.push;
      expect(paths).toEqual(expect.arrayContaining(['Dockerfile', 'tools/image/**', 'tools/dev/packages.sh']));
    }
  });

  it('the stacks are deployed when they change: each by the job that knows it', () => {
    const deployed = (file: string) => [...read(file).matchAll(/\.\/dev aws deploy "\$STAGE" "?([\w$]+)/g)].map(([, stack]) => stack);
    const service = '.github/workflows/deploy-service.yml';
    expect(new Set([...deployed(service), ...deployed('.github/workflows/deploy-frontend.yml')])).toEqual(
      new Set(['data', '$STACK', 'watch', 'site']),
    );
    for (const part of ['frontend', 'api-service', 'worker-service']) {
      expect(parse(read(`.github/workflows/deploy-${part}.yml`)).on.push.paths).toContain('infra/**');
    }
  });

  it('tables are made before the program that needs them, the workers before the API, its assets before its pages', () => {
    const order = (text: string, ...steps: string[]) => {
      const places = steps.map((step) => text.indexOf(step));
      for (const [i, place] of places.entries()) expect(place, steps[i]).toBeGreaterThan(i === 0 ? 0 : places[i - 1]!);
    };
    const job = read('.github/workflows/deploy-service.yml');
    order(job, './dev aws deploy "$STAGE" data', './dev aws task "$STAGE" migrate', './dev aws deploy "$STAGE" "$STACK"');
    order(job, './dev aws assets', './dev aws deploy "$STAGE" "$STACK"', './dev aws deploy "$STAGE" watch', './dev aws smoke');
    order(read('infra/pipelines/data.buildspec.yml'), './dev aws deploy "$STAGE" data', './dev aws task "$STAGE" migrate');
    order(`-${stages.join()}`, 'images', 'data', 'worker', 'api', 'site', 'smoke');
  });

  it('a deployment that fails goes back, as one does whose orders fail', () => {
    const { steps } = parse(read('.github/workflows/deploy-service.yml')).jobs.deploy;
    const back = steps.filter(({ if: when = '' }: { if?: string }) => when.startsWith('failure()'));
    expect(back.map(({ run = 'role' }: { run?: string }) => run.split(' "')[0])).toEqual([
      'role',
      './dev aws rollback',
      'role',
      './dev aws deploy',
    ]);
    for (const { if: when } of back) {
      expect(when).toBe("failure() && (steps.deploy.outcome == 'failure' || steps.smoke.outcome == 'failure')");
    }
    for (const id of ['deploy', 'smoke']) expect(steps.some((step: { id?: string }) => step.id === id)).toBe(true);
  });

  // They start side by side, and the rule is: worker, API, page. Waiting is no part of the job that holds the stage.
  it('of a push that changes several, the worker is delivered before the API, and the API before the page', () => {
    const before = (part: string): string[] => {
      const { jobs: all } = parse(read(`.github/workflows/deploy-${part}.yml`));
      if (!all.before) return [];
      expect(all.deploy.needs).toEqual(['test', 'before']);
      expect(all.before).not.toHaveProperty('concurrency');
      expect(all.before.permissions).toEqual({ contents: 'read', actions: 'read' });
      const [waits] = all.before.steps.filter(({ run = '' }: { run?: string }) => run.startsWith('./dev aws after'));
      expect(waits.if).toBe("github.event_name == 'push'"); // by hand, a person knows the order
      return waits.run.split(' ').slice(3);
    };
    expect(before('worker-service')).toEqual([]);
    expect(before('api-service')).toEqual(['deploy-worker-service.yml']);
    expect(before('frontend')).toEqual(['deploy-worker-service.yml', 'deploy-api-service.yml']);
    for (const file of [...before('api-service'), ...before('frontend')]) {
      expect(workflows).toContain(`.github/workflows/${file}`);
    }
  });

  it('the program that makes tables is noted before the one that wants them', () => {
    for (const file of ['.github/workflows/deploy-service.yml', 'infra/pipelines/images.buildspec.yml']) {
      const pushed = [...read(file).matchAll(/\.\/dev aws push "\$STAGE" (\S+)/g)].map(([, program]) => program);
      expect(pushed[0], file).toBe('orderflow');
    }
  });

  // A push may have several commits; the one before the last is then as bad as the last.
  it('a page that fails goes back to the one before its push', () => {
    const { steps } = parse(read('.github/workflows/deploy-frontend.yml')).jobs.deploy;
    const back = steps.find(({ if: when = '' }: { if?: string }) => when.includes('failure()'));
    expect(back.env).toEqual({ BEFORE: '${{ github.event.before }}' });
    expect(back.run).toContain('git checkout "${BEFORE:-$GITHUB_SHA~1}" -- frontend');
    const checkout = steps.find(({ uses = '' }: { uses?: string }) => uses.startsWith('actions/checkout@'));
    expect(checkout.with['fetch-depth']).toBe(0);
  });

  it('the role for assets is not the one for the page', () => {
    expect(read('.github/workflows/deploy-service.yml')).not.toContain('AWS_SITE_ROLE');
    const documented = read('docs/deploy-aws.md');
    for (const file of workflows) {
      for (const [, variable] of read(file).matchAll(/vars\.(\w+)/g)) expect(documented.includes(`\`${variable}\``), variable).toBe(true);
    }
  });
});

describe('buildspecs', () => {
  it.each(buildspecs)('%s keeps its schema', (file) => {
    expect(problems(parse(read(file)), schema as Schema)).toEqual([]);
  });

  it('a wrong one would not', () => {
    expect(problems({ version: 0.2, phases: { build: { command: [] } } }, schema as Schema)).toEqual([
      '/phases/build/commands: missing',
      '/phases/build/command: unknown',
    ]);
  });

  it('one for each stage, with the commands that the workflows run', () => {
    expect(buildspecs.map((file) => file.split('/').at(-1)!.split('.')[0]).sort()).toEqual([...stages].sort());
    const ran = workflows.flatMap((file) => jobs(file)).flatMap(([, { steps = [] }]) => steps.map(({ run = '' }) => run));
    const verbs = (text: string) => [...text.matchAll(/\.\/dev (image|synth|aws \w+)|\.ci\/run/g)].map(([verb]) => verb);
    const known = new Set(ran.flatMap(verbs));
    for (const file of buildspecs) {
      for (const verb of verbs(read(file))) expect(known).toContain(verb);
    }
  });
});

describe('pipeline', () => {
  const template = production.templates['pipeline']!;

  it('source, test, images, data, worker, api, site, smoke: one after the other', () => {
    const names = only(template, 'AWS::CodePipeline::Pipeline').Properties.Stages.map(({ Name }: { Name: string }) => Name);
    expect(names).toEqual(['source', ...stages]);
  });

  it('a project and a role for each stage', () => {
    const projects = resources(template, 'AWS::CodeBuild::Project');
    expect(projects).toHaveLength(stages.length);
    expect(new Set(projects.map(({ Properties }) => JSON.stringify(Properties.ServiceRole))).size).toBe(stages.length);
    for (const { Properties } of projects) {
      expect(buildspecs).toContain(Properties.Source.BuildSpec);
    }
  });


  // A zip of a source has no commit to name an image by, and no list of files for the tests.
  it('each stage has the source with its history, and may read it', () => {
    const [{ Actions }] = only(template, 'AWS::CodePipeline::Pipeline').Properties.Stages;
    expect(Actions[0].Configuration.OutputArtifactFormat).toBe('CODEBUILD_CLONE_REF');
    const connection = productionInputs.delivery!.codeConnectionArn!;
    const service = connection.split(':')[2]; // IAM wants the action of the service that the ARN names
    for (const role of ['PipelineSourceRole', ...stages.map((stage) => `Pipeline${stage}Role`)]) {
      expect(allowed(template, role), role).toContainEqual({ action: `${service}:UseConnection`, resources: [connection] });
    }
  });

  it('the smoke test pays with the token of the inputs, and no other stage knows it', () => {
    const given = resources(template, 'AWS::CodeBuild::Project').flatMap(({ Properties }) =>
      Properties.Environment.EnvironmentVariables.filter(({ Name }: { Name: string }) => /SMOKE/.test(Name)).map(
        ({ Name, Value }: { Name: string; Value: string }) => [Properties.Name, Name, Value],
      ),
    );
    const { smokeToken } = productionInputs.delivery!;
    expect(given).toEqual([['orderflow-production-smoke', 'ORDERFLOW_SMOKE_TOKEN', smokeToken]]);
    // As each job of GitHub does that runs it.
    for (const file of workflows.filter((each) => read(each).includes('./dev aws smoke'))) {
      expect(read(file), file).toContain('ORDERFLOW_SMOKE_TOKEN: ${{ vars.SMOKE_TOKEN }}');
    }
    expect(read('infra/smoke/smoke.mjs')).toContain('process.env.ORDERFLOW_SMOKE_TOKEN');
  });

  it('images are made on the processor that the tasks have', () => {
    const machine = ({ templates }: typeof production, stage: string) =>
      resources(templates['pipeline']!, 'AWS::CodeBuild::Project').find(({ Properties }) =>
        Properties.Name.endsWith(`-${stage}`),
      )!.Properties.Environment;
    expect(machine(production, 'images')).toMatchObject({ Type: 'ARM_CONTAINER', PrivilegedMode: true });
    expect(machine(production, 'images').Image).toMatch(/aarch64/);
    expect(production.config.architecture).toBe('arm64');
    expect(machine(switched, 'images').Type).toBe('LINUX_CONTAINER');
    expect(switched.config.architecture).toBe('x86_64');
    // Ubuntu 22.04, which 7.0 is, has none of the compilers of tools/dev/packages.sh.
    expect(machine(production, 'test').Image).toBe('aws/codebuild/standard:8.0');
    for (const stage of stages.filter((each) => each !== 'images')) expect(machine(production, stage).PrivilegedMode).toBe(false);
  });
});

describe('secrets', () => {
  it('nothing that looks like one is in a template', () => {
    for (const { toJSON } of Object.values(production.templates).map((each) => ({ toJSON: () => each.toJSON() }))) {
      expect(JSON.stringify(toJSON())).not.toMatch(/AKIA[0-9A-Z]{16}|whsec_|-----BEGIN/);
    }
  });
});

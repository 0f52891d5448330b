// Goal: what an image promises stands in the Dockerfile for every program: no root, no shell, a health check by the
// program itself, a signal that it knows, no processor and no registry by name. ./dev image --test sees it at work.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const programs = ['api-service', 'worker-service', 'queue-service', 'orderflow'];

// Instructions with their arguments, continued lines joined.
function instructions(text) {
  const joined = text.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? assert.fail(`no instruction: ${line}`);
      return { word, rest };
    });
}

function stages(text) {
  const all = new Map();
  let current = [];
  for (const instruction of instructions(text)) {
    if (instruction.word === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(instruction.rest) ?? assert.fail(`unnamed: ${instruction.rest}`);
      current = [];
      all.set(name, { base, instructions: current });
    } else {
      current.push(instruction);
    }
  }
  return all;
}

const dockerfile = read('Dockerfile');
const all = stages(dockerfile);
const rest = (stage, word) => all.get(stage).instructions.filter((one) => one.word === word).map((one) => one.rest);

test('GivenTheDockerfile_ThenItHasATargetForEachProgram', () => {
  assert.deepEqual([...all.keys()], ['packages', 'build', 'roots', ...programs]);
});

for (const program of programs) {
  test(`GivenTheImageOf ${program}_ThenNothingIsInItButItsFiles`, () => {
    assert.equal(all.get(program).base, 'scratch');
    assert.deepEqual(rest(program, 'RUN'), [], 'nothing can run in it');
    assert.deepEqual(rest(program, 'COPY'), [
      `--from=roots /roots/${program}/ /`,
      '--from=roots --chown=10001:10001 /roots/data/ /data/',
    ]);
  });

  test(`GivenTheImageOf ${program}_ThenItRunsAsTheStacksAndTheEnginesExpect`, () => {
    assert.deepEqual(rest(program, 'USER'), ['10001:10001'], 'infra/lib/parts/program-task.ts');
    assert.deepEqual(rest(program, 'ENTRYPOINT'), [`["/usr/bin/${program}"]`]);
    assert.deepEqual(rest(program, 'STOPSIGNAL'), ['SIGTERM']);
    assert.deepEqual(rest(program, 'VOLUME'), ['/data']);
    assert.match(rest(program, 'ENV').join(' '), /(^| )ORDERFLOW_DATA_DIR=\/data( |$)/);
    const [health] = rest(program, 'HEALTHCHECK');
    assert.match(health, new RegExp(` CMD \\["/usr/bin/${program}", "--health"\\]$`), 'there is no shell');
  });

  test(`GivenTheImageOf ${program}_ThenItsLabelsSayWhatItIs`, () => {
    const labels = rest(program, 'LABEL').join(' ');
    for (const name of ['title', 'description', 'version', 'revision', 'created', 'licenses']) {
      assert.match(labels, new RegExp(`org\\.opencontainers\\.image\\.${name}="[^"]+"`));
    }
  });
}

test('GivenTheDockerfile_ThenItNamesNoProcessorNoRegistryAndNoMovingTag', () => {
  const words = instructions(dockerfile).map(({ word, rest: text }) => `${word} ${text}`).join('\n');
  assert.doesNotMatch(words, /x86_64|amd64|aarch64|arm64/);
  assert.doesNotMatch(words, /:latest|https?:/);
  assert.equal(all.get('packages').base, '${BASE}');
  assert.match(words, /^ARG BASE=debian:bookworm-slim$/m);
});

test('GivenTheBuildOfTheImages_ThenItsPackagesAreThoseOfTheDesk', () => {
  assert.match(rest('packages', 'RUN').join(' '), /setup build/);
  assert.doesNotMatch(rest('packages', 'RUN').join(' '), /clang|libssl/, 'tools/dev/packages.sh names them');
});

// The engine sets the times of all files of a stage to one: by size and time, ccache would know no compiler from another.
test('GivenTheCacheOfTheBuild_ThenACompilerIsKnownByItsContent', () => {
  const [compiling] = rest('build', 'RUN');
  assert.match(compiling, /--mount=type=cache,\S*ccache/);
  assert.match(compiling, /CCACHE_COMPILERCHECK=content/);
});

test('GivenTheContextOfABuild_ThenWhatItNeedsIsNotIgnored', () => {
  const ignored = read('.dockerignore').split('\n').filter((line) => line && !line.startsWith('#'));
  for (const needed of ['dev', 'tools', 'frontend', 'contracts', 'tests', 'CMakeLists.txt', 'LICENSE']) {
    assert.ok(existsSync(new URL(needed, root)), needed);
    assert.ok(!ignored.includes(needed), `${needed} is read by the build`);
  }
  for (const kept of ['.git', 'build', 'data', '**/node_modules']) assert.ok(ignored.includes(kept), kept);
});

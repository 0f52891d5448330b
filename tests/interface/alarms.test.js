// Goal: the alarms of contracts/alarms.json, the rules and the dashboard of ops/ speak of metrics that the programs
// have, and an alarm reaches whoever wants to know. Method: /metrics of the running programs; a webhook of the test.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { startProgram } from '../http/program.js';
import { api } from './openapi.js';
import { startServices } from './services.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const { alarms } = JSON.parse(read('contracts/alarms.json'));

/** @typedef {{metric: string, labels?: Record<string, string[]>}} Series */

/** @param {any} measure @returns {Series[]} */
const seriesOf = (measure) =>
  ['of', 'part', 'whole', 'waiting', 'progress'].map((name) => measure[name]).filter(Boolean);

/** The series of a page of /metrics: name and labels. @param {string} url */
async function seriesAt(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^([a-z0-9_]+)(?:\{([^}]*)\})? /gm)].map(([, name, labels = '']) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value])),
  }));
}

/** @param {Awaited<ReturnType<typeof seriesAt>>} there @param {Series} wanted */
function missing(there, { metric, labels = {} }) {
  const same = there.filter(({ name }) => name.replace(/_(bucket|sum|count)$/, '') === metric || name === metric);
  if (same.length === 0) return [metric];
  return Object.entries(labels).flatMap(([label, values]) =>
    values
      .filter((value) => !same.some((series) => series.labels[label] === value))
      .map((value) => `${metric}{${label}="${value}"}`),
  );
}

test('alarms.json follows its schema', () => {
  const ajv = new Ajv2020.default({ allErrors: true, strict: false });
  const valid = ajv.compile(JSON.parse(read('contracts/alarms.schema.json')));
  assert.ok(valid(JSON.parse(read('contracts/alarms.json'))), ajv.errorsText(valid.errors));
});

test('every alarm has its row in the runbook', () => {
  const runbook = read('docs/runbook.md');
  for (const { name } of alarms) assert.ok(runbook.includes(`| \`${name}\` |`), name);
});

describe('a program', () => {
  /** @type {any[]} */
  const received = [];
  const webhook = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ method: request.method, path: request.url, body: JSON.parse(body) });
      answer.writeHead(204).end();
      webhook.emit('received');
    });
  });
  /** @type {string} */
  let dataDir;
  /** @type {Awaited<ReturnType<typeof startProgram>>} */
  let program;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'orderflow-alarms-'));
    await new Promise((ready) => webhook.listen(0, '127.0.0.1', () => ready(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (webhook.address());
    const settings = { ORDERFLOW_DATA_DIR: dataDir, ORDERFLOW_ALARM_URL: `http://127.0.0.1:${port}/hook` };
    await (await startProgram(settings)).kill();
    program = await startProgram(settings);
  });
  after(async () => {
    webhook.close();
    webhook.closeAllConnections();
    assert.equal(await program?.stop(), 0);
    await rm(dataDir, { recursive: true, force: true });
  });

  test('that was killed tells so at its next start', async () => {
    while (received.length === 0) await new Promise((more) => webhook.once('received', more));
    const [{ method, path, body }] = received;
    assert.deepEqual([method, path], ['POST', '/hook']);
    assert.deepEqual(
      { alarm: body.alarm, state: body.state, severity: body.severity, program: body.program },
      { alarm: 'process-crashed', state: 'began', severity: 'critical', program: 'orderflow' },
    );
    assert.match(body.text, /process-crashed began \(critical\)/);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    assert.match(metrics, /^orderflow_alarm_active\{name="process-crashed"\} 1$/m);
  });

  test('has the series of every alarm', async () => {
    const there = await seriesAt(program.url);
    for (const { name, measure } of alarms) {
      assert.deepEqual(
        seriesOf(measure).flatMap((series) => missing(there, series)),
        [],
        name,
      );
      assert.deepEqual(missing(there, { metric: 'orderflow_alarm_active', labels: { name: [name] } }), []);
    }
  });

  test('has every metric of the rules and of the dashboard', async () => {
    const there = new Set((await seriesAt(program.url)).map(({ name }) => name));
    const rules = parse(read('ops/alerts.yml')).groups.flatMap((/** @type {any} */ group) => group.rules);
    const panels = JSON.parse(read('ops/grafana-dashboard.json')).panels;
    const expressions = [
      ...rules.map((/** @type {any} */ rule) => rule.expr),
      ...panels.flatMap((/** @type {any} */ panel) => panel.targets.map((/** @type {any} */ target) => target.expr)),
    ];
    assert.ok(expressions.length > 30);
    const named = new Set(expressions.flatMap((expression) => expression.match(/\borderflow_\w+/g) ?? []));
    assert.deepEqual([...named].filter((name) => !there.has(name)).sort(), []);
  });
});

test('each service has the series of its alarms, and the alarms', async () => {
  const services = await startServices();
  try {
    for (const [program, url] of Object.entries(services.urls)) {
      const there = await seriesAt(url);
      for (const { name, measure, programs } of alarms) {
        const alarm = { metric: 'orderflow_alarm_active', labels: { name: [name] } };
        assert.equal(missing(there, alarm).length === 0, programs.includes(program), `${name} in ${program}`);
        if (!programs.includes(program)) continue;
        assert.deepEqual(
          seriesOf(measure).flatMap((series) => missing(there, series)),
          [],
          `${name} in ${program}`,
        );
      }
    }
    const answer = await fetch(`${services.urls['api-service']}/v1/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(api.components.examples.OrderRequestSmallest.value),
    });
    assert.equal(answer.status, 202);
  } finally {
    assert.deepEqual(await services.stop(), [0, 0, 0]);
  }
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
const skip = !promtool && 'there is no promtool on this machine (./dev setup test)';
for (const words of [
  ['check', 'config', 'ops/prometheus.yml'],
  ['check', 'rules', 'ops/alerts.yml'],
  ['test', 'rules', 'ops/alerts_test.yml'],
]) {
  test(`promtool ${words.join(' ')}`, { skip }, () => {
    const { status, stdout, stderr } = spawnSync('promtool', words, { cwd: root, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });
}

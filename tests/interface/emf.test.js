// Goal: with ORDERFLOW_METRICS=emf each program writes lines that CloudWatch makes metrics of, and every metric of
// contracts/alarms.json is among them. Method: a validator of the Embedded Metric Format's specification on the stdout
// of the running programs; log lines on stderr stay whole beside them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import Ajv2020 from 'ajv/dist/2020.js';

import { startProgram } from '../http/program.js';
import { startServices } from './services.js';

const { alarms } = JSON.parse(readFileSync(new URL('../../contracts/alarms.json', import.meta.url), 'utf8'));

const ascii = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]*[!-~][ -~]*$' };
const valid = new Ajv2020.default({ allErrors: true, strict: false }).compile({
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer', minimum: 1.6e12 },
        CloudWatchMetrics: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', pattern: '^[A-Za-z0-9._/#:-]{1,255}$' },
              Dimensions: { type: 'array', minItems: 1, items: { type: 'array', minItems: 1, maxItems: 9, uniqueItems: true, items: ascii } },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['Name', 'Unit'],
                  properties: { Name: ascii, Unit: { enum: ['Seconds', 'Bytes', 'Count', 'None'] } },
                },
              },
            },
          },
        },
      },
    },
  },
});

const isNumber = (/** @type {unknown} */ value) =>
  typeof value === 'number' && Number.isFinite(value) && (value === 0 || (Math.abs(value) > 8.52e-109 && Math.abs(value) < 1.17e108));

/** @param {any} value */
const isValue = (value) =>
  isNumber(value) ||
  (value?.Values?.length > 0 &&
    value.Values.length <= 100 &&
    value.Values.length === value.Counts?.length &&
    [...value.Values, ...value.Counts].every(isNumber) &&
    value.Counts.every((/** @type {number} */ count) => count > 0));

/** The names that a line tells of; throws when CloudWatch would not take it. @param {string} line @returns {string[]} */
function metricsOf(line) {
  assert.ok(line.length < 1024 * 1024, 'an event of CloudWatch Logs');
  const root = JSON.parse(line);
  assert.ok(valid(root), `${JSON.stringify(valid.errors)} in ${line.slice(0, 300)}`);
  const [{ Dimensions, Metrics }] = root._aws.CloudWatchMetrics;
  for (const name of Dimensions.flat()) {
    assert.ok(typeof root[name] === 'string' && new RegExp(ascii.pattern).test(root[name]), `the dimension ${name}`);
  }
  for (const { Name } of Metrics) assert.ok(isValue(root[Name]), `${Name}: ${JSON.stringify(root[Name])}`);
  return Metrics.map((/** @type {{Name: string}} */ { Name }) => Name);
}

/** @param {string} text */
const linesOf = (text) => text.split('\n').filter((line) => line !== '');
/** @param {string} stdout */
const emfOf = (stdout) => linesOf(stdout).filter((line) => line.startsWith('{'));

/** What the alarms of this program measure. @param {string} program */
const metricsOfAlarms = (program) =>
  alarms
    .filter((/** @type {any} */ alarm) => alarm.programs.includes(program))
    .flatMap((/** @type {any} */ { measure }) => ['of', 'part', 'whole', 'waiting', 'progress'].map((part) => measure[part]?.metric))
    .filter(Boolean);

/** @param {string} program @param {string} stdout @param {string} stderr */
function check(program, stdout, stderr) {
  const names = new Set(emfOf(stdout).flatMap(metricsOf));
  for (const name of metricsOfAlarms(program)) {
    assert.ok(names.has(name), `${program} tells nothing of ${name}`);
  }
  for (const line of linesOf(stderr)) assert.equal(typeof JSON.parse(line).event, 'string', line);
  for (const line of linesOf(stdout)) assert.ok(line.startsWith('{') || !line.includes('_aws'), line);
}

const settings = { ORDERFLOW_METRICS: 'emf', ORDERFLOW_METRICS_SECONDS: '1', ORDERFLOW_LOG_LEVEL: 'debug' };

/** @param {string} url */
async function order(url) {
  const answer = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      currency: 'EUR',
      items: [{ sku: 'PA-BLOT-10', quantity: 1 }],
      customer: { name: 'Ada Example', email: 'ada@example.com' },
      shipping_address: { line1: '1 Paper Street', city: 'Berlin', postal_code: '10115', country: 'DE' },
      payment: { mode: 'token', token: 'tok_ok' },
    }),
  });
  assert.equal(answer.status, 202, await answer.text());
}

describe('metrics on stdout', () => {
  test('of orderflow', async () => {
    const program = await startProgram(settings);
    await order(program.url);
    await program.waitForStdout((text) => emfOf(text).some((line) => line.includes('orderflow_order_time_to_settled_seconds')));
    assert.equal(await program.stop(), 0);
    check('orderflow', program.stdout(), program.stderr());
    const accepted = emfOf(program.stdout())
      .map((line) => JSON.parse(line).orderflow_orders_accepted_total)
      .filter((value) => value !== undefined);
    assert.equal(accepted.reduce((sum, value) => sum + value, 0), 1, 'counters are differences');
  });

  test('of the services', async () => {
    const services = await startServices(settings);
    await order(services.urls['api-service']);
    assert.deepEqual(await services.stop(), [0, 0, 0]);
    for (const [program, { stdout, stderr }] of Object.entries(services.printed())) {
      assert.ok(emfOf(stdout).length > 0, program);
      check(program, stdout, stderr);
    }
  });

  test('and none without the setting', async () => {
    const program = await startProgram();
    assert.equal(await program.stop(), 0);
    assert.deepEqual(emfOf(program.stdout()), []);
  });
});

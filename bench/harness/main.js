// ./dev bench: measures the budgets, prints them and writes the record.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Context } from "./context.js";
import { accepting } from "./measures/accepting.js";
import { backlog } from "./measures/backlog.js";
import { deepQueue } from "./measures/deep_queue.js";
import { farQueue } from "./measures/far_queue.js";
import { flashSale } from "./measures/flash_sale.js";
import { latency } from "./measures/latency.js";
import { postgres } from "./measures/postgres.js";
import { queueSpeed } from "./measures/queue_speed.js";
import { searching } from "./measures/search.js";
import { throughput } from "./measures/throughput.js";
import { parseOptions, usage } from "./options.js";
import { record } from "./report/record.js";
import { remarks, summarize } from "./report/summary.js";
import { textBesides, textTable } from "./report/table.js";
import { writeResult } from "./report/write.js";
import { Skipped } from "./skipped.js";
import { machine, versions } from "./system/machine.js";
import { killAll } from "./system/program.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const measures = [
  throughput,
  accepting,
  latency,
  postgres,
  flashSale,
  backlog,
  deepQueue,
  farQueue,
  queueSpeed,
  searching,
];

/** @returns {import("./options.js").Options} */
function optionsOrExit() {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parseOptions(args);
  } catch (error) {
    process.stderr.write(`error: ${/** @type {Error} */ (error).message}\n${usage}`);
    process.exit(2);
  }
}

/**
 * A measure that breaks leaves the others their figures.
 * @param {(typeof measures)[number]} measure @returns {Promise<import("./report/summary.js").Measured>}
 */
async function measureOrFail(measure) {
  try {
    return await measure.run(context);
  } catch (error) {
    await killAll();
    const failure = `${measure.name}: ${/** @type {Error} */ (error).message}`;
    process.stderr.write(`      ${failure}\n`);
    const values = Object.fromEntries(measure.budgets.map((id) => [id, [NaN]]));
    return { ...(error instanceof Skipped ? { skipped: failure } : { failure }), values, runs: [] };
  }
}

const options = optionsOrExit();
const context = new Context(options, process.env.ORDERFLOW_BIN ?? `${root}build/release/bin/orderflow`);
const date = new Date();
const measured = [];
for (const measure of measures) {
  if (measure.budgets.some((id) => context.wants(id))) measured.push(await measureOrFail(measure));
}
const lines = summarize(measured, options.only);
const besides = measured.flatMap((one) => one.besides ?? []);
const result = record({
  date,
  options,
  machine: machine(context.freshDir("empty")),
  versions: versions(root),
  lines,
  besides,
  runs: measured.flatMap(({ runs }) => runs),
});
context.removeDirs();
const folder = writeResult(`${root}bench/results`, result, lines, !options.quick && options.only.length === 0);

console.log(`\n${textTable(lines)}\n`);
if (besides.length > 0) console.log(`${textBesides(besides)}\n`);
for (const remark of remarks(lines, "flags")) console.log(`not valid: ${remark}`);
for (const remark of remarks(lines, "notes")) console.log(`note: ${remark}`);
console.log(`${relative(process.cwd(), folder)}/latest.json, latest.md, latest.svg`);
if (options.check && lines.some(({ verdict }) => verdict === "missed" || verdict === "invalid")) process.exitCode = 1;

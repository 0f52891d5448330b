// Puts a result on the disk: a short or partial run under local/ (not kept in git), a full one as the latest.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digits } from "../figures.js";
import { median } from "../statistics.js";
import { chart } from "./chart.js";
import { recordName } from "./record.js";
import { markdownBesides, markdownTable } from "./table.js";

/** @param {ReturnType<import("./record.js").record>} result */
function captions({ machine, versions, rounds, secondsPerRound, backlog, date, quick }) {
  const { cpu, cores, memoryGb, kernel, fileSystem } = /** @type {any} */ (machine);
  const { orderflow, sqlite, ...others } = versions;
  const peers = Object.entries(others).map(([name, version]) => `${name} ${version}`);
  const length =
    rounds === 1 ? `one round of ${secondsPerRound} s` : `median of ${rounds} rounds of ${secondsPerRound} s`;
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, ${fileSystem}, Linux ${kernel}; the load generator runs on it too`,
    `orderflow ${orderflow}, SQLite ${sqlite}; ${date.slice(0, 10)}; ${length}; backlog of ${digits(backlog)}`,
    `compared with ${peers.join(", ")}`,
    ...(quick ? ["A quick run: it proves no figure."] : []),
  ];
}

/** @param {import("../runs.js").Run[]} runs */
function race(runs) {
  const rates = (/** @type {string} */ side) =>
    runs
      .filter((run) => run.side === side && "settledPerSecond" in run.figures)
      .map(({ figures }) => figures.settledPerSecond);
  const sides = [
    { name: "orderflow", perSecond: median(rates("orderflow")), style: "aim" },
    { name: "three services", perSecond: median(rates("three services")), style: "must" },
    { name: "original design", perSecond: median(rates("original design")), style: "other" },
  ];
  const there = sides.filter(({ perSecond }) => Number.isFinite(perSecond));
  return there.length > 1 ? there : [];
}

/**
 * @param {string} folder bench/results
 * @param {ReturnType<import("./record.js").record>} result
 * @param {import("./summary.js").Line[]} lines
 * @param {boolean} whole every budget was measured at full length
 * @returns {string} the folder it went to
 */
export function writeResult(folder, result, lines, whole) {
  const target = whole ? folder : join(folder, "local");
  mkdirSync(target, { recursive: true });
  const json = JSON.stringify(result, null, 1) + "\n";
  const notes = captions(result);
  const put = (/** @type {string} */ name, /** @type {string} */ content) => writeFileSync(join(target, name), content);
  put(`${recordName(new Date(result.date), result.versions.orderflow)}.json`, json);
  put("latest.json", json);
  const tables = [markdownTable(lines), ...(result.besides.length > 0 ? [markdownBesides(result.besides)] : [])];
  put("latest.md", `${[...tables, notes.join("  \n")].join("\n\n")}\n`);
  put("latest.svg", chart({ lines, sides: race(result.runs), captions: notes }));
  return target;
}

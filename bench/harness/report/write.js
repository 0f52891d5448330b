// Puts a result on the disk: a short or partial run under local/ (not kept in git), a full one as the latest.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digits } from "../figures.js";
import { median } from "../statistics.js";
import { chart } from "./chart.js";
import { recordName } from "./record.js";
import { markdownTable } from "./table.js";

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
      .filter((run) => run.measure === "throughput" && run.side === side)
      .map(({ figures }) => figures.settledPerSecond);
  const sides = [
    { name: "orderflow", perSecond: median(rates("orderflow")), style: "aim" },
    { name: "original design", perSecond: median(rates("original design")), style: "other" },
  ];
  return sides.every(({ perSecond }) => Number.isFinite(perSecond)) ? sides : [];
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
  put("latest.md", `${markdownTable(lines)}\n\n${notes.join("  \n")}\n`);
  put("latest.svg", chart({ lines, sides: race(result.runs), captions: notes }));
  return target;
}

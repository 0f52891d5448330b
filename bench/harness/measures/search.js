// B14, B14p: pages of orders, as operators ask for them, when there are very many.
import { Program } from "../system/program.js";

/** @typedef {{orders: number, p95_ms: number, searches: {search: string, p50_ms: number, p95_ms: number}[]}} Times */

/**
 * @param {import("../context.js").Context} context @param {string} side @param {string[]} args
 * @returns {Promise<{run: import("../runs.js").Run, times: Times}>}
 */
async function search(context, side, args) {
  const { quick } = context.options;
  const sizes = ["--orders", quick ? "20000" : "1000000", "--searches", quick ? "50" : "300"];
  const program = new Program(context.program("order-search"), [...args, ...sizes]);
  const [text] = await program.line(/^\{.*\}$/);
  const times = /** @type {Times} */ (JSON.parse(text));
  if ((await program.ended) !== 0) throw new Error(`order-search: ${program.output}`);
  const figures = Object.fromEntries(times.searches.map(({ search: name, p95_ms }) => [name, p95_ms]));
  return { run: { measure: "search", side, round: 1, flags: [], notes: [], figures }, times };
}

export const searching = {
  name: "search",
  budgets: ["B14", "B14p"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    /** @type {Record<string, number[]>} */
    const values = {};
    if (context.wants("B14")) {
      const dir = context.freshDir("search");
      const { run, times } = await context.step("search: SQLite", () => search(context, "SQLite", ["--dir", dir]));
      runs.push(run);
      values.B14 = [times.p95_ms];
    }
    if (context.wants("B14p")) {
      const { run, times } = await context.step("search: PostgreSQL", () =>
        search(context, "PostgreSQL", ["--postgres"]),
      );
      runs.push(run);
      values.B14p = [times.p95_ms];
    }
    return { runs, values };
  },
};

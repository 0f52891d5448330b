// B11: as many orders as the machine carries, from POST to settled, with the order store in PostgreSQL beside it.
import { OrderflowOnPostgres } from "../sides/orderflow_on_postgres.js";
import { processTimes, stopped, underFullLoad } from "./throughput.js";

export const postgres = {
  name: "PostgreSQL",
  budgets: ["B11"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      const one = async () => {
        const side = await OrderflowOnPostgres.startWithServer(context.binary, context.freshDir("postgres"));
        return stopped(side, await underFullLoad(context, "PostgreSQL", side, round));
      };
      runs.push(await context.step(`PostgreSQL, round ${round}`, one));
    }
    return {
      runs,
      values: { B11: runs.map(({ figures }) => figures.settledPerSecond) },
      besides: processTimes(runs),
    };
  },
};

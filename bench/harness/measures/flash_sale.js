// B12: everybody wants one product of which there is not enough.
import { generate } from "../generator.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Orderflow, query } from "../sides/orderflow.js";
import { until } from "../system/until.js";

const sku = "PN-FOUNT-M";

/** @param {import("../context.js").Context} context @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function ours(context, round) {
  const dataDir = context.freshDir("flash-sale");
  const side = await Orderflow.start(context.binary, dataDir);
  const quantity = context.options.quick ? 100 : 8;
  let lastReservation = 0;
  let reserved = 0;
  let over = false;
  const watch = stopwatch(side.pids());
  const load = generate(context, {
    url: side.url,
    seconds: context.options.seconds,
    seed: round,
    hotSku: sku,
    quantity,
  }).finally(() => (over = true));
  await until(
    async () => {
      const now = await side.settled("confirmed");
      if (now > reserved) lastReservation = watch.seconds();
      reserved = now;
      return over && (await side.settled()) >= (await side.accepted());
    },
    "every order of the sale is settled",
    { atMost: 180_000, every: 50 },
  );
  const offered = await load;
  const { flags, notes } = judgeLoad(offered, watch.foreign(offered.cpuSeconds));
  const rejected = await side.settled("rejected");
  await side.stop();

  const stock = query(dataDir, "SELECT on_hand, reserved FROM products WHERE sku = ?", sku);
  const oversold = Math.max(0, stock.reserved - stock.on_hand, reserved * quantity - stock.on_hand);
  if (oversold > 0) flags.push(`${oversold} units oversold`);
  if (rejected === 0) flags.push("the stock was never sold out");
  return {
    measure: "flash sale",
    side: side.name,
    round,
    flags,
    notes,
    figures: {
      accepted: offered.accepted,
      reservations: reserved,
      rejected,
      oversold,
      reservationsPerSecond: reserved / lastReservation,
    },
  };
}

export const flashSale = {
  name: "flash sale",
  budgets: ["B12"],
  /** @param {import("../context.js").Context} context */
  async run(context) {
    const runs = [];
    for (let round = 1; round <= context.options.rounds; round += 1) {
      runs.push(await context.step(`flash sale, round ${round}`, () => ours(context, round)));
    }
    return { runs, values: { B12: runs.map(({ figures }) => figures.reservationsPerSecond) } };
  },
};

// B12: everybody wants one product of which there is not enough.
import { generate } from "../generator.js";
import { postOrder } from "../first_accepted.js";
import { judgeLoad, stopwatch } from "../runs.js";
import { Orderflow, query } from "../sides/orderflow.js";
import { becomes } from "../system/until.js";

const sku = "PN-FOUNT-M";

/**
 * Leaves so few pieces that they are sold out before the load ends: one buyer takes all others.
 * @param {Orderflow} side @param {number} pieces
 */
async function leave(side, pieces) {
  const { data } = /** @type {any} */ (await (await fetch(`${side.url}/v1/products`)).json());
  const { available } = data.find((/** @type {any} */ product) => product.sku === sku);
  await postOrder(side.url, sku, available - pieces);
}

/** Follows the sale to its end. @param {Orderflow} side @param {() => boolean} offered @param {() => number} seconds */
async function follow(side, offered, seconds) {
  const before = await side.settled("confirmed");
  let reservations = 0;
  let lastAt = 0;
  const complete = await becomes(
    async () => {
      const now = (await side.settled("confirmed")) - before;
      if (now > reservations) lastAt = seconds();
      reservations = now;
      return offered() && (await side.settled()) >= (await side.accepted());
    },
    { atMost: 180_000, every: 50 },
  );
  return { reservations, lastAt, complete };
}

/** @param {import("../context.js").Context} context @param {number} round @returns {Promise<import("../runs.js").Run>} */
async function ours(context, round) {
  const { seconds, quick } = context.options;
  const pieces = seconds * (quick ? 500 : 4000);
  const dataDir = context.freshDir("flash-sale");
  const side = await Orderflow.start(context.binary, dataDir);
  await generate(context, { url: side.url, seconds: context.warmUpSeconds, seed: 1000 + round });
  const idle = () => becomes(async () => (await side.settled()) >= (await side.accepted()));
  await idle();
  await leave(side, pieces);
  await idle();

  let over = false;
  const watch = stopwatch(side.pids());
  const offering = generate(context, { url: side.url, seconds, seed: round, hotSku: sku }).finally(() => (over = true));
  const { reservations, lastAt, complete } = await follow(side, () => over, watch.seconds);
  const load = await offering;
  const { flags, notes } = judgeLoad(load, watch.foreign(load.cpuSeconds));
  const rejected = await side.settled("rejected");
  await side.stop();

  const stock = query(dataDir, "SELECT on_hand, reserved FROM products WHERE sku = ?", sku);
  const oversold = Math.max(0, stock.reserved - stock.on_hand, reservations - pieces);
  if (!complete) flags.push("orders were accepted and not settled");
  if (oversold > 0) flags.push(`${oversold} pieces oversold`);
  if (reservations < pieces || rejected === 0) flags.push(`${reservations} of ${pieces} pieces were sold`);
  return {
    measure: "flash sale",
    side: side.name,
    round,
    flags,
    notes,
    figures: {
      accepted: load.accepted,
      pieces,
      reservations,
      rejected,
      oversold,
      reservationsPerSecond: reservations / lastAt,
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

// Our side: the `orderflow` program on a data directory of its own.
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { Program } from "../system/program.js";
import { sumOf } from "../system/prometheus.js";

export class Orderflow {
  /** @param {string} binary @param {string} dataDir @param {{worker?: boolean, databaseUrl?: string}} [options] */
  static async start(binary, dataDir, { worker = true, databaseUrl } = {}) {
    const program = new Program(binary, [], {
      ORDERFLOW_LISTEN: "127.0.0.1:0",
      ORDERFLOW_DATA_DIR: dataDir,
      ORDERFLOW_WORKER: worker ? "on" : "off",
      ORDERFLOW_LOG_LEVEL: "warning",
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    });
    const [, url] = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new Orderflow(program, url, dataDir);
  }

  /** @param {Program} program @param {string} url @param {string} dataDir */
  constructor(program, url, dataDir) {
    this.name = "orderflow";
    this.program = program;
    this.url = url;
    this.dataDir = dataDir;
  }

  pids() {
    return [this.program.pid];
  }

  async metrics() {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /** Orders settled since the start. @param {string} [status] */
  async settled(status) {
    return sumOf(await this.metrics(), "orderflow_orders_settled_total", status ? `status="${status}"` : "");
  }

  /** Orders accepted since the start. */
  async accepted() {
    return sumOf(await this.metrics(), "orderflow_orders_accepted_total");
  }

  /** Orders on the queue that no worker has. */
  async waiting() {
    return sumOf(await this.metrics(), "orderflow_queue_visible_messages", 'queue="orders"');
  }

  stop() {
    return this.program.stop();
  }

  kill() {
    return this.program.kill();
  }

  /** After stop(): orders that the store holds. */
  stored() {
    return query(this.dataDir, "SELECT count(*) AS n FROM orders").n;
  }
}

/** One row of the stopped program's order store. @param {string} dataDir @param {string} sql @param {any[]} values */
export function query(dataDir, sql, ...values) {
  const store = new DatabaseSync(join(dataDir, "orders.db"), { readOnly: true });
  try {
    return /** @type {any} */ (store.prepare(sql).get(...values));
  } finally {
    store.close();
  }
}

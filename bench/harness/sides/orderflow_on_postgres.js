// Our side with its orders in PostgreSQL on the same machine.
import { Orderflow } from "./orderflow.js";
import { PostgresServer } from "./postgres_server.js";

export class OrderflowOnPostgres extends Orderflow {
  /** @param {string} binary @param {string} dataDir */
  static async startWithServer(binary, dataDir) {
    const server = await PostgresServer.start(dataDir);
    const { program, url } = await Orderflow.start(binary, dataDir, { databaseUrl: server.url });
    return new OrderflowOnPostgres(program, url, dataDir, server);
  }

  /** @param {import("../system/program.js").Program} program @param {string} url @param {string} dataDir @param {PostgresServer} server */
  constructor(program, url, dataDir, server) {
    super(program, url, dataDir);
    this.name = "orderflow on PostgreSQL";
    this.server = server;
    this.kept = 0;
  }

  processes() {
    return [{ name: "orderflow", pids: () => [this.program.pid] }, this.server];
  }

  pids() {
    return this.processes().flatMap((process) => process.pids());
  }

  async stop() {
    const code = await super.stop();
    this.kept = Number(this.server.value("SELECT count(*) FROM orders"));
    await this.server.stop();
    return code;
  }

  /** After stop(): orders that the store holds. */
  stored() {
    return this.kept;
  }
}

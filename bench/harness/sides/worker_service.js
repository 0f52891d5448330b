// The `worker-service` program: takes the orders of a queue, settles them in a store of its own.
import { Program } from "../system/program.js";
import { sumOf } from "../system/prometheus.js";

export class WorkerService {
  /** @param {string} binary @param {string} dataDir @param {string} queueUrl */
  static async start(binary, dataDir, queueUrl) {
    const program = new Program(binary, [], {
      ORDERFLOW_QUEUE_URL: queueUrl,
      ORDERFLOW_WORKER_LISTEN: "127.0.0.1:0",
      ORDERFLOW_DATA_DIR: dataDir,
      ORDERFLOW_LOG_LEVEL: "warning",
    });
    const [, url] = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new WorkerService(program, url);
  }

  /** @param {Program} program @param {string} url of /metrics */
  constructor(program, url) {
    this.name = "worker-service";
    this.program = program;
    this.url = url;
  }

  pids() {
    return [this.program.pid];
  }

  /** Orders settled since the start. */
  async settled() {
    return sumOf(await (await fetch(`${this.url}/metrics`)).text(), "orderflow_orders_settled_total");
  }

  stop() {
    return this.program.stop();
  }

  kill() {
    return this.program.kill();
  }
}

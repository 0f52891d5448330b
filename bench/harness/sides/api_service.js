// The `api-service` program: takes orders over HTTP and sends them to a queue.
import { Program } from "../system/program.js";
import { sumOf } from "../system/prometheus.js";

export class ApiService {
  /** @param {string} binary @param {string} dataDir the worker's, for its store @param {string} queueUrl */
  static async start(binary, dataDir, queueUrl) {
    const program = new Program(binary, [], {
      ORDERFLOW_QUEUE_URL: queueUrl,
      ORDERFLOW_LISTEN: "127.0.0.1:0",
      ORDERFLOW_DATA_DIR: dataDir,
      ORDERFLOW_LOG_LEVEL: "warning",
    });
    const [, url] = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new ApiService(program, url);
  }

  /** @param {Program} program @param {string} url */
  constructor(program, url) {
    this.name = "api-service";
    this.program = program;
    this.url = url;
  }

  pids() {
    return [this.program.pid];
  }

  /** Orders accepted since the start. */
  async accepted() {
    return sumOf(await (await fetch(`${this.url}/metrics`)).text(), "orderflow_orders_accepted_total");
  }

  stop() {
    return this.program.stop();
  }
}

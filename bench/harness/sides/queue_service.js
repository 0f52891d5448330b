// Our queue by itself: the `queue-service` program on a data directory of its own.
import { Program } from "../system/program.js";
import { sumOf } from "../system/prometheus.js";

export class QueueService {
  /** @param {string} binary @param {string} dataDir */
  static async start(binary, dataDir) {
    const program = new Program(binary, [], {
      ORDERFLOW_SQS_LISTEN: "127.0.0.1:0",
      ORDERFLOW_DATA_DIR: dataDir,
      ORDERFLOW_LOG_LEVEL: "warning",
    });
    const [, endpoint] = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new QueueService(program, endpoint);
  }

  /** @param {Program} program @param {string} endpoint */
  constructor(program, endpoint) {
    this.name = "queue-service";
    this.program = program;
    this.endpoint = endpoint;
    this.queueUrl = `${endpoint}/000000000000/orders`;
  }

  pids() {
    return [this.program.pid];
  }

  /** Orders that nobody has received. */
  async waiting() {
    const metrics = await (await fetch(`${this.endpoint}/metrics`)).text();
    return sumOf(metrics, "orderflow_queue_visible_messages", 'queue="orders"');
  }

  stop() {
    return this.program.stop();
  }

  kill() {
    return this.program.kill();
  }
}

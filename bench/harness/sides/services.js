// Our side as the original design has it: queue-service, worker-service and api-service, a process each, that talk the
// Amazon SQS protocol.
import { join } from "node:path";
import { ApiService } from "./api_service.js";
import { query } from "./orderflow.js";
import { QueueService } from "./queue_service.js";
import { WorkerService } from "./worker_service.js";

export class Services {
  /** @param {{program: (name: string) => string}} context @param {string} dataDir */
  static async start(context, dataDir) {
    const queue = await QueueService.start(context.program("queue-service"), join(dataDir, "queue"));
    const worker = await WorkerService.start(context.program("worker-service"), dataDir, queue.queueUrl);
    const api = await ApiService.start(context.program("api-service"), dataDir, queue.queueUrl);
    return new Services({ api, worker, queue }, dataDir);
  }

  /** @param {{api: ApiService, worker: WorkerService, queue: QueueService}} parts @param {string} dataDir */
  constructor(parts, dataDir) {
    this.name = "three services";
    this.parts = parts;
    this.url = parts.api.url;
    this.dataDir = dataDir;
  }

  /** @returns {{name: string, pids: () => number[]}[]} */
  processes() {
    return Object.values(this.parts);
  }

  pids() {
    return this.processes().flatMap((process) => process.pids());
  }

  settled() {
    return this.parts.worker.settled();
  }

  accepted() {
    return this.parts.api.accepted();
  }

  async stop() {
    const { api, worker, queue } = this.parts;
    await api.stop();
    await worker.stop();
    await queue.stop();
  }

  /** After stop(): orders that the store holds. */
  stored() {
    return query(this.dataDir, "SELECT count(*) AS n FROM orders").n;
  }
}

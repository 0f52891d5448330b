// The original design's stack (bench/peers): API, queue emulator and worker, a process each.
import { fileURLToPath } from "node:url";
import { Program } from "../system/program.js";

const peers = fileURLToPath(new URL("../../peers/", import.meta.url));

/** @param {string} file @param {Record<string, string>} environment */
async function startPart(file, environment) {
  const program = new Program(process.execPath, [peers + file], { NODE_ENV: "production", ...environment });
  const [line] = await program.line(/\{"ready":.*\}/);
  return { program, ...JSON.parse(line) };
}

export class Original {
  static async start() {
    const emulator = await startPart("emulator.js", {});
    const queue = { SQS_ENDPOINT: emulator.endpoint, QUEUE_URL: emulator.queueUrl };
    const worker = await startPart("worker.js", queue);
    const api = await startPart("api.js", queue);
    return new Original(api, emulator, worker);
  }

  /** @param {any} api @param {any} emulator @param {any} worker */
  constructor(api, emulator, worker) {
    this.name = "original design";
    this.parts = [api, worker, emulator];
    this.url = api.url;
    this.countUrl = worker.url;
  }

  pids() {
    return this.parts.map(({ program }) => program.pid);
  }

  /** Orders processed and deleted since the start; it has no store, so nothing is kept of them. */
  async settled() {
    const { processed } = await (await fetch(this.countUrl)).json();
    return processed;
  }

  async stop() {
    for (const { program } of this.parts) await program.stop();
  }
}

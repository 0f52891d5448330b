// The SQS emulators of npm (bench/peers), a process each; what they hold is in memory.
import { fileURLToPath } from "node:url";
import { Program } from "../system/program.js";

const peers = fileURLToPath(new URL("../../peers/", import.meta.url));
const files = { "local-aws-sqs": "emulator.js", fauxqs: "fauxqs.js" };

export const emulators = /** @type {(keyof typeof files)[]} */ (Object.keys(files));

export class Emulator {
  /** @param {keyof typeof files} name */
  static async start(name) {
    const program = new Program(process.execPath, [peers + files[name]], { NODE_ENV: "production" });
    const [line] = await program.line(/\{"ready":.*\}/);
    return new Emulator(name, program, JSON.parse(line).queueUrl);
  }

  /** @param {string} name @param {Program} program @param {string} queueUrl */
  constructor(name, program, queueUrl) {
    this.name = name;
    this.program = program;
    this.queueUrl = queueUrl;
  }

  pids() {
    return [this.program.pid];
  }

  stop() {
    return this.program.stop();
  }
}

// A server that is far away: `delay-proxy` in front of it.
import { Program } from "../system/program.js";

export class DelayProxy {
  /** @param {string} binary @param {string} serverUrl on 127.0.0.1 @param {number} delayMs */
  static async start(binary, serverUrl, delayMs) {
    const { port } = new URL(serverUrl);
    const program = new Program(binary, ["--to", port, "--delay-ms", String(delayMs)]);
    const [, url] = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new DelayProxy(program, url);
  }

  /** @param {Program} program @param {string} url */
  constructor(program, url) {
    this.name = "delay-proxy";
    this.program = program;
    this.url = url;
  }

  pids() {
    return [this.program.pid];
  }

  kill() {
    return this.program.kill();
  }
}

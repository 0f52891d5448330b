// nginx answering a constant 202: what accepting the same requests costs without doing anything with them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { Program } from "../system/program.js";
import { becomes } from "../system/until.js";

const template = fileURLToPath(new URL("../../peers/nginx.conf", import.meta.url));

/** @returns {Promise<number>} nginx takes no port 0 */
function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => found(port));
    });
  });
}

export class Nginx {
  /** @param {string} dataDir */
  static async start(dataDir) {
    const prefix = resolve(dataDir);
    mkdirSync(prefix, { recursive: true });
    const port = await freePort();
    const file = join(prefix, "nginx.conf");
    writeFileSync(file, readFileSync(template, "utf8").replaceAll("@port@", String(port)));
    const program = new Program("nginx", ["-p", prefix, "-c", file, "-e", "stderr"]);
    const url = `http://127.0.0.1:${port}`;
    let ended = false;
    program.ended.then(() => (ended = true));
    const answers = () =>
      fetch(url).then(
        () => true,
        () => ended,
      );
    if (!(await becomes(answers)) || ended) throw new Error(`nginx does not answer:\n${program.output}`);
    return new Nginx(program, url);
  }

  /** @param {Program} program @param {string} url */
  constructor(program, url) {
    this.name = "nginx";
    this.program = program;
    this.url = url;
  }

  pids() {
    return [this.program.pid];
  }

  stop() {
    return this.program.stop();
  }
}

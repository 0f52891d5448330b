// A program that is started, says that it is ready on stdout, and is stopped.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** @type {Set<import("node:child_process").ChildProcess>} */
const alive = new Set();
process.on("exit", () => alive.forEach((child) => child.kill("SIGTERM")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

/** Ends what a measure that broke has left running: it would disturb the next one and keep this process alive. */
export async function killAll() {
  const ended = [...alive].map((child) => new Promise((resolve) => child.once("exit", resolve)));
  alive.forEach((child) => child.kill("SIGKILL"));
  await Promise.all(ended);
}

export class Program {
  /**
   * @param {string} command
   * @param {string[]} args
   * @param {Record<string, string>} [environment] on top of ours, of which no ORDERFLOW_ setting is passed on
   * @param {{uid?: number, gid?: number}} [user] whom it runs as; ours without
   */
  constructor(command, args, environment = {}, user = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("ORDERFLOW_"));
    this.name = command;
    this.output = "";
    this.child = spawn(command, args, {
      ...user,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    alive.add(this.child);
    /** @type {Promise<number>} the exit code; minus one for a signal */
    this.ended = new Promise((resolve) => {
      this.child.once("exit", (code) => {
        alive.delete(this.child);
        resolve(code ?? -1);
      });
      this.child.once("error", (error) => {
        alive.delete(this.child);
        this.output += error.message;
        resolve(-1);
      });
    });
    this.lines = createInterface({ input: this.child.stdout });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on("data", (chunk) => {
        this.output = (this.output + chunk).slice(-4000);
      });
    }
  }

  get pid() {
    return this.child.pid ?? 0;
  }

  /**
   * Waits for a line on stdout.
   * @param {RegExp} pattern
   * @returns {Promise<RegExpExecArray>} @throws when the program ends before
   */
  async line(pattern) {
    return new Promise((resolve, reject) => {
      this.lines.on("line", (line) => {
        const match = pattern.exec(line);
        if (match) resolve(match);
      });
      this.ended.then((code) =>
        reject(new Error(`${this.name} ended with ${code} before it was ready:\n${this.output}`)),
      );
    });
  }

  /** @returns {Promise<number>} the exit code */
  async stop() {
    this.child.kill("SIGTERM");
    return this.ended;
  }

  async kill() {
    this.child.kill("SIGKILL");
    return this.ended;
  }
}

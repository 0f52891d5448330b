// What every measure gets: the options, the program, fresh directories, and a line of progress for each step.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export class Context {
  /** @param {import("./options.js").Options} options @param {string} binary */
  constructor(options, binary) {
    this.options = options;
    this.binary = binary;
    this.warmUpSeconds = options.quick ? 1 : 3;
    this.began = performance.now();
  }

  /** Another program of ours, from the same build. @param {string} name */
  program(name) {
    return join(dirname(this.binary), name);
  }

  /** @param {string} id of a budget */
  wants(id) {
    return this.options.only.length === 0 || this.options.only.includes(id);
  }

  /** An empty directory on the disk that is measured; the last one of that name is removed. @param {string} name */
  freshDir(name) {
    const path = resolve(join(this.options.dataDir, name));
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    return path;
  }

  removeDirs() {
    rmSync(resolve(this.options.dataDir), { recursive: true, force: true });
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(name, work) {
    const at = Math.round((performance.now() - this.began) / 1000);
    const clock = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")}`;
    process.stderr.write(`${clock}  ${name}\n`);
    return work();
  }
}

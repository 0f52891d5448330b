// A process that may use a part of one processor only: a control group of Linux, version 1 or 2, which needs root.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Skipped } from "../skipped.js";

const periodUs = 100_000; // of a container's quota, when nothing else is said

/**
 * Where groups with a CPU quota are made.
 * @param {string} mounts /proc/mounts
 * @returns {{version: 1 | 2, path: string} | undefined}
 */
export function cpuController(mounts) {
  const lines = mounts.split("\n").map((line) => line.split(" "));
  const first = lines.find(([, , type, options]) => type === "cgroup" && options.split(",").includes("cpu"));
  if (first) return { version: 1, path: first[1] };
  const second = lines.find(([, , type]) => type === "cgroup2");
  return second && { version: 2, path: second[1] };
}

/** What is written into which file of a group. @param {1 | 2} version @param {number} share of one processor */
export function quotaSettings(version, share) {
  const quota = String(Math.round(share * periodUs));
  return version === 1
    ? [
        ["cpu.cfs_period_us", String(periodUs)],
        ["cpu.cfs_quota_us", quota],
      ]
    : [["cpu.max", `${quota} ${periodUs}`]];
}

export class CpuQuota {
  /** @param {string} name of the group @param {number} share of one processor @throws {Skipped} where the machine does not permit it */
  constructor(name, share) {
    const controller = cpuController(readFileSync("/proc/mounts", "utf8"));
    if (!controller) throw new Skipped("the machine has no control groups, which a part of a core needs");
    this.path = join(controller.path, name);
    try {
      if (controller.version === 2) writeFileSync(join(controller.path, "cgroup.subtree_control"), "+cpu");
      if (!existsSync(this.path)) mkdirSync(this.path);
      for (const [file, value] of quotaSettings(controller.version, share)) writeFileSync(join(this.path, file), value);
    } catch (error) {
      throw new Skipped(`a part of a core needs a control group: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** With all of its threads. @param {number} pid */
  hold(pid) {
    writeFileSync(join(this.path, "cgroup.procs"), String(pid));
  }

  /** A group in which something still runs, after a failure, is left for the next measurement. */
  remove() {
    try {
      rmdirSync(this.path);
    } catch {
      // see above
    }
  }
}

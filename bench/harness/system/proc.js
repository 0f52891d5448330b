// What the kernel knows of running processes: CPU time, memory, threads, children. From /proc.
import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ, part of Linux's interface to programs on every architecture we run on

/**
 * One line of /proc/PID/stat. The name stands in parentheses and may hold anything, also parentheses.
 * @param {string} line
 */
export function parseStat(line) {
  const name = line.slice(line.indexOf("(") + 1, line.lastIndexOf(")"));
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return {
    name,
    parent: Number(fields[1]),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
  };
}

/** A size of /proc/PID/status in bytes. @param {string} status @param {"VmHWM" | "VmRSS"} field */
export function parseMemory(status, field) {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
  return found ? Number(found[1]) * 1024 : 0;
}

/** @param {string} path @returns {string | undefined} nothing when the process has gone */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The process and all that descend from it. @param {number} root @returns {number[]} */
export function processTree(root) {
  const parents = new Map();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    if (stat) parents.set(Number(entry), parseStat(stat).parent);
  }
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  return tree;
}

/** CPU time of living processes with their living children, in seconds. @param {number[]} roots */
export function cpuSeconds(roots) {
  let total = 0;
  for (const pid of roots.flatMap(processTree)) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat) total += parseStat(stat).cpuSeconds;
  }
  return total;
}

/** @param {number[]} roots @param {"VmHWM" | "VmRSS"} field the peak or the present resident size @returns bytes */
export function residentBytes(roots, field) {
  let total = 0;
  for (const pid of roots.flatMap(processTree)) total += parseMemory(read(`/proc/${pid}/status`) ?? "", field);
  return total;
}

/** @param {string} path @returns {string[]} none when the process has gone */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** @param {number} pid @returns {{name: string, seconds: number}[]} CPU time of each living thread */
export function threadSeconds(pid) {
  const threads = [];
  for (const thread of list(`/proc/${pid}/task`)) {
    const stat = read(`/proc/${pid}/task/${thread}/stat`);
    if (!stat) continue;
    const { name, cpuSeconds: seconds } = parseStat(stat);
    threads.push({ name, seconds });
  }
  return threads;
}

/**
 * Share of all processors that was busy with other than our programs between two readings of /proc/stat. Interrupts
 * (irq, softirq) are nobody's: under our load they are mostly the loopback's.
 * @param {string} before @param {string} after @param {number} ours CPU seconds of our programs between them
 */
export function foreignShare(before, after, ours) {
  const times = (/** @type {string} */ text) =>
    text.slice(0, text.indexOf("\n")).trim().split(/\s+/).slice(1, 9).map(Number);
  const first = times(before);
  const [user, nice, system, idle, ioWait, irq, softIrq, stolen] = times(after).map((value, at) => value - first[at]);
  const busy = user + nice + system + stolen;
  const all = busy + idle + ioWait + irq + softIrq;
  return all === 0 ? 0 : Math.max(0, (busy - ours * ticksPerSecond) / all);
}

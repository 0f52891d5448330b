// Runs a program to its end and tells what it cost.
import { cpuSeconds, threadSeconds } from "./proc.js";
import { Program } from "./program.js";
import { pause } from "./until.js";

/**
 * CPU time is read every 20 ms while it lives, so up to that much of it is missed.
 * @param {string} command @param {string[]} args
 * @returns {Promise<{cpuSeconds: number, busiestThread: number, output: string}>} busiestThread: share of one processor
 */
export async function observedRun(command, args) {
  const began = performance.now();
  const program = new Program(command, args);
  let code;
  program.ended.then((value) => (code = value));
  let seen = { cpu: 0, busiest: 0, seconds: 0 };
  while (code === undefined) {
    const threads = readThreads(program.pid);
    const cpu = cpuSeconds([program.pid]);
    if (cpu > 0) seen = { cpu, busiest: Math.max(0, ...threads), seconds: (performance.now() - began) / 1000 };
    await pause(20);
  }
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ""} ended with ${code}:\n${program.output}`);
  return {
    cpuSeconds: seen.cpu,
    busiestThread: seen.seconds > 0 ? seen.busiest / seen.seconds : 0,
    output: program.output,
  };
}

/** @param {number} pid @returns {number[]} nothing when it has ended */
function readThreads(pid) {
  try {
    return threadSeconds(pid).map(({ seconds }) => seconds);
  } catch {
    return [];
  }
}

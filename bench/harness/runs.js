// A run: one side under one load, with its figures and with what makes them doubtful.
import { readFileSync } from "node:fs";
import { cpuSeconds, foreignShare, residentBytes } from "./system/proc.js";

/**
 * @typedef {object} Run
 * @property {string} measure
 * @property {string} side
 * @property {number} round from 1
 * @property {string[]} flags what makes the run invalid; empty when it is sound
 * @property {string[]} notes what a reader should know of it
 * @property {Record<string, number>} figures
 * @property {Record<string, number>} [threads] CPU µs per order, by thread
 * @property {Record<string, number>} [processes] CPU µs per order, by process
 */

/** A generator thread that is busier than this is what limits the side. */
export const generatorLimit = 0.95;
/** When programs that are none of ours use more of the machine than this, the run tells nothing. */
export const foreignLimit = 0.1;

/** Of a side that ours is compared with, so many of the requests may fail: they are not counted in its favour. */
export const peerFailures = 0.01;

/**
 * Ours may not fail a single request.
 * @param {object} seen
 * @param {number} seen.accepted
 * @param {number} seen.failed
 * @param {number} seen.foreign share of the machine that other programs used
 * @param {boolean} ours
 * @returns {{flags: string[], notes: string[]}}
 */
export function loadRemarks({ accepted, failed, foreign }, ours) {
  const flags = [];
  const notes = [];
  if (accepted === 0) flags.push("nothing was accepted");
  const bearable = !ours && failed <= peerFailures * (accepted + failed);
  if (failed > 0) (bearable ? notes : flags).push(`${failed} requests failed`);
  if (foreign > foreignLimit) flags.push(`other programs used ${Math.round(foreign * 100)} % of the machine`);
  return { flags, notes };
}

/**
 * A slow generator makes our side look worse, which a reader should know; it makes a side that ours is compared with
 * look worse too, which flatters us and makes the run invalid.
 * @param {number} busiestThread share of one processor
 * @param {boolean} ours
 * @returns {{flags: string[], notes: string[]}}
 */
export function generatorRemarks(busiestThread, ours) {
  const remarks = busiestThread > generatorLimit ? ["the generator was at its limit: this side may be faster"] : [];
  return { flags: ours ? [] : remarks, notes: ours ? remarks : [] };
}

/**
 * The checks that every load has to pass.
 * @param {import("./generator.js").LoadResult} load @param {number} foreign @param {boolean} [ours]
 */
export function judgeLoad(load, foreign, ours = true) {
  const generator = generatorRemarks(load.busiestThread, ours);
  const remarks = loadRemarks({ ...load, foreign }, ours);
  return { flags: [...remarks.flags, ...generator.flags], notes: [...remarks.notes, ...generator.notes] };
}

/**
 * Of several short measurements together: each is too short for the ticks of the kernel's account.
 * @param {{seconds: number, foreign: number}[]} parts
 * @returns the share of the machine that other programs used
 */
export function foreignOf(parts) {
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  return total === 0 ? 0 : parts.reduce((sum, { seconds, foreign }) => sum + seconds * foreign, 0) / total;
}

const machineTimes = () => readFileSync("/proc/stat", "utf8");

/**
 * Reads the clock and the CPU times now; the function that it gives reads what has passed since.
 * @param {number[]} pids of the side
 */
export function stopwatch(pids) {
  const began = { at: performance.now(), cpu: cpuSeconds(pids), own: process.cpuUsage(), machine: machineTimes() };
  return {
    seconds: () => (performance.now() - began.at) / 1000,
    cpu: () => cpuSeconds(pids) - began.cpu,
    /** @param {number} generatorCpu seconds, of the generator or of any other program of ours @returns share of the machine that others used */
    foreign: (generatorCpu) => {
      const own = process.cpuUsage(began.own);
      const ours = cpuSeconds(pids) - began.cpu + generatorCpu + (own.user + own.system) / 1e6;
      return foreignShare(began.machine, machineTimes(), ours);
    },
    peakMb: () => residentBytes(pids, "VmHWM") / 1e6,
  };
}

// The client for queue servers: `sqs-load`, with the same calls for every side.
import { observedRun } from "./system/observed_run.js";

/**
 * @typedef {object} Drive
 * @property {"send" | "pairs" | "cycle"} mode send; receive and delete; or all three in turn
 * @property {string} url of the queue
 * @property {number} batch messages of one call
 * @property {number} seconds at most
 * @property {number} [messages] ends when so many are done
 *
 * @typedef {object} DriveResult
 * @property {number} accepted messages that were sent, or received and deleted
 * @property {number} failed
 * @property {number} seconds from the first call to the last answer that counts
 * @property {number} perSecond messages
 * @property {number} callP99Ms
 * @property {number} cpuSeconds of the client
 * @property {number} busiestThread of the client, as a share of one processor
 */

const connections = 32;
const bodyBytes = 512;

/** @param {Drive} drive @returns {string[]} */
export function driveArguments({ mode, url, batch, seconds, messages = 0 }) {
  return [
    mode,
    ...["--url", url],
    ...["--connections", String(connections)],
    ...["--batch", String(batch)],
    ...["--seconds", String(seconds)],
    ...["--messages", String(messages)],
    ...["--body-bytes", String(bodyBytes)],
  ];
}

/** @param {string} output of sqs-load @returns {Pick<DriveResult, "accepted" | "failed" | "seconds" | "perSecond" | "callP99Ms">} */
export function parseDrive(output) {
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`sqs-load gave no result:\n${output}`);
  const result = JSON.parse(line);
  const seconds = result.sending_us / 1e6;
  return {
    accepted: result.messages,
    failed: result.failed,
    seconds,
    perSecond: seconds > 0 ? result.messages / seconds : 0,
    callP99Ms: result.answer.p99_us / 1000,
  };
}

/** @param {{program: (name: string) => string}} context @param {Drive} drive @returns {Promise<DriveResult>} */
export async function drive(context, drive) {
  const { output, cpuSeconds, busiestThread } = await observedRun(context.program("sqs-load"), driveArguments(drive));
  return { ...parseDrive(output), cpuSeconds, busiestThread };
}

/**
 * Puts messages on a queue.
 * @param {{program: (name: string) => string}} context @param {string} url @param {number} messages
 */
export async function fill(context, url, messages) {
  const { failed } = await drive(context, { mode: "send", url, batch: 10, seconds: 600, messages });
  if (failed > 0) throw new Error(`${failed} messages could not be sent while the queue was filled`);
}

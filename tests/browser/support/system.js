// The system under test: a server that is already there (ORDERFLOW_URL), the program (ORDERFLOW_BIN, or the release
// build when there is one), else the stand-in. With CI=true the stand-in does not count.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startStandIn } from "./stand-in.js";

const release = fileURLToPath(new URL("../../../build/release/bin/orderflow", import.meta.url));

/**
 * `queue`: where a program on its own speaks the Amazon SQS protocol.
 * @typedef {{url: string, queue?: string, kind: "url" | "program" | "stand-in", stop: () => Promise<void>}} System
 */

/** The addresses in the ready line: of page and API, and of the queue. @param {import("node:child_process").ChildProcess} program */
async function readyAddresses(program) {
  const lines = createInterface({ input: program.stdout });
  const ended = new Promise((_, reject) => {
    program.once("error", reject);
    program.once("exit", (code, signal) =>
      reject(new Error(`orderflow ended with ${code ?? signal} before it was ready`)),
    );
  });
  const ready = (async () => {
    for await (const line of lines) {
      const addresses = line.match(/http:\/\/127\.0\.0\.1:\d+/g);
      if (addresses) return addresses;
    }
    throw new Error("orderflow closed its output before it was ready");
  })();
  const addresses = await Promise.race([ready, ended]);
  program.stdout.resume();
  return addresses;
}

/** @param {string} path @param {Record<string, string>} settings @returns {Promise<System>} */
async function startProgram(path, settings) {
  const data = mkdtempSync(join(tmpdir(), "orderflow-browser-"));
  const program = spawn(path, {
    env: {
      ...process.env,
      ORDERFLOW_LISTEN: "127.0.0.1:0",
      ORDERFLOW_SQS_LISTEN: "127.0.0.1:0",
      ORDERFLOW_DATA_DIR: data,
      ...settings,
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [url, queue] = await readyAddresses(program);
  const stop = async () => {
    const ended = new Promise((resolve) => {
      program.once("exit", resolve);
    });
    program.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { url, queue, kind: "program", stop };
}

/** @param {Record<string, string>} [settings] of the program, when it is one @returns {Promise<System>} */
export async function startSystem(settings = {}) {
  const { ORDERFLOW_URL, ORDERFLOW_BIN, CI } = process.env;
  if (ORDERFLOW_URL) return { url: ORDERFLOW_URL.replace(/\/$/, ""), kind: "url", stop: async () => {} };
  const path = ORDERFLOW_BIN ?? (existsSync(release) ? release : undefined);
  if (path) return startProgram(path, settings);
  if (CI) throw new Error("CI tests the program: set ORDERFLOW_BIN, or build it with ./dev build");
  return { ...(await startStandIn()), kind: "stand-in" };
}

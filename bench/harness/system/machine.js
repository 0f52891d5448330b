// The machine and the versions that a result belongs to. No name of a host or a person.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** @param {string} command @param {string[]} args @param {RegExp} pattern */
function versionFrom(command, args, pattern) {
  try {
    const out = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    return pattern.exec(out)?.[1] ?? out.trim();
  } catch {
    return "unknown";
  }
}

/** @param {string} name of an npm package of the peers */
function packageVersion(name) {
  const path = fileURLToPath(new URL(`../../peers/node_modules/${name}/package.json`, import.meta.url));
  return /** @type {string} */ (JSON.parse(readFileSync(path, "utf8")).version);
}

/** @param {string} directory whose disk is measured */
export function machine(directory) {
  return {
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    fileSystem: versionFrom("stat", ["-f", "-c", "%T", directory], /(.*)/),
  };
}

/** @param {string} root of the repository */
export function versions(root) {
  const peers = ["express", "@aws-sdk/client-sqs", "sqs-consumer", "local-aws-sqs", "fauxqs"];
  return {
    orderflow: versionFrom("git", ["-C", root, "describe", "--always", "--dirty", "--tags"], /(.*)/),
    sqlite: versionFrom("grep", ["define SQLITE_VERSION ", "/usr/include/sqlite3.h"], /"(.*)"/),
    node: process.versions.node,
    ...Object.fromEntries(peers.map((name) => [name, packageVersion(name)])),
    nginx: versionFrom("sh", ["-c", "nginx -v 2>&1"], /nginx\/(\S+)/),
  };
}

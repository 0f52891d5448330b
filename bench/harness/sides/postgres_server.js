// PostgreSQL of a measure's own, on a Unix socket in its directory: every commit is synced, autovacuum works.
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Skipped } from "../skipped.js";
import { Program } from "../system/program.js";

const installed = "/usr/lib/postgresql";

/** What differs from PostgreSQL's own defaults: room for the load, as anybody who runs a shop on it would give. */
export const settings = ["shared_buffers=512MB", "max_wal_size=4GB", "listen_addresses="];

/** The newest that Debian's packages have put there. */
function programs() {
  const versions = existsSync(installed) ? readdirSync(installed).map(Number).sort((a, b) => b - a) : [];
  const folders = versions.map((version) => join(installed, String(version), "bin"));
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (!found) throw new Skipped("PostgreSQL is not installed: ./dev setup bench installs it");
  return found;
}

/** Its server refuses to run as root. @returns {{uid: number, gid: number} | undefined} */
function itsUser() {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((which) => Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" })));
  return { uid, gid };
}

export class PostgresServer {
  /** @param {string} dir empty, on the disk that is measured */
  static async start(dir) {
    const bin = programs();
    const user = itsUser();
    const home = join(dir, "postgres");
    mkdirSync(home);
    if (user) {
      chmodSync(dir, 0o711);
      chownSync(home, user.uid, user.gid);
    }
    const data = join(home, "data");
    const initdb = ["-D", data, "-U", "bench", "--auth=trust", "--locale=C", "-E", "UTF8", "--data-checksums"];
    execFileSync(join(bin, "initdb"), initdb, { ...user, stdio: "ignore", cwd: home });
    const words = ["-D", data, "-k", home, ...settings.flatMap((setting) => ["-c", setting])];
    const program = new Program(join(bin, "postgres"), words, {}, user);
    const server = new PostgresServer(program, bin, home);
    await server.ready();
    return server;
  }

  /** @param {Program} program @param {string} bin @param {string} home */
  constructor(program, bin, home) {
    this.name = "PostgreSQL";
    this.program = program;
    this.bin = bin;
    this.url = `postgresql://bench@/postgres?host=${encodeURIComponent(home)}`;
  }

  pids() {
    return [this.program.pid];
  }

  async ready() {
    const until = performance.now() + 60_000;
    let ended = false;
    void this.program.ended.then(() => (ended = true));
    for (;;) {
      try {
        this.value("SELECT 1");
        return;
      } catch (error) {
        if (ended || performance.now() > until) throw new Error(`PostgreSQL does not start: ${this.program.output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** @param {string} sql @returns {string} the one value that it answers */
  value(sql) {
    return execFileSync(join(this.bin, "psql"), [this.url, "-X", "-q", "-t", "-A", "-c", sql], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  }

  /** Ends its sessions and stops it. */
  async stop() {
    this.program.child.kill("SIGINT");
    return this.program.ended;
  }
}

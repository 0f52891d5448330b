import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuController, quotaSettings } from "../../bench/harness/system/cpu_quota.js";
import { foreignShare, parseMemory, parseStat } from "../../bench/harness/system/proc.js";
import { sumOf } from "../../bench/harness/system/prometheus.js";

test("CPU time is the user and system time of /proc/PID/stat, in seconds", () => {
  const line =
    "42 (orderflow) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 6 0 100 1000 200 18446744073709551615\n";

  assert.deepEqual(parseStat(line), { name: "orderflow", parent: 7, cpuSeconds: 3 });
});

test("a program may have spaces and parentheses in its name", () => {
  const line = "42 (a) R (b) S 7 42 42 0 -1 4194560 100 0 0 0 10 20 0 0 20 0 6 0 100\n";

  assert.deepEqual(parseStat(line), { name: "a) R (b", parent: 7, cpuSeconds: 0.3 });
});

test("memory is read in bytes, and is 0 for a process that has none", () => {
  const status = "Name:\torderflow\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";

  assert.equal(parseMemory(status, "VmHWM"), 2048 * 1024);
  assert.equal(parseMemory(status, "VmRSS"), 1024 * 1024);
  assert.equal(parseMemory("Name:\tkthreadd\n", "VmRSS"), 0);
});

test("the share of other programs is what was busy and was not ours", () => {
  const before = "cpu  100 0 100 1000 0 0 0 0 0 0\ncpu0 0 0 0 0\n";
  const after = "cpu  400 0 200 1600 0 0 0 0 0 0\ncpu0 0 0 0 0\n"; // 1,000 ticks, of which 600 idle

  assert.equal(foreignShare(before, after, 3), 0.1);
  assert.equal(foreignShare(before, after, 4), 0);
  assert.equal(foreignShare(before, after, 9), 0, "rounding of ticks is not somebody else");
});

test("time that a hypervisor took and time spent waiting for the disk", () => {
  const before = "cpu  0 0 0 0 0 0 0 0 0 0\n";

  assert.equal(foreignShare(before, "cpu  0 0 0 50 0 0 0 50 0 0\n", 0), 0.5, "stolen time is somebody else's");
  assert.equal(foreignShare(before, "cpu  0 0 0 50 50 0 0 0 0 0\n", 0), 0, "waiting is idle");
  assert.equal(foreignShare(before, "cpu  0 0 0 50 0 10 40 0 0 0\n", 0), 0, "interrupts are nobody's");
});

const metrics = `# HELP orders_total Orders.
orders_total{status="confirmed"} 5
orders_total{status="rejected"} 2
orders_total_bytes 1000
plain_total 3
`;

test("a metric is summed over its labels, or counted for one", () => {
  assert.equal(sumOf(metrics, "orders_total"), 7);
  assert.equal(sumOf(metrics, "orders_total", 'status="confirmed"'), 5);
  assert.equal(sumOf(metrics, "plain_total"), 3);
  assert.equal(sumOf(metrics, "absent_total"), 0);
});

const mountsOfVersion1 = `proc /proc proc rw 0 0
cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`;

test("a part of a processor is a quota of the control groups, in either version", () => {
  assert.deepEqual(cpuController(mountsOfVersion1), { version: 1, path: "/sys/fs/cgroup/cpu,cpuacct" });
  assert.deepEqual(cpuController("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"), { version: 2, path: "/sys/fs/cgroup" });
  assert.equal(cpuController("proc /proc proc rw 0 0\n"), undefined);

  assert.deepEqual(quotaSettings(1, 0.25), [
    ["cpu.cfs_period_us", "100000"],
    ["cpu.cfs_quota_us", "25000"],
  ]);
  assert.deepEqual(quotaSettings(2, 0.25), [["cpu.max", "25000 100000"]]);
});

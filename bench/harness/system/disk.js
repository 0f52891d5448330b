// What the disk does by itself: the time of one synced append.
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";

const block = Buffer.alloc(4096, "x"); // a page of the write-ahead log

/** @param {string} directory @param {number} count @returns {number[]} milliseconds of each fdatasync */
export function syncTimes(directory, count) {
  const path = join(directory, "sync-times");
  const file = openSync(path, "w");
  try {
    return Array.from({ length: count }, () => {
      writeSync(file, block);
      const began = performance.now();
      fdatasyncSync(file);
      return performance.now() - began;
    });
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}

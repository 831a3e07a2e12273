// The file of a listening Unix socket that this process was started with. Node does not tell its path; the kernel's table
// does, by inode, on Linux, where systemd is.

import { fstatSync, readFileSync } from "node:fs";

/** `undefined` where it can't be told: then nothing is known of the file's mode either. */
export function inheritedPath(fd: number): string | undefined {
  try {
    const inode = String(fstatSync(fd).ino);
    // Num RefCount Protocol Flags Type St Inode Path
    const row = readFileSync("/proc/net/unix", "utf8")
      .split("\n")
      .map((line) => /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) (\/.*)$/.exec(line))
      .find((match) => match?.[1] === inode);
    return row?.[2];
  } catch {
    return undefined;
  }
}

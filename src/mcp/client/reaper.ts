// What ends the programs of MCP servers when the broker can't: one tiny shell, outside the broker's process group, that is
// told of every group we start and that ends those still there once its input closes, which no kill -9 of the broker can
// keep from happening. There is none on Windows; programs there end when their own input closes.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { platform } from "node:os";
import type { Writable } from "node:stream";

export interface Reaper {
  /** The group began. */
  add(group: number): void;
  /** The group has ended. */
  remove(group: number): void;
  close(): void;
}

/** Groups get a second to notice by themselves that their input has closed. */
const SCRIPT = `
trap '' HUP INT TERM
live=" "
while read -r sign group; do
  case $sign in
    +) live="$live$group " ;;
    -) live=\${live%% $group *}" "\${live#* $group } ;;
  esac
done
[ "$live" = " " ] && exit
sleep 1
for group in $live; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

export function createReaper(): Reaper {
  let child: ChildProcessByStdio<Writable, null, null> | undefined;
  const tell = (line: string): void => {
    if (platform() === "win32") return;
    child ??= start(() => {
      child = undefined;
    });
    child.stdin.write(line);
  };
  return {
    add: (group) => tell(`+ ${group}\n`),
    remove: (group) => child && tell(`- ${group}\n`),
    close: () => child?.stdin.end(),
  };
}

function start(gone: () => void): ChildProcessByStdio<Writable, null, null> {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.on("error", gone);
  child.on("exit", gone);
  child.stdin.on("error", gone);
  child.unref();
  (child.stdin as Writable & { unref?: () => void }).unref?.();
  return child;
}

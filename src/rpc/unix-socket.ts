// A Unix socket that nobody can open before its mode is set, that never takes the place of a live one, and that is removed
// only while it is still ours. The socket is bound inside a new folder that is ours alone, given mode and group, and linked
// to its final name, which fails where something appeared meanwhile. (libuv removes the name it was bound to.)

import type { BigIntStats } from "node:fs";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { connect, type Server } from "node:net";
import { platform } from "node:os";
import { dirname, join } from "node:path";
import { BrokerError } from "../core/errors.ts";

export interface UnixSocketOptions {
  readonly path: string;
  /** File mode, as 0o600. */
  readonly mode: number;
  /** Name or number of the group that the socket is given to. */
  readonly group?: string | undefined;
}

/** Bytes of a path that the kernel takes. */
const PATH_BYTES = platform() === "darwin" ? 103 : 107;
/** `.` and six characters, `/s`. */
const INNER_BYTES = 9;

export interface BoundSocket {
  /** Owner of the socket file. */
  readonly uid: number;
  /** Removes the name, if it is still ours. */
  release(): void;
}

/** Makes `server` listen on the socket. Rejects with `config_invalid`, whose message says what, where and how to fix it. */
export async function bindUnixSocket(server: Server, options: UnixSocketOptions): Promise<BoundSocket> {
  const { path, mode } = options;
  const folder = dirname(path);
  const bytes = Math.max(Buffer.byteLength(path), Buffer.byteLength(folder) + 1 + INNER_BYTES);
  if (bytes > PATH_BYTES) throw invalid(path, `is too long (${bytes} of ${PATH_BYTES} bytes): choose a shorter folder`);
  const gid = options.group === undefined ? undefined : groupId(options.group);
  await clear(path);
  let inner: string | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    inner = mkdtempSync(join(folder, "."));
    const bound = join(inner, "s");
    await listen(server, bound);
    if (gid !== undefined) chownSync(bound, -1, gid);
    chmodSync(bound, mode);
    const ours = lstatSync(bound, { bigint: true });
    linkSync(bound, path);
    return { uid: Number(ours.uid), release: () => remove(path, ours) };
  } catch (cause) {
    server.close();
    throw invalid(path, refusalOf(cause));
  } finally {
    if (inner !== undefined) rmSync(inner, { recursive: true, force: true });
  }
}

async function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(path, resolve);
  await promise;
  server.off("error", reject);
}

/** Removes a socket that a dead process left; throws where something else has the name. */
async function clear(path: string): Promise<void> {
  const found = statIfThere(path);
  if (!found) return;
  if (!found.isSocket()) throw invalid(path, "exists and is no socket: remove it or choose another path");
  const code = await knock(path);
  if (code === undefined || code === "EAGAIN") {
    throw invalid(path, "is in use by a live process: stop that one or choose another path");
  }
  if (code === "ENOENT") return;
  if (code !== "ECONNREFUSED")
    throw invalid(path, `exists and can't be tried (${code}): remove it or choose another path`);
  remove(path, found);
}

/** Connects and hangs up. Resolves to the error's code, or `undefined` where somebody answers. */
function knock(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    socket.on("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

/** Removes the name if it still leads to the same file. */
function remove(path: string, file: BigIntStats): void {
  const now = statIfThere(path);
  if (now && now.dev === file.dev && now.ino === file.ino) unlinkIfThere(path);
}

function statIfThere(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not ours to remove.
  }
}

function groupId(group: string): number {
  if (/^\d{1,9}$/.test(group)) return Number(group);
  const line = readGroups().find((row) => row.startsWith(`${group}:`));
  const gid = line?.split(":")[2];
  if (gid) return Number(gid);
  throw new BrokerError(
    "config_invalid",
    `SOCKET_GROUP: there is no group "${group}" in /etc/group: give a name or number`,
  );
}

function readGroups(): string[] {
  try {
    return readFileSync("/etc/group", "utf8").split("\n");
  } catch {
    return [];
  }
}

function refusalOf(cause: unknown): string {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (code === "EEXIST" && syscall === "link") return "was taken by another process meanwhile: choose another path";
  if (code === "EACCES" || code === "EPERM")
    return `can't be made (${syscall}: ${code}): choose a folder or group that is yours`;
  return `can't be made (${code ?? String(cause)}): choose another path`;
}

function invalid(path: string, fault: string): BrokerError {
  return new BrokerError("config_invalid", `SOCKET_PATH: ${path} ${fault}`);
}

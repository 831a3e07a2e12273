// The start-up cookie: an admin credential in a file that only its owner can read, new at each start, gone after a clean
// end. The command line and the admin page of this machine use it, so that no secret stands in arguments or variables.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../core/secret.ts";

export interface Cookie {
  readonly path: string;
  readonly secret: Secret;
  /** Replaces the file at once, so that no reader finds it half written. */
  write(): void;
  /** Only if the file still holds this secret. */
  remove(): void;
}

/** `secret`: at least 32 bytes of chance as text without blanks. */
export function createCookie(folder: string, secret: string): Cookie {
  const path = join(folder, "admin.cookie");
  return {
    path,
    secret: new Secret(secret),
    write() {
      const fresh = `${path}.${secret.slice(0, 8)}`;
      writeFileSync(fresh, `${secret}\n`, { mode: 0o600, flag: "wx" });
      renameSync(fresh, path);
    },
    remove() {
      try {
        if (readFileSync(path, "utf8").trim() === secret) rmSync(path);
      } catch {
        // It is gone already, or no longer ours to touch.
      }
    },
  };
}

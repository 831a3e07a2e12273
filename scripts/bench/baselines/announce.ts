// How a process of the bench says that it listens, and how it ends when the bench is gone: stdin closes.

import type { Server } from "node:net";

export function announce(server: Server): void {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
  process.stdin.on("close", () => process.exit(0));
  process.stdin.resume();
}

/** The n-th argument after the script, or an end with a clear line. */
export function argument(index: number, name: string): string {
  const value = process.argv[index + 2];
  if (value !== undefined) return value;
  process.stderr.write(`missing argument: ${name}\n`);
  process.exit(2);
}

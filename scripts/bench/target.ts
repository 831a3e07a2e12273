// A server of the bench, whichever it is: where it listens, which process it is, what its callers must send.

import { get } from "node:http";
import { createServer } from "node:net";
import { performance } from "node:perf_hooks";
import type { TargetName } from "./rows.ts";
import { sleep } from "./sample.ts";

export interface Target {
  name: TargetName;
  /** null for the mock upstream itself, whose CPU time nobody asks for. */
  pid: number | null;
  /** performance.now() when its process was started. */
  startedAt: number;
  port: number;
  socketPath: string;
  /** Header lines its callers add. */
  headers: string[];
  framing: "line" | "length";
  /** Answers 200 to GET when the server is ready; null when it is ready from the start. */
  readyPath: string | null;
  /** A reason when the process has ended. */
  ended: () => string | null;
  stop: () => Promise<void>;
}

/** A peer that is not there; its rows say so and are never ok. */
export class NotInstalled extends Error {}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function status(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(0));
  });
}

/** Waits until the target answers, at most `timeoutMs`. */
export async function untilReady(target: Target, timeoutMs: number): Promise<void> {
  const path = target.readyPath;
  if (path === null) return;
  for (const until = performance.now() + timeoutMs; performance.now() < until; await sleep(25)) {
    const ended = target.ended();
    if (ended !== null) throw new Error(ended);
    if ((await status(target.port, path)) === 200) return;
  }
  throw new Error(`${target.name} did not answer GET ${path} within ${timeoutMs} ms`);
}

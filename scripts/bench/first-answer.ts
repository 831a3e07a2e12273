// How long a new process takes to its first good answer: asked again and again until there is one.

import { performance } from "node:perf_hooks";
import { HttpConnection } from "./connection.ts";
import type { Check } from "./drive-http.ts";
import type { HttpSink } from "./http-wire.ts";
import { sleep } from "./sample.ts";
import type { Target } from "./target.ts";

const GIVE_UP_MS = 30_000;

/** One attempt: null when the answer is right, else why not. */
function attempt(port: number, request: Buffer, check: Check): Promise<string | null> {
  return new Promise((done) => {
    const connection = new HttpConnection(port);
    const parts: Buffer[] = [];
    let status = 0;
    const settle = (wrong: string | null): void => {
      connection.close();
      done(wrong);
    };
    const sink: HttpSink = {
      head: (code) => {
        status = code;
      },
      body: (bytes) => {
        parts.push(Buffer.from(bytes));
      },
      end: () => settle(check(status, Buffer.concat(parts))),
      failed: settle,
    };
    connection.send(request, sink);
  });
}

/** ms from the start of the target's process to its first right answer to `request`. */
export async function firstAnswerMs(target: Target, request: Buffer, check: Check): Promise<number> {
  for (;;) {
    const wrong = await attempt(target.port, request, check);
    const elapsed = performance.now() - target.startedAt;
    if (wrong === null) return elapsed;
    const ended = target.ended();
    if (ended !== null) throw new Error(ended);
    if (elapsed > GIVE_UP_MS) throw new Error(`no good answer within ${GIVE_UP_MS} ms: ${wrong}`);
    await sleep(2);
  }
}

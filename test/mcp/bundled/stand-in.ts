// A vendor for tests: a real HTTP server that notes what it is asked and answers what a test has put there.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { listening } from "../../support/listen.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON. */
  readonly body?: object | string | Buffer;
}

export interface StandIn {
  readonly url: string;
  /** Since the last `answers`. */
  readonly asked: readonly Asked[];
  /** The answer from now on: fixed, or made for a request. `undefined` leaves the response to the function. */
  answers(next: Answer | ((asked: Asked, response: ServerResponse) => Answer | undefined)): void;
}

export async function standIn(context: TestContext): Promise<StandIn> {
  let asked: Asked[] = [];
  let answerTo: (asked: Asked, response: ServerResponse) => Answer | undefined = () => ({ status: 404 });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand.in");
    const query = Object.fromEntries(searchParams);
    const { method = "", headers } = request;
    const noted = { method, path: pathname, query, headers, body: Buffer.concat(chunks).toString("utf8") };
    asked.push(noted);
    const answer = answerTo(noted, response);
    if (answer === undefined) return;
    const json = typeof answer.body === "object" && !Buffer.isBuffer(answer.body);
    response.writeHead(answer.status ?? 200, {
      ...(json && { "content-type": "application/json" }),
      ...answer.headers,
    });
    response.end(json ? JSON.stringify(answer.body) : answer.body);
  });
  const port = await listening(context, server);
  return {
    url: `http://127.0.0.1:${port}`,
    get asked() {
      return asked;
    },
    answers(next) {
      asked = [];
      answerTo = typeof next === "function" ? next : () => next;
    },
  };
}

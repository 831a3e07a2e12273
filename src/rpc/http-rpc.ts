// JSON-RPC over one HTTP request: POST /rpc and POST /. The REST server reads the body (at most `limits.messageBytes`),
// makes the caller (`callerOf(socket)` of caller.ts, a fresh one each request) and calls here; the answer is written here.

import type { IncomingHttpHeaders } from "node:http";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";
import type { Asked } from "./caller.ts";
import { type RpcCore, refusal } from "./core.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { parseJson } from "./json.ts";
import { RpcSession } from "./session.ts";
import { cutWhenStalled } from "./stall.ts";

export interface HttpRpcRequest {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
  /** `credentialOf(headers)` of caller.ts. */
  readonly credential?: string | undefined;
  readonly asked?: Asked | undefined;
}

const JSON_TYPE = /^application\/(?:json|json-rpc|jsonrequest|[\w.-]+\+json)\s*(?:;|$)/i;
const KEEPALIVE_MS = 15_000;

/**
 * Answers 200 with a JSON-RPC response (errors too), 204 where none is due, 415 for another content type; as SSE, with the
 * `$/progress` notifications before it, where the client accepts that. The caller writes the last bytes: `end` is called
 * with them once the head is set. The session is returned for the hang-up: closing it cancels the calls. Never throws.
 */
export function handleHttpRpc(
  core: RpcCore,
  request: HttpRpcRequest,
  response: HttpAnswer,
  end: (text?: string) => void,
): RpcSession {
  const { body, headers, caller, credential, asked } = request;
  const good = isJson(headers);
  const asEvents = good && headers.accept?.includes("text/event-stream");
  const events = asEvents ? new EventWriter(response, core.limits.stalledMs) : undefined;
  const session = new RpcSession(caller, credential, events && ((text) => events.send(text)), asked);
  const answer = (text: string | undefined): void => {
    if (events) end(events.last(text));
    else end(text === undefined ? noContent(response) : json(response, 200, text));
  };
  if (good) core.handle(parseJson(body, core.limits.depth), session, answer);
  else end(json(response, 415, refusal(null, new BrokerError("unsupported_media_type"))));
  return session;
}

/** A missing type passes, except from a browser: there it would go round the preflight that CORS rests on. */
function isJson(headers: IncomingHttpHeaders): boolean {
  const type = headers["content-type"];
  return type === undefined ? headers.origin === undefined : JSON_TYPE.test(type);
}

function noContent(response: HttpAnswer): undefined {
  response.writeHead(204);
}

function json(response: HttpAnswer, status: number, text: string): string {
  const length = Buffer.byteLength(text);
  response.writeHead(status, ["content-type", "application/json", "content-length", String(length)]);
  return text;
}

/** Messages as server-sent events, with a comment now and then so that no proxy takes the silence for the end. */
class EventWriter {
  readonly #response: HttpAnswer;
  readonly #stalledMs: number;
  readonly #keepalive: NodeJS.Timeout;
  #drained: Promise<void> | undefined;

  constructor(response: HttpAnswer, stalledMs: number) {
    this.#response = response;
    this.#stalledMs = stalledMs;
    this.#keepalive = setInterval(() => this.#beat(), KEEPALIVE_MS);
  }

  send(text: string): Promise<void> | undefined {
    this.#open();
    if (this.#response.write(`data: ${text}\n\n`) || this.#response.destroyed) return undefined;
    this.#drained ??= this.#wait();
    return this.#drained;
  }

  /** What is to be written at the end. */
  last(text: string | undefined): string | undefined {
    clearInterval(this.#keepalive);
    if (text === undefined && !this.#response.headersSent) this.#response.writeHead(204);
    else this.#open();
    return text === undefined ? undefined : `data: ${text}\n\n`;
  }

  /** This timer of the socket runs again from the start whenever the client took a part. */
  async #wait(): Promise<void> {
    cutWhenStalled(this.#response, this.#stalledMs);
    await drained(this.#response);
    if (!this.#response.writableEnded) this.#response.socket?.setTimeout(0);
    this.#drained = undefined;
  }

  #beat(): void {
    this.#open();
    if (!this.#response.writableNeedDrain) this.#response.write(": keepalive\n\n");
  }

  #open(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
  }
}

/** Resolves when the client has taken what waited, or is gone. */
function drained(response: HttpAnswer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

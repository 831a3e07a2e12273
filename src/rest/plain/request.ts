// A plain request: its head, and its body as it arrives.

import { EventEmitter } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { BodyFlow, type BodyReader, type RestRequest } from "../request.ts";
import type { PlainHead } from "./head.ts";

/** Emits `end` when the body has arrived, and `close` with its connection. */
export class PlainRequest extends EventEmitter implements RestRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion = "1.1";
  readonly socket: Socket;
  /** Bytes of the body that are still to come. */
  #left: number;
  #flow: BodyFlow | undefined;

  constructor({ method, url, headers, bodyBytes }: PlainHead, socket: Socket) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#left = bodyBytes;
    this.socket = socket;
  }

  readBody(reader: BodyReader): BodyFlow {
    this.#flow = new BodyFlow(reader);
    return this.#flow;
  }

  /** It comes, whether somebody reads it or not. */
  resume(): void {}

  /** Takes of the body what is in `bytes` from `at` on; how many bytes that was. */
  take(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at);
    this.#left -= taken;
    if (taken > 0) this.#flow?.take(taken === bytes.length ? bytes : bytes.subarray(at, at + taken));
    if (this.#left === 0) this.#arrived();
    return taken;
  }

  get hasArrived(): boolean {
    return this.#left === 0;
  }

  #arrived(): void {
    this.#flow?.end();
    this.emit("end");
  }
}

// Server-sent events of one HTTP answer. A comment now and then keeps what is between from taking silence for death, and is
// the moment to look whether the client may still listen.

import type { HttpAnswer } from "../../rpc/http-answer.ts";
import { cutWhenStalled } from "../../rpc/stall.ts";
import { Writer } from "./writer.ts";

export interface EventStreamOptions {
  readonly pingMs: number;
  /** Milliseconds in which the client must have taken something of what waits for it. */
  readonly stalledMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onBeat?: () => void;
}

export class EventStream extends Writer {
  readonly #response: HttpAnswer;
  readonly #beat: NodeJS.Timeout;

  constructor(response: HttpAnswer, { pingMs, stalledMs, headers, onBeat }: EventStreamOptions) {
    super({
      stream: response,
      frame: (text) => `event: message\ndata: ${text}\n\n`,
      // This timer of the socket starts again whenever the client took a part, and ends the connection.
      waiting: (waits) => {
        if (waits) cutWhenStalled(response, stalledMs);
        else response.socket?.setTimeout(0);
      },
    });
    this.#response = response;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      ...headers,
    });
    response.flushHeaders();
    this.#beat = setInterval(() => {
      onBeat?.();
      if (!this.blocked) void this.write(": ping\n\n");
    }, pingMs);
  }

  override end(): void {
    clearInterval(this.#beat);
    super.end();
    if (!this.#response.writableEnded) this.#response.end();
  }
}

// The answer to one POST: a JSON object where nothing precedes the response, else a stream that ends with it.

import { EventStream, type EventStreamOptions } from "./event-stream.ts";
import type { McpHttpRequest } from "./http-request.ts";
import type { Outlet } from "./wire.ts";

export interface PostReplyOptions extends EventStreamOptions {
  /** Responses that are due. */
  readonly due: number;
  /** The client reads streams. */
  readonly streams: boolean;
}

export class PostReply implements Outlet {
  readonly #http: McpHttpRequest;
  readonly #options: PostReplyOptions;
  /** Silence that no proxy waits out is broken by a stream. */
  readonly #patience: NodeJS.Timeout | undefined;
  #stream: EventStream | undefined;
  #over = false;

  constructor(http: McpHttpRequest, options: PostReplyOptions) {
    this.#http = http;
    this.#options = options;
    if (options.streams) this.#patience = setTimeout(() => this.#open(), options.pingMs);
  }

  get mute(): boolean {
    return !this.#options.streams;
  }

  /** What comes after the end, or what a client without streams can't be told, is dropped. */
  send(message: object): Promise<void> | undefined {
    if (this.#over) return undefined;
    const isResponse = !("method" in message);
    if (isResponse && this.#options.due === 1) this.finish(message);
    else if (this.#options.streams) return this.#open().send(message);
    return undefined;
  }

  /** The one response. `status` counts where no stream has begun. */
  finish(message: object, status = 200): void {
    if (this.#over) return;
    if (this.#stream) {
      void this.#stream.send(message);
      this.end();
      return;
    }
    const text = JSON.stringify(message);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    this.#close();
    this.#http.response.writeHead(status, { ...headers, ...this.#options.headers }).end(text);
    this.#http.done();
  }

  /** Nothing more comes: of a request that was cancelled not even a response. */
  end(): void {
    if (this.#over) return;
    const stream = this.#stream;
    this.#close();
    if (stream) stream.end();
    else this.#http.response.writeHead(202, { "content-length": 0, ...this.#options.headers }).end();
    this.#http.done();
  }

  /** The client has gone. */
  drop(): void {
    this.#close();
    this.#stream?.end();
  }

  #open(): EventStream {
    this.#stream ??= new EventStream(this.#http.response, this.#options);
    return this.#stream;
  }

  #close(): void {
    this.#over = true;
    clearTimeout(this.#patience);
  }
}

// A request with a place for whoever reads its body: as node:http makes it, or as it was read without. What is held of
// bodies that arrive in pieces counts until they have arrived.

import type { IncomingMessage as NodeMessage } from "node:http";
import type { Arrival } from "../rpc/arriving.ts";
import { IncomingMessage } from "../rpc/node-http.ts";

/** What these throw is told to `fail`. */
export interface BodyReader {
  /** Where a body that comes in pieces is counted. */
  arrival(): Arrival;
  take(chunk: Buffer): void;
  /** The body has arrived. */
  received(): void;
  fail(cause: unknown): void;
}

/** What is wanted of a request. */
export interface RestRequest extends Pick<NodeMessage, "method" | "url" | "headers" | "httpVersion" | "socket"> {
  readBody(reader: BodyReader): BodyFlow;
  /** A body that nobody reads is let in and thrown away. */
  resume(): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  off(event: "end" | "close", listener: () => void): unknown;
}

/** One body on its way to its reader. */
export class BodyFlow {
  #reader: BodyReader | undefined;
  #arrival: Arrival | undefined;
  #bytes = 0;

  constructor(reader: BodyReader) {
    this.#reader = reader;
  }

  take(chunk: Buffer): void {
    const reader = this.#reader;
    try {
      if (reader) this.#hold(reader, chunk);
      reader?.take(chunk);
    } catch (cause) {
      reader?.fail(cause);
    }
  }

  end(): void {
    const reader = this.#reader;
    this.#release();
    try {
      reader?.received();
    } catch (cause) {
      reader?.fail(cause);
    }
  }

  /** What still comes is for nobody. */
  letGo(): void {
    this.#reader = undefined;
    this.#release();
  }

  /** A body in a single piece is not held. Throws `overloaded`. */
  #hold(reader: BodyReader, chunk: Buffer): void {
    if (this.#bytes > 0) this.#arrival ??= reader.arrival();
    this.#bytes += chunk.length;
    this.#arrival?.hold(this.#bytes);
  }

  #release(): void {
    this.#arrival?.hold(0);
    this.#arrival = undefined;
  }
}

/** As node:http makes it. Knows its body's way, so that the listeners are two functions for all requests. */
export class NodeRequest extends IncomingMessage implements RestRequest {
  flow: BodyFlow | undefined = undefined;

  readBody(reader: BodyReader): BodyFlow {
    this.flow = new BodyFlow(reader);
    this.on("data", onData);
    this.on("end", onEnd);
    return this.flow;
  }
}

function onData(this: NodeRequest, chunk: Buffer): void {
  this.flow?.take(chunk);
}

function onEnd(this: NodeRequest): void {
  this.flow?.end();
}

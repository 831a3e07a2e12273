// The request as node:http makes it, with a place for whoever reads its body.

import { IncomingMessage } from "node:http";
import type { Arriving } from "./arriving.ts";

export interface BodyReader {
  take(chunk: Buffer): void;
  /** The body has arrived. */
  received(): void;
}

/** Knows its reader, so that the listeners of its body are two functions for all requests. */
export class RestRequest extends IncomingMessage {
  reader: BodyReader | undefined = undefined;
  arriving: Arriving | undefined = undefined;
  pieces = 0;
  /** Bytes that `arriving` counts. */
  held = 0;

  readBody(reader: BodyReader, arriving: Arriving): void {
    this.reader = reader;
    this.arriving = arriving;
    this.on("data", onData);
    this.on("end", onEnd);
  }

  /** What still comes is for nobody. */
  letGo(): void {
    this.reader = undefined;
    release.call(this);
  }

  /** Until the body has arrived. One in a single piece is not held, so the first is not counted. Throws `overloaded`. */
  hold(chunk: Buffer): void {
    if (this.pieces++ === 0) return;
    if (this.held === 0) this.once("close", release);
    this.held += chunk.length;
    this.arriving?.add(chunk.length);
  }
}

function onData(this: RestRequest, chunk: Buffer): void {
  this.reader?.take(chunk);
}

function onEnd(this: RestRequest): void {
  if (this.held > 0) release.call(this);
  this.reader?.received();
}

function release(this: RestRequest): void {
  this.arriving?.remove(this.held);
  this.held = 0;
}

// The request as node:http makes it, with a place for whoever reads its body.

import { IncomingMessage } from "node:http";

export interface BodyReader {
  take(chunk: Buffer): void;
  /** The body has arrived. */
  received(): void;
}

/** Knows its reader, so that the listeners of its body are two functions for all requests. */
export class RestRequest extends IncomingMessage {
  reader: BodyReader | undefined = undefined;

  readBody(reader: BodyReader): void {
    this.reader = reader;
    this.on("data", onData);
    this.on("end", onEnd);
  }
}

function onData(this: RestRequest, chunk: Buffer): void {
  this.reader?.take(chunk);
}

function onEnd(this: RestRequest): void {
  this.reader?.received();
}

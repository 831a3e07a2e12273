// The bounds of HTTP. Each one is answered with an error that names it, and none is reached by a program that means well.

import { MOST_FILE_BYTES } from "../core/audio/file.ts";

export interface RestLimits {
  /** Bytes of one request body. */
  readonly bodyBytes: number;
  /** Bytes of a file in a form. */
  readonly fileBytes: number;
  /** Arrays and objects inside one another. */
  readonly depth: number;
  /** Bytes of a request's header block. */
  readonly headerBytes: number;
  /** Characters of a credential. */
  readonly credentialLength: number;
  /** Milliseconds for the header block to arrive. */
  readonly headersMs: number;
  /** Milliseconds for the whole request to arrive; the answer may take as long as it needs. */
  readonly requestMs: number;
  /** Milliseconds that an idle connection stays open. */
  readonly keepAliveMs: number;
  /** Milliseconds of silence in a stream after which a comment is sent, so that nothing between takes it for dead. */
  readonly pingMs: number;
  /** Milliseconds in which a client must have taken something of what waits for it. */
  readonly stalledMs: number;
  /** Milliseconds that the rest of a refused body is still read, so that the client gets to see the answer. */
  readonly lingerMs: number;
}

export const REST_LIMITS: RestLimits = {
  bodyBytes: 32 * 1024 * 1024,
  fileBytes: MOST_FILE_BYTES,
  depth: 64,
  headerBytes: 16 * 1024,
  credentialLength: 8 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  pingMs: 15_000,
  stalledMs: 60_000,
  lingerMs: 1_000,
};

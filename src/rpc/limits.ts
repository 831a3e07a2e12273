// The bounds of JSON-RPC on every framing. Each one answers with an error that names it; none is reached by a program
// that means well.

export interface RpcLimits {
  /** Bytes of one message. */
  readonly messageBytes: number;
  /** Bytes of all messages and bodies together, while they arrive. */
  readonly arrivingBytes: number;
  /** Beside that, for senders who have not shown who they are. */
  readonly strangerBytes: number;
  /** Arrays and objects inside one another. */
  readonly depth: number;
  /** Requests in one batch. */
  readonly batch: number;
  /** Calls of one connection under way; with that many nothing more is read from it. */
  readonly inFlight: number;
  /** Open connections of one listener; further ones are closed at once. */
  readonly connections: number;
  /** Milliseconds for the first bytes of a connection, which tell its framing. */
  readonly firstByteMs: number;
  /** Milliseconds for the rest of a message that has begun. */
  readonly messageMs: number;
  /** Milliseconds without a message or a call after which a TCP connection is ended; Unix sockets may stay. */
  readonly idleMs: number;
  /** Milliseconds in which a peer must have taken something of what waits for it. */
  readonly stalledMs: number;
}

export const DEFAULT_LIMITS: RpcLimits = {
  messageBytes: 32 * 1024 * 1024,
  arrivingBytes: 512 * 1024 * 1024,
  strangerBytes: 64 * 1024 * 1024,
  depth: 64,
  batch: 100,
  inFlight: 256,
  connections: 10_000,
  firstByteMs: 10_000,
  messageMs: 30_000,
  idleMs: 15 * 60_000,
  stalledMs: 30_000,
};

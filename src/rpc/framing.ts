// How messages lie in a stream of bytes. A framing is pure: bytes go in as they arrive, values come out as they are asked
// for, so that a connection that must not take more calls simply stops asking.

import { BrokerError } from "../core/errors.ts";

export interface Framing {
  /** Takes bytes that arrived. */
  push(chunk: Buffer): void;
  /** No more bytes will come; what is left is a message or a fault. */
  finish(): void;
  /** The next message as a JSON value, a BrokerError to answer instead, or `undefined`: more bytes are needed. */
  next(): unknown;
  /** An answer as it goes out. */
  frame(text: string): string;
  /** Part of a message is here. */
  readonly partial: boolean;
  /** Bytes that have been pushed and not come out as messages. */
  readonly held: number;
  /** A fault after which no message can be found any more. */
  readonly broken: boolean;
  /** Text that no peer takes for anything, to find out whether one is still there. */
  readonly filler: string | undefined;
}

/** What a framing must know of the limits. */
export interface FramingLimits {
  readonly messageBytes: number;
  readonly depth: number;
}

export function tooLarge(messageBytes: number): BrokerError {
  return new BrokerError("too_large", `A message holds at most ${messageBytes} bytes`, { limit: messageBytes });
}

// An HTTP answer in the making, as far as it is used here: node's ServerResponse has this form, and so has the answer to a
// request that was read without node:http.

import type { Socket } from "node:net";

export interface HttpAnswer {
  /** `null`: an earlier answer on the same connection comes first. */
  readonly socket: Socket | null;
  readonly headersSent: boolean;
  /** `end` was called. */
  readonly writableEnded: boolean;
  /** All bytes have been handed to the system. */
  readonly writableFinished: boolean;
  readonly writableNeedDrain: boolean;
  readonly destroyed: boolean;
  /** Sent beside those of `writeHead`, which must be others. */
  setHeader(name: string, value: string): unknown;
  /** As name, value, name, value or by name. */
  writeHead(status: number, headers?: string[] | Record<string, string | number>): Pick<HttpAnswer, "end">;
  flushHeaders(): void;
  /** False: wait for `drain`. */
  write(piece: string | Uint8Array): boolean;
  end(text?: string): unknown;
  destroy(): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
  /** It is its turn; not told of one that needn't wait for it. */
  on(event: "socket", listener: (socket: Socket) => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
  prependListener(event: "finish", listener: () => void): unknown;
}

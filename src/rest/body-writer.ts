// The body of a streamed answer. node:http makes four stream writes and a vectored one of each piece in chunked coding,
// which costs more than everything else about a small piece; here a piece is framed and written to the socket at once.

import type { Socket } from "node:net";
import type { HttpAnswer } from "../rpc/http-answer.ts";
import { framed } from "./plain/answer.ts";

export class BodyWriter {
  readonly #response: HttpAnswer;
  readonly #drained: () => void;
  /** Where pieces are written directly. */
  #socket: Socket | undefined;
  #listening = false;

  /** `drained`: the client has taken what waited, so that more may be written. */
  constructor(response: HttpAnswer, drained: () => void) {
    this.#response = response;
    this.#drained = drained;
  }

  /** Sends the head with the first piece. As with every piece, false means: wait until it has drained. */
  begin(headers: string[], first: Uint8Array | string): boolean {
    const response = this.#response;
    const { socket, req } = response;
    response.writeHead(200, headers);
    // HTTP/1.0 has no chunks; an answer that waits behind another one has no socket yet.
    if (req.httpVersion !== "1.1" || !socket) return this.write(first);
    this.#socket = socket;
    socket.cork();
    response.flushHeaders();
    const flows = first.length === 0 || this.write(first);
    socket.uncork();
    return flows;
  }

  /** `piece` is not empty: in chunked coding that would be the end. */
  write(piece: Uint8Array | string): boolean {
    const target = this.#socket ?? this.#response;
    const flows = this.#socket ? this.#socket.write(framed(piece)) : this.#response.write(piece);
    if (!flows && !this.#listening) {
      this.#listening = true;
      target.on("drain", this.#drained);
    }
    return flows;
  }

  /** No more pieces: nothing stays on the connection. The response itself is ended by its owner. */
  end(): void {
    if (this.#listening) this.#socket?.off("drain", this.#drained);
  }
}

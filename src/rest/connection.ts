// What is under way on one client connection. A hang-up is noticed here, once for all its requests: with pipelining
// several are open, and an answer that waits for its turn has no socket yet that could tell it.

import type { Socket } from "node:net";
import type { BrokerError } from "../core/errors.ts";

/** One request and its answer, as its connection sees it. */
export interface OpenExchange {
  /** The request is still arriving. */
  readonly receiving: boolean;
  /** Nobody is there any longer. */
  hangUp(): void;
  /** Answers with an error and closes the connection. */
  giveUp(error: BrokerError): void;
}

export class Connection {
  readonly open = new Set<OpenExchange>();

  constructor(socket: Socket) {
    socket.on("close", () => this.#closed());
  }

  #closed(): void {
    for (const exchange of this.open) exchange.hangUp();
    this.open.clear();
  }
}

/** The connections of one server, by socket, from their first whole header block on. */
export class Connections {
  readonly #bySocket = new WeakMap<Socket, Connection>();

  of(socket: Socket): Connection {
    let connection = this.#bySocket.get(socket);
    if (!connection) {
      connection = new Connection(socket);
      this.#bySocket.set(socket, connection);
    }
    return connection;
  }

  open(socket: Socket): readonly OpenExchange[] {
    return [...(this.#bySocket.get(socket)?.open ?? [])];
  }
}

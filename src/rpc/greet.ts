// The first bytes of a connection: what it speaks is found out and the connection handed to those who speak it.

import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import { BrokerError } from "../core/errors.ts";
import { callerOf } from "./caller.ts";
import { RawConnection } from "./connection.ts";
import type { RpcCore } from "./core.ts";
import { handOn } from "./hand-on.ts";
import { LspFraming } from "./lsp-framing.ts";
import { RawFraming } from "./raw-framing.ts";
import { sniff } from "./sniff.ts";

const NONE = Buffer.alloc(0);
const SPOKEN_HERE = "This port speaks HTTP/1.1, JSON-RPC 2.0 (one JSON value after another) and Content-Length framing";

export interface Hosts {
  readonly http: HttpServer;
  readonly core: RpcCore;
}

/** Hands `socket` on once its first bytes tell where, telling `adopt`; cuts it when they don't come in time. */
export function greet(socket: Socket, { http, core }: Hosts, adopt: (host: RawConnection | "http") => void): void {
  let first: Buffer = NONE;
  const cut = (): void => {
    socket.destroy();
  };
  const listen = (chunk: Buffer): void => {
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
    const spoken = sniff(first);
    if (spoken === "more") return;
    socket.setTimeout(0);
    socket.off("data", listen).off("end", cut).off("timeout", cut).off("error", cut);
    if (spoken === "http") {
      adopt("http");
      handOn(socket, first, () => http.emit("connection", socket));
    } else adopt(toRaw(socket, core, spoken, first));
  };
  socket.on("data", listen).on("end", cut).on("timeout", cut).on("error", cut);
  socket.setTimeout(core.limits.firstByteMs);
}

function toRaw(socket: Socket, core: RpcCore, spoken: "raw" | "lsp" | "other", first: Buffer): RawConnection {
  const framing = spoken === "lsp" ? new LspFraming(core.limits) : new RawFraming(core.limits);
  const caller = callerOf(socket);
  if (spoken !== "other") return new RawConnection(socket, framing, core, caller, first);
  const connection = new RawConnection(socket, framing, core, caller, NONE);
  connection.refuse(new BrokerError("parse_error", SPOKEN_HERE));
  return connection;
}

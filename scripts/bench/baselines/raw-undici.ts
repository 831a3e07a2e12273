// Reference raw-undici: a node:http server forwarding by undici's Pool.dispatch with a handler object. No logic at all.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { announce, argument } from "./announce.ts";

const pool = new Pool(`http://127.0.0.1:${Number(argument(0, "upstream port"))}`, { pipelining: 1 });
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "host"]);

class Forward implements Dispatcher.DispatchHandler {
  readonly outgoing: ServerResponse;

  constructor(outgoing: ServerResponse) {
    this.outgoing = outgoing;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.outgoing.once("close", () => {
      if (!this.outgoing.writableFinished) controller.abort(new Error("client gone"));
    });
    this.outgoing.on("drain", () => controller.resume());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingMessage["headers"],
  ): void {
    const kept: string[] = [];
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined && !HOP.has(name)) kept.push(name, String(value));
    }
    this.outgoing.writeHead(status, kept);
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (!this.outgoing.write(bytes)) controller.pause();
  }

  onResponseEnd(): void {
    this.outgoing.end();
  }

  onResponseError(): void {
    if (this.outgoing.headersSent) this.outgoing.destroy();
    else this.outgoing.writeHead(502).end();
  }
}

function forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const headers: Record<string, string> = {};
  for (const name in incoming.headers) {
    const value = incoming.headers[name];
    if (value !== undefined && !HOP.has(name)) headers[name] = String(value);
  }
  pool.dispatch({ path: incoming.url ?? "/", method: "POST", headers, body }, new Forward(outgoing));
}

const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on("data", (part: Buffer) => parts.push(part));
  incoming.on("end", () => forward(incoming, Buffer.concat(parts), outgoing));
});
server.listen(0, "127.0.0.1", 1024, () => announce(server));

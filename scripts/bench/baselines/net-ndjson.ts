// Reference net-ndjson: a hand-written newline JSON-RPC server on a Unix socket with one async method.
// Each request is parsed, awaited and stringified; every answer is written when it is ready.

import { createServer, type Socket } from "node:net";
import { announce, argument } from "./announce.ts";
import { modelsList } from "./constant.ts";

interface Request {
  id: number | string | null;
  method: string;
}

async function answer(socket: Socket, line: string): Promise<void> {
  const request = JSON.parse(line) as Request;
  const reply =
    request.method === "models.list"
      ? { jsonrpc: "2.0", id: request.id, result: await modelsList() }
      : { jsonrpc: "2.0", id: request.id, error: { code: -32601, message: "Method not found" } };
  socket.write(`${JSON.stringify(reply)}\n`);
}

const server = createServer((socket) => {
  let tail = "";
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (text: string) => {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      void answer(socket, tail + text.slice(from, end));
      tail = "";
      from = end + 1;
    }
    tail += text.slice(from);
  });
});
server.listen(argument(1, "socket path"), () => announce(server));

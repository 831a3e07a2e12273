// Peer: vscode-jsonrpc (Content-Length framing) on a Unix socket.

import { createServer } from "node:net";
import { announce, argument } from "./announce.ts";
import { modelsList } from "./constant.ts";
import { loadPeer } from "./peer.ts";

interface Connection {
  onRequest(method: string, handler: () => Promise<unknown>): void;
  listen(): void;
}
interface VscodeJsonRpc {
  createMessageConnection(reader: object, writer: object): Connection;
  StreamMessageReader: new (stream: NodeJS.ReadableStream) => object;
  StreamMessageWriter: new (stream: NodeJS.WritableStream) => object;
}

const rpc = loadPeer("vscode-jsonrpc/node") as VscodeJsonRpc;
const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(socket),
    new rpc.StreamMessageWriter(socket),
  );
  connection.onRequest("models.list", modelsList);
  connection.listen();
});
server.listen(argument(1, "socket path"), () => announce(server));

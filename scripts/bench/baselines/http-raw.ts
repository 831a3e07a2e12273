// Reference http-raw: node:http answering a constant JSON-RPC result after reading and parsing the body.

import { createServer } from "node:http";
import { announce } from "./announce.ts";
import { modelsList } from "./constant.ts";

const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on("data", (part: Buffer) => parts.push(part));
  incoming.on("end", async () => {
    const request = JSON.parse(Buffer.concat(parts).toString("utf8")) as { id: number };
    const body = JSON.stringify({ jsonrpc: "2.0", id: request.id, result: await modelsList() });
    outgoing.writeHead(200, ["content-type", "application/json", "content-length", String(Buffer.byteLength(body))]);
    outgoing.end(body);
  });
});
server.listen(0, "127.0.0.1", 1024, () => announce(server));

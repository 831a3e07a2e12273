// Peer: fastify with json-rpc-2.0 behind POST /rpc.

import type { Server } from "node:net";
import { announce } from "./announce.ts";
import { modelsList } from "./constant.ts";
import { loadPeer } from "./peer.ts";

interface Fastify {
  post(path: string, handler: (request: { body: unknown }) => Promise<unknown>): void;
  listen(options: { port: number; host: string }): Promise<string>;
  server: Server;
}
interface JsonRpc {
  JSONRPCServer: new () => {
    addMethod(name: string, method: () => Promise<unknown>): void;
    receive(request: unknown): Promise<unknown>;
  };
}

const createFastify = loadPeer("fastify") as (options: { logger: boolean; keepAliveTimeout: number }) => Fastify;
const { JSONRPCServer } = loadPeer("json-rpc-2.0") as JsonRpc;
const rpc = new JSONRPCServer();
rpc.addMethod("models.list", modelsList);
const app = createFastify({ logger: false, keepAliveTimeout: 120_000 });
app.post("/rpc", (request) => rpc.receive(request.body));
await app.listen({ port: 0, host: "127.0.0.1" });
announce(app.server);

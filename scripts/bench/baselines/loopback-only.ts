// Preloaded into a peer that cannot be told its host: whatever listens on a port listens on loopback.

import { Server } from "node:net";

const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;
Server.prototype.listen = function loopback(this: Server, ...args: unknown[]): Server {
  const [first, second] = args;
  const callback = args.find((arg) => typeof arg === "function");
  if (typeof first === "object" && first !== null) return listen.call(this, { ...first, host: "127.0.0.1" }, callback);
  if (typeof first !== "number") return listen.apply(this, args);
  return listen.call(
    this,
    { port: first, host: "127.0.0.1", backlog: typeof second === "number" ? second : 511 },
    callback,
  );
} as typeof Server.prototype.listen;

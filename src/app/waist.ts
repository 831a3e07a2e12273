// The waist with every handler behind it.

import { createAuthenticator } from "../dispatch/authenticate.ts";
import { createDispatcher, type Waist } from "../dispatch/dispatch.ts";
import { createEngine } from "./engine.ts";
import { createHandlers } from "./handlers.ts";
import { newRequestId } from "./request-id.ts";
import type { Facts, Rooms } from "./rooms.ts";

export function createWaist(rooms: Rooms, facts: Facts): Waist {
  const { env, log, store, cookie } = rooms;
  const engine = createEngine(rooms, facts);
  return createDispatcher({
    handlers: createHandlers(rooms, engine, facts),
    authenticator: createAuthenticator({
      adminSecrets: [cookie.secret, ...(env.ADMIN_TOKEN ? [env.ADMIN_TOKEN] : [])],
      keys: store.keys,
      jwtSecret: env.HERO_SECRET,
      mode: env.AUTH ?? (isLoopback(env.HOST) ? "optional" : "required"),
      now: Date.now,
    }),
    log,
    now: Date.now,
    newRequestId,
    maxInFlight: env.MAX_IN_FLIGHT,
    failed: engine.metrics.failed,
    pass: (call) => engine.deps.gate.pass(call),
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

// A server of a test on a free port of this machine, gone with the test, its connections too.

import { once } from "node:events";
import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** The port. */
export async function listening(t: TestContext, server: Server | SecureServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

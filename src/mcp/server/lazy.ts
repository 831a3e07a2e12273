// The MCP server before its first client: a broker that nobody speaks MCP to neither loads nor builds it.

import type { Readable, Writable } from "node:stream";
import type { McpHttp, McpHttpRequest } from "./http-request.ts";
import type { McpServerDeps } from "./mcp-server.ts";

export interface LazyMcp extends McpHttp {
  /** One client over two streams: the user of this machine who runs the process. */
  serveStreams(input: Readable, output: Writable): Promise<void>;
  /** No session begins; streams of changes end now, sessions when nothing of theirs is under way. */
  drain(): void;
  /** Sessions end whatever is under way. */
  close(): void;
}

interface Served {
  close(): void;
}

interface Opened extends McpHttp {
  drain(): void;
  close(): void;
}

const OWN_USER = { ip: "stdio", loopback: true, trusted: true };

export function createLazyMcp(deps: Omit<McpServerDeps, "draining">): LazyMcp {
  const draining = new AbortController();
  let opening: Promise<Opened> | undefined;
  let opened: Opened | undefined;
  const open = async (): Promise<Opened> => {
    const { createMcpHttpServer } = await import("./mcp-server.ts");
    opened = createMcpHttpServer({ ...deps, draining: draining.signal });
    return opened;
  };
  return {
    serve(request) {
      if (opened) return opened.serve(request);
      opening ??= open();
      return serveOnce(opening, request);
    },
    async serveStreams(input, output) {
      const [{ partsOf }, { serveStdio }] = await Promise.all([import("./mcp-server.ts"), import("./stdio.ts")]);
      await serveStdio({ ...partsOf({ ...deps, draining: draining.signal }), caller: OWN_USER, input, output });
    },
    drain() {
      draining.abort();
      opened?.drain();
    },
    close: () => opened?.close(),
  };
}

/** A client may go while the server is still being loaded. */
function serveOnce(opening: Promise<McpHttp>, request: McpHttpRequest): Served {
  let gone = false;
  let served: Served | undefined;
  opening.then(
    (server) => {
      if (!gone) served = server.serve(request);
    },
    (cause) => request.fail(cause),
  );
  return {
    close() {
      gone = true;
      served?.close();
    },
  };
}

// Makes a connection to a server: the right transport, the right era of the protocol, within the time there is. What was
// found out once is used for the next connection, so that only the first one asks.

import type { Client, ClientOptions, PriorDiscovery, Transport } from "@modelcontextprotocol/client";
import { type McpServerSettings, masked } from "../../core/mcp-server.ts";
import type { Peer } from "../../core/tool.ts";
import { VERSION } from "../../generated/methods.ts";
import { abortable } from "../abortable.ts";
import { ANYTHING, Connection, type Notice } from "./connection.ts";
import { failureOf } from "./failure.ts";
import type { GuardedHttp } from "./http.ts";
import type { Reaper } from "./reaper.ts";
import type { Sdk } from "./sdk.ts";
import { Gone, StdioTransport } from "./stdio.ts";
import { within } from "./within.ts";

export interface OpenDeps {
  readonly sdk: () => Promise<Sdk>;
  readonly http: GuardedHttp;
  readonly reaper: Reaper;
  /** PATH, HOME and the like, for programs. */
  readonly environment: Readonly<Record<string, string>>;
  /** A line that a server wrote for its operator, without its secrets. */
  readonly onLine: (server: string, line: string) => void;
}

/** What the first connection found out. */
export interface Known {
  era?: PriorDiscovery | undefined;
  /** Streamable HTTP was tried, and refused. */
  sse?: boolean;
}

export interface Listening {
  readonly onNotice: (notice: Notice) => void;
  readonly onClose: () => void;
}

/** Bytes of one page of a list. */
const MOST_LIST_BYTES = 8 * 1024 * 1024;
/** A program that doesn't answer an unknown request is of the older era; it may also still be starting. */
const PROBE_MS = 10_000;
const CLOSE_MS = 1000;
const ASKS = ["sampling", "elicitation", "roots"] as const;
const METHODS = { sampling: "sampling/createMessage", elicitation: "elicitation/create", roots: "roots/list" } as const;

/** Rejects with the SDK's errors, `TimedOut` or the signal's reason. */
export async function openConnection(
  settings: McpServerSettings,
  deps: OpenDeps,
  known: Known,
  peer: Peer | undefined,
  listening: Listening,
  signal: AbortSignal,
): Promise<Connection> {
  const sdk = await deps.sdk();
  const late = AbortSignal.timeout(settings.connectTimeoutMs);
  const opening = { settings, deps, sdk, known, peer, listening, signal: AbortSignal.any([signal, late]) };
  try {
    return await withFallbacks(opening);
  } catch (cause) {
    known.era = undefined;
    if (late.aborted) throw new TimedOut(settings.connectTimeoutMs);
    throw cause;
  }
}

/** No connection in time. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";

  constructor(ms: number) {
    super(`no connection within ${ms} ms`);
  }
}

interface Opening {
  readonly settings: McpServerSettings;
  readonly deps: OpenDeps;
  readonly sdk: Sdk;
  readonly known: Known;
  readonly peer: Peer | undefined;
  readonly listening: Listening;
  readonly signal: AbortSignal;
}

async function withFallbacks(opening: Opening): Promise<Connection> {
  const { settings, known, signal } = opening;
  const sse = settings.transport === "sse" || known.sse === true;
  try {
    return await attempt(opening, sse, sse ? { kind: "legacy" } : known.era);
  } catch (cause) {
    if (signal.aborted || sse) throw cause;
    const { status } = failureOf(cause);
    if (settings.transport === "stdio" && known.era === undefined && endedByProbe(cause)) {
      return attempt(opening, false, { kind: "legacy" });
    }
    if (known.era?.kind === "modern") return attempt(opening, false, undefined);
    if (!settings.guessed || status === undefined || status < 400 || status >= 500) throw cause;
    const connection = await attempt(opening, true, { kind: "legacy" });
    known.sse = true;
    return connection;
  }
}

/** Older servers may end at a request that they don't know. */
function endedByProbe(cause: unknown): boolean {
  return cause instanceof Error && /EraNegotiation|ERA_NEGOTIATION|probe/.test(`${codeOf(cause)} ${cause.message}`);
}

function codeOf(cause: object): unknown {
  return "code" in cause ? cause.code : undefined;
}

async function attempt(opening: Opening, sse: boolean, era: PriorDiscovery | undefined): Promise<Connection> {
  const { settings, known, listening, signal } = opening;
  const transport = transportOf(opening, sse);
  let connection: Connection | undefined;
  const client = clientOf(opening, () => connection);
  try {
    signal.throwIfAborted();
    const options = { timeout: settings.connectTimeoutMs, ...(era ? { prior: era } : {}) };
    await abortable(client.connect(transport, options), signal);
  } catch (cause) {
    const fate = transport instanceof StdioTransport ? transport.fate : undefined;
    await within(
      CLOSE_MS,
      transport.close().catch(() => {}),
    );
    throw fate === undefined || endedByProbe(cause) ? cause : new Gone(fate);
  }
  const discover = client.getDiscoverResult();
  known.era = discover && client.getProtocolEra() === "modern" ? { kind: "modern", discover } : { kind: "legacy" };
  connection = new Connection({
    ...{ client, transport, ...listening },
    mostListBytes: MOST_LIST_BYTES,
    mostBytes: settings.maxResultBytes,
    shared: settings.shared,
  });
  return connection;
}

/** Handlers have to be there before the connection is. */
function clientOf({ sdk, peer, settings }: Opening, connection: () => Connection | undefined): Client {
  const declared = settings.shared ? [] : ASKS.filter((name) => peer?.capabilities[name] !== undefined);
  const capabilities = Object.fromEntries(
    declared.map((name) => [name, name === "roots" ? {} : (peer?.capabilities[name] as object)]),
  );
  const client = new sdk.Client(
    { name: "aibroker", version: VERSION },
    {
      capabilities,
      versionNegotiation: { mode: "auto", probe: { timeoutMs: Math.min(PROBE_MS, settings.connectTimeoutMs / 2) } },
      jsonSchemaValidator: NO_VALIDATOR,
    },
  );
  for (const name of declared) {
    client.setRequestHandler(METHODS[name] as string, { params: ANYTHING }, async (params, context) => {
      try {
        const answer = await connection()?.askPeer(METHODS[name], params, context.mcpReq.signal);
        return { ...answer };
      } catch (cause) {
        throw told(cause, sdk);
      }
    });
  }
  return client;
}

/** What a client answered goes back as it was. */
function told(cause: unknown, sdk: Sdk): Error {
  const facts = (cause as { readonly facts?: { readonly upstream?: Record<string, unknown> } } | undefined)?.facts;
  const { code, data } = { ...(cause as object), ...facts?.upstream } as { code?: unknown; data?: unknown };
  const message = cause instanceof Error ? cause.message : "The client failed";
  return new sdk.ProtocolError(Number.isSafeInteger(code) ? Number(code) : -32_603, message, data);
}

/** Results are the caller's to check. */
const NO_VALIDATOR: NonNullable<ClientOptions["jsonSchemaValidator"]> = {
  getValidator: () => (input: unknown) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

function transportOf({ settings, deps, sdk }: Opening, sse: boolean): Transport {
  const mostBytes = Math.max(MOST_LIST_BYTES, 2 * settings.maxResultBytes);
  if (settings.transport === "stdio") {
    const onLine = (line: string): void => deps.onLine(settings.name, masked(line, settings.secrets));
    return new StdioTransport({ settings, mostBytes, onLine, environment: deps.environment, reaper: deps.reaper });
  }
  const options = {
    requestInit: { headers: settings.headers },
    fetch: deps.http.fetchOf(settings, mostBytes),
    redirectPolicy: "follow" as const, // by our fetch, which looks where to
  };
  const url = new URL(settings.url);
  return sse ? new sdk.SSEClientTransport(url, options) : new sdk.StreamableHTTPClientTransport(url, options);
}

// MCP over HTTP by hand, so that a test sees every status and header.

export type Headers = Readonly<Record<string, string>>;

export interface Said {
  readonly status: number;
  readonly headers: Response["headers"];
  readonly body: {
    readonly [member: string]: unknown;
    readonly error?: Fault;
    readonly result?: Record<string, unknown>;
  };
}

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const BOTH = "application/json, text/event-stream";
const PREFIX = "io.modelcontextprotocol/";
export const META = { [`${PREFIX}protocolVersion`]: "2026-07-28", [`${PREFIX}clientCapabilities`]: {} };

export async function send(url: string, body: unknown, headers: Headers = {}): Promise<Said> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: BOTH, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return said(response);
}

export async function said(response: Response): Promise<Said> {
  const text = await response.text();
  const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream");
  const last = isEvents ? (messages(text).at(-1) ?? {}) : text === "" || text[0] !== "{" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: last };
}

/** Of a stream. */
export function messages(text: string): Said["body"][] {
  return [...text.matchAll(/^data: (\{.+)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
}

let lastId = 0;

export function request(method: string, params: object = {}): object {
  return { jsonrpc: "2.0", id: ++lastId, method, params };
}

export function hello(protocolVersion = "2025-11-25", capabilities: object = {}): object {
  return request("initialize", { protocolVersion, capabilities, clientInfo: { name: "test", version: "1" } });
}

/** The id of a session that has begun. */
export async function begin(
  url: string,
  headers: Headers = {},
  version?: string,
  capabilities?: object,
): Promise<string> {
  const { status, headers: told } = await send(url, hello(version, capabilities), headers);
  const id = told.get("mcp-session-id");
  if (status !== 200 || id === null) throw new Error(`no session: ${status}`);
  await send(url, { jsonrpc: "2.0", method: "notifications/initialized" }, { ...headers, "mcp-session-id": id });
  return id;
}

/** A request of 2026-07-28 with the headers that belong to it. */
export function modern(
  url: string,
  method: string,
  params: Record<string, unknown> = {},
  headers: Headers = {},
): Promise<Said> {
  const name = params.name ?? params.uri;
  return send(url, request(method, { _meta: META, ...params }), {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof name === "string" ? { "mcp-name": name } : {}),
    ...headers,
  });
}

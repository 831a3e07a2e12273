// The SDK's client, loaded when the first server is there: without servers it costs neither time nor memory.

export type Sdk = Pick<
  typeof import("@modelcontextprotocol/client"),
  "Client" | "StreamableHTTPClientTransport" | "SSEClientTransport" | "ProtocolError"
>;

export async function loadSdk(): Promise<Sdk> {
  return import("@modelcontextprotocol/client");
}

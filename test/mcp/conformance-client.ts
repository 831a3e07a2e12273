// What the conformance suite runs as a client: the broker's pool with the one server that the last argument names. It calls
// every tool that the pool offers, with the arguments that the suite gives or else with such as the schema wants, for a
// caller that answers whatever it is asked.

import { settingsOf } from "../../src/config/mcp-settings.ts";
import type { Peer, Tool } from "../../src/core/tool.ts";
import { createServerPool } from "../../src/mcp/client/pool.ts";

type Schema = Readonly<{ type?: string; default?: unknown; properties?: Readonly<Record<string, Schema>> }>;

interface Given {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
}

const CONNECT_MS = 25_000;
const url = process.argv.at(-1) ?? "";
const given = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}") as Given;

const line = (facts: object, message: string): void => console.error(JSON.stringify(facts), message);
const pool = createServerPool({
  environment: {},
  now: Date.now,
  ticks: () => performance.now(),
  random: Math.random,
  log: { info: line, warn: line },
});

const ANSWERS: Readonly<Record<string, (params: { requestedSchema?: Schema }) => object>> = {
  "elicitation/create": ({ requestedSchema }) => ({ action: "accept", content: valuesOf(requestedSchema ?? {}) }),
  "sampling/createMessage": () => ({ role: "assistant", content: { type: "text", text: "Fine." }, model: "none" }),
  "roots/list": () => ({ roots: [] }),
};
const peer: Peer = {
  session: "conformance",
  capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
  ask: async (method, params) => ANSWERS[method]?.(params) ?? {},
};

/** What a schema wants: its defaults, or the simplest that there is. */
function valuesOf({ properties = {} }: Schema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, simplest(schema)]));
}

function simplest(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  switch (schema.type) {
    case "number":
    case "integer":
      return 5;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return valuesOf(schema);
    default:
      return "some text";
  }
}

function withoutNulls(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

async function call(tool: Tool, args: Readonly<Record<string, unknown>>): Promise<void> {
  const order = { owner: peer.session, peer, signal: AbortSignal.timeout(20_000), onProgress: undefined };
  try {
    console.error(tool.shown.tool, JSON.stringify(await pool.call(tool, args, order)).slice(0, 300));
  } catch (cause) {
    console.error(tool.shown.tool, cause);
  }
}

pool.apply([settingsOf("suite", { url, transport: "http" }, () => undefined)]);
await pool.tried(CONNECT_MS);
const tools = pool.tools();
console.error(tools.map(({ shown }) => shown.tool));
// A null where the schema wants something else would be refused; left out it means the same.
const calls = given.toolCalls?.map(({ name, arguments: args }) => ({ name, args: withoutNulls(args) }));
await Promise.all(
  tools.flatMap((tool) => {
    const asked = calls?.filter(({ name }) => name === tool.shown.tool);
    const all = asked && asked.length > 0 ? asked : [{ args: valuesOf(tool.shown.inputSchema as Schema) }];
    return all.map(({ args }) => call(tool, args));
  }),
);
await pool.close();
if (tools.length === 0) process.exitCode = 1;

// Our client side as the conformance suite drives it: connects to the URL in its last argument and does what the scenario
// wants done: all tools called, with arguments from the scenario's context where it has some.

import { argv, env } from "node:process";
import { settingsOf } from "../../src/config/mcp-settings.ts";
import type { Peer, ToolOrder } from "../../src/core/tool.ts";
import { createServerPool } from "../../src/mcp/client/pool.ts";

interface Context {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[];
}

const url = argv.at(-1) ?? "";
const context: Context = JSON.parse(env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const log = { info: () => {}, warn: (facts: object, words: string) => console.error(words, JSON.stringify(facts)) };
const pool = createServerPool({
  ...{ environment: {}, now: Date.now, ticks: () => performance.now(), random: Math.random, log },
});
pool.apply([settingsOf("s", { url, transport: "http" }, () => undefined)]);
await pool.tried(10_000);

const answers: Record<string, object> = {
  "elicitation/create": { action: "accept", content: {} },
  "sampling/createMessage": { role: "assistant", model: "m", content: { type: "text", text: "yes" } },
  "roots/list": { roots: [] },
};
const peer: Peer = {
  session: "conformance",
  capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
  ask: async (method) => answers[method] ?? {},
};
const order: ToolOrder = { owner: peer.session, peer, signal: AbortSignal.timeout(20_000), onProgress: undefined };

/** One scenario wants to be sent the schema that it has given for another of its tools. */
const echoed = pool.tools().find(({ shown }) => shown.tool === "json_schema_2020_12_tool")?.shown.inputSchema;

/** Enough for any schema of the suite: each property by its type. */
function argumentsFor(schema: {
  readonly properties?: Record<string, { readonly type?: string }>;
}): Record<string, unknown> {
  const values: Record<string, unknown> = {
    number: 5,
    integer: 5,
    boolean: true,
    string: "x",
    object: echoed ?? {},
    array: [],
  };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, { type = "string" }]) => [name, values[type]]),
  );
}

const calls =
  context.toolCalls ??
  pool.tools().map(({ shown }) => ({ name: shown.tool, arguments: argumentsFor(shown.inputSchema) }));
for (const { name, arguments: args } of calls) {
  await pool.call(pool.tool(name), args, order).then(
    (result) => console.error(name, JSON.stringify(result).slice(0, 200)),
    (error) => console.error(name, error.kind, error.message),
  );
}
await pool.close();

// The MCP server whose tools, resources and prompts the conformance suite asks for by name, over stdio. It stands behind the
// broker, so what the suite sees has passed through. The argument is a folder for what its processes share.

import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { ASKING_PROMPT, askingTools } from "./fixtures/asking.ts";
import { changing, onChange } from "./fixtures/changing.ts";
import { PROMPTS, promptOf } from "./fixtures/prompts.ts";
import { RESOURCES, readResource, TEMPLATES } from "./fixtures/resources.ts";
import type { Context, FixtureTool } from "./fixtures/tool.ts";
import { plainTools } from "./fixtures/tools.ts";

function create(): Server {
  const server = new Server(
    { name: "fixtures", version: "1.0.0" },
    {
      capabilities: {
        ...{ tools: { listChanged: true }, prompts: { listChanged: true } },
        ...{ resources: { subscribe: true, listChanged: true }, logging: {}, completions: {} },
      },
    },
  );
  const tools = new Map<string, FixtureTool>(
    [...plainTools(server), ...askingTools()].map((tool) => [tool.name, tool]),
  );
  server.setRequestHandler("tools/list", () => ({
    tools: [...tools.values(), ...changing("tools")].map(
      ({ name, description = name, inputSchema = { type: "object" } }) => {
        return { name, description, inputSchema: inputSchema as { type: "object" } };
      },
    ),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = tools.get(params.name);
    if (!tool) throw Object.assign(new Error(`Unknown tool: ${params.name}`), { code: -32602 });
    try {
      return (await tool.call(params.arguments ?? {}, context as Context)) as { content: [] };
    } catch (cause) {
      if ("code" in (cause as object)) throw cause;
      return { isError: true, content: [{ type: "text" as const, text: (cause as Error).message }] };
    }
  });
  server.setRequestHandler("resources/list", () => ({ resources: RESOURCES }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: TEMPLATES }));
  server.setRequestHandler("resources/read", ({ params }) => readResource(params.uri));
  server.setRequestHandler("resources/subscribe", () => ({}));
  server.setRequestHandler("resources/unsubscribe", () => ({}));
  server.setRequestHandler("prompts/list", () => ({
    prompts: [...PROMPTS, ASKING_PROMPT.shown, ...changing("prompts")],
  }));
  server.setRequestHandler("prompts/get", ({ params }, context) => {
    if (params.name === ASKING_PROMPT.shown.name) return ASKING_PROMPT.fill(context as Context) as { messages: [] };
    return promptOf(params.name, params.arguments ?? {});
  });
  server.setRequestHandler("completion/complete", ({ params: { argument } }) => {
    const values = ["paris", "park", "party"].filter((value) => value.startsWith(argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  onChange((list) => void (list === "tools" ? server.sendToolListChanged() : server.sendPromptListChanged()));
  return server;
}

serveStdio(create);

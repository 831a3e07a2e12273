// The handlers of all methods, namespace by namespace, with the use cases and stores behind them.

import { randomBytes } from "node:crypto";
import { callTool } from "../broker/call-tool.ts";
import { complete } from "../broker/complete.ts";
import { completeText } from "../broker/complete-text.ts";
import { embed } from "../broker/embed.ts";
import { makeImages } from "../broker/make-images.ts";
import { moderate } from "../broker/moderate.ts";
import { planChat } from "../broker/plan-chat.ts";
import { type RespondDeps, respond } from "../broker/respond.ts";
import { speak } from "../broker/speak.ts";
import { transcribe } from "../broker/transcribe.ts";
import { ResponsesUnderWay } from "../broker/under-way.ts";
import { createChat } from "../broker/use-tools.ts";
import { reloadAll } from "../config/reload.ts";
import type { Call } from "../core/call.ts";
import type { Handlers } from "../dispatch/dispatch.ts";
import type { Document, McpToolResult, McpToolsCallParams } from "../generated/types.ts";
import { audioMethods } from "../methods/audio.ts";
import { billingMethods } from "../methods/billing.ts";
import { chatMethods } from "../methods/chat.ts";
import { completionsMethods } from "../methods/completions.ts";
import { embeddingsMethods } from "../methods/embeddings.ts";
import { imagesMethods } from "../methods/images.ts";
import { keysMethods } from "../methods/keys.ts";
import { logsMethods } from "../methods/logs.ts";
import { mcpMethods } from "../methods/mcp.ts";
import { messagesMethods } from "../methods/messages.ts";
import { modelsMethods } from "../methods/models.ts";
import { moderationsMethods } from "../methods/moderations.ts";
import { responsesMethods } from "../methods/responses.ts";
import { rpcMethods } from "../methods/rpc.ts";
import { sessionMethods } from "../methods/session.ts";
import { systemMethods } from "../methods/system.ts";
import type { Engine } from "./engine.ts";
import { newRequestId } from "./request-id.ts";
import type { Facts, Rooms } from "./rooms.ts";

/** Each namespace with the use cases that its methods stand for. */
export function createHandlers(rooms: Rooms, { deps, metrics }: Engine, facts: Facts): Handlers {
  const { env, models, tools, store, lines } = rooms;
  const { catalogue, gate } = deps;
  const useTool = (params: McpToolsCallParams, call: Call): Promise<McpToolResult> =>
    callTool({ ...deps, tools }, params, call);
  const chat = createChat({
    ...{ catalogue, tools, callTool: useTool, newRequestId, now: Date.now },
    complete: (params, call) => complete(deps, params, call),
  });
  const responding = respondDeps(rooms, chat);
  return {
    ...rpcMethods({ documents: { openrpc: readDocument, openapi: readOpenApi } }),
    ...sessionMethods(),
    ...systemMethods({
      ...{ catalogue, models, mcp: rooms.mcp, metrics },
      reload: () => reloadAll(rooms),
      ledger: store.ledger,
      waist: facts.waist,
      listeners: facts.listeners,
      uptime: facts.uptime,
      environment: env.shown,
      node: rooms.facts.node,
    }),
    ...logsMethods({ lines }),
    ...modelsMethods({
      catalogues: deps.catalogues,
      loadedAt: () => models.loadedAt,
      plan: (params, call) => planChat(deps, params, call),
    }),
    ...keysMethods({ keys: store.keys, now: Date.now, budgetStates: (key) => gate.standings(key) }),
    ...billingMethods({ billing: store.billing, now: Date.now }),
    ...chatMethods({ complete: chat }),
    ...embeddingsMethods({ embed: (params, call) => embed(deps, params, call) }),
    ...audioMethods({
      speak: (params, call) => speak(deps, params, call),
      transcribe: (params, call, translate) => transcribe(deps, params, call, translate),
    }),
    ...moderationsMethods({ moderate: (params, call) => moderate(deps, params, call) }),
    ...imagesMethods({ makeImages: (params, call) => makeImages(deps, params, call) }),
    ...completionsMethods({ completeText: (params, call) => completeText({ complete: chat }, params, call) }),
    ...mcpMethods({ tools, callTool: useTool }),
    ...messagesMethods({ complete: chat, counter: deps.counter, catalogue }),
    ...responsesMethods({
      ...{ responses: store.responses, underWay: responding.underWay },
      respond: (params, call) => respond(responding, params, call),
    }),
  };
}

function respondDeps({ store, log }: Rooms, complete: RespondDeps["complete"]): RespondDeps {
  return {
    complete,
    responses: store.responses,
    underWay: new ResponsesUnderWay(),
    now: Date.now,
    newStem: () => randomBytes(20).toString("hex"),
    onFault: (reason) => log.error(`a response can't be kept: ${reason}`),
  };
}

/** Read when first asked for: it is large and few ask. */
async function readDocument(): Promise<Document> {
  return (await import("../../openrpc.json", { with: { type: "json" } })).default;
}

async function readOpenApi(): Promise<Document> {
  const { toOpenApi } = await import("../rest/openapi.ts");
  return toOpenApi(await readDocument()) as Document;
}

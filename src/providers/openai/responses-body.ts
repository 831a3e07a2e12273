// The body of POST /responses: the caller's own request, but for the broker's members, the vendor's name of the model, and
// what stood before it. The broker keeps conversations, so the vendor is asked to keep nothing and is sent all of it.

import type { ProviderCall } from "../../core/provider.ts";
import type { Item } from "../../core/responses/items.ts";
import { mcpOutput } from "../../core/responses/mcp-item.ts";
import type { SentResponse } from "../../core/responses/sent.ts";
import { toolName } from "../../core/tool-use/event.ts";

type Json = Record<string, unknown>;

const OWN = {
  ...{ models: undefined, max_cost: undefined, _meta: undefined, mcp: undefined },
  previous_response_id: undefined,
};
/** Reasoning that the broker translated from another dialect: its proof is another vendor's. */
const TRANSLATED_THOUGHT = /^rs_[0-9a-f]{40}o\d+$/;
/** Of tools that the broker ran: the vendor knows no server of this name. */
const OWN_TOOL = /^mcpl?_[0-9a-f]{40}o\d+$/;
/** Of items whose kind the broker has no ids for. */
const OWN_ID = /^item_/;

export function responsesBody({ params, earlier }: SentResponse, call: ProviderCall, stream: boolean): string {
  const { target, maxTokens } = call;
  const body: Json = { ...params, ...OWN, model: target.backend.modelId, store: false, stream: stream || undefined };
  if (!stream) body.stream_options = undefined;
  if (maxTokens !== undefined) body.max_output_tokens = maxTokens;
  if (earlier.length > 0) body.input = [...earlier.filter(isProvable).map(withoutOwnId), ...listOf(params.input)];
  if (Array.isArray(body.input)) body.input = body.input.flatMap(withoutOwnTools);
  return JSON.stringify(body);
}

function listOf(input: SentResponse["params"]["input"]): readonly object[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : (input ?? []);
}

/** A vendor that keeps nothing knows its own thoughts only by their encrypted form, and refuses any other. */
function isProvable({ type, id, encrypted_content: proof }: Item): boolean {
  return type !== "reasoning" || (typeof proof === "string" && !TRANSLATED_THOUGHT.test(String(id)));
}

function withoutOwnId(item: Item): Item {
  return OWN_ID.test(String(item.id)) ? { ...item, id: undefined } : item;
}

/** A tool that the broker ran is told as a function that the caller has run. */
function withoutOwnTools(item: Item): Item[] {
  if (!OWN_TOOL.test(String(item.id))) return [item];
  if (item.type !== "mcp_call") return [];
  const { id: call_id, server_label: server, name, arguments: args } = item;
  return [
    { type: "function_call", call_id, name: toolName(String(server), String(name)), arguments: args },
    { type: "function_call_output", call_id, output: mcpOutput(item) },
  ];
}

// A chat request in Anthropic's form. What Anthropic has no word for (seed, penalties, logit_bias, logprobs) falls away as
// it does at Anthropic's own OpenAI-compatible door; what would change the answer's shape is refused.

import type { Target } from "../../core/target.ts";
import type { ChatCompletionsCreateParams, ResponseFormat } from "../../generated/types.ts";
import { peerOf, refusal } from "../failure.ts";
import { conversation } from "./messages.ts";
import { thinking } from "./thinking.ts";
import { toolChoice, tools } from "./tools.ts";

/** Tokens, for a model whose longest answer is not known. */
const DEFAULT_MAX_TOKENS = 4_096;

/** Members of Anthropic's own request that a caller may send beside OpenAI's. */
const OWN_MEMBERS = ["cache_control", "container", "context_management", "inference_geo", "mcp_servers", "speed"];

const JSON_ONLY = "Answer with one JSON object and nothing else.";

type Json = Record<string, unknown>;

/** The body of POST /v1/messages. `most`: tokens, in place of what the params say. Throws a ProviderFailure with status 400 for what can't be carried. */
export function messagesBody(params: ChatCompletionsCreateParams, target: Target, most?: number): Json {
  const peer = peerOf(target);
  if ((params.n ?? 1) > 1) throw refusal(peer, "only one choice (n = 1) can be asked for", "n");
  const { system, messages } = conversation(params.messages, peer);
  if (params.response_format?.type === "json_object") system.push({ type: "text", text: JSON_ONLY });
  const choice = toolChoice(params);
  const stops = typeof params.stop === "string" ? [params.stop] : (params.stop ?? []);
  const body: Json = {
    model: target.backend.modelId,
    max_tokens:
      most ?? params.max_completion_tokens ?? params.max_tokens ?? target.model.maxOutput ?? DEFAULT_MAX_TOKENS,
    stream: true,
    messages,
  };
  if (system.length > 0) body.system = system;
  if (params.tools?.length) body.tools = tools(params.tools);
  if (params.tools?.length && choice) body.tool_choice = choice;
  if (stops.length > 0) body.stop_sequences = stops;
  addOwn(body, params);
  addFormat(body, params.response_format);
  thinking(body, params, target, most);
  return body;
}

function addOwn(body: Json, params: ChatCompletionsCreateParams): void {
  for (const name of OWN_MEMBERS) if (params[name] !== undefined) body[name] = params[name];
  const tier = params.service_tier;
  if (tier === "auto" || tier === "standard_only") body.service_tier = tier;
  const user = params.user ?? params.safety_identifier ?? params.metadata?.user_id;
  if (user) body.metadata = { user_id: user };
  if (typeof params.output_config === "object" && params.output_config)
    body.output_config = { ...params.output_config };
}

/** Anthropic's structured output takes the schema alone. */
function addFormat(body: Json, format: ResponseFormat | undefined): void {
  const schema = format?.type === "json_schema" ? format.json_schema?.schema : undefined;
  if (schema)
    body.output_config = { ...(body.output_config as Json | undefined), format: { type: "json_schema", schema } };
}

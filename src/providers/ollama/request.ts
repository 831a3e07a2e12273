// A chat request in Ollama's form: sampling goes into `options`, images beside the text, tool arguments are objects.

import type { Target } from "../../core/target.ts";
import type { ChatCompletionsCreateParams, ResponseFormat } from "../../generated/types.ts";
import { peerOf, refusal } from "../failure.ts";
import { ollamaMessages } from "./messages.ts";

type Json = Record<string, unknown>;
type Params = ChatCompletionsCreateParams;

/** Members of a chat request that have the same name among Ollama's options, its own ones included. */
const OPTIONS = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "typical_p",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "repeat_penalty",
  "repeat_last_n",
  "num_ctx",
];

/** The body of POST /api/chat. `most`: tokens, in place of what the params say. Throws a ProviderFailure with status 400 for what can't be carried. */
export function chatBody(params: Params, target: Target, most?: number): Json {
  const peer = peerOf(target);
  if ((params.n ?? 1) > 1) throw refusal(peer, "only one choice (n = 1) can be asked for", "n");
  const body: Json = {
    model: target.backend.modelId,
    messages: ollamaMessages(params.messages, peer),
    stream: true,
    options: options(params, most),
  };
  // Ollama knows no tool_choice; without tools there is none to choose.
  if (params.tools?.length && params.tool_choice !== "none") body.tools = params.tools;
  const format = formatOf(params.response_format);
  if (format !== undefined) body.format = format;
  const think = params.think ?? thinkOf(params.reasoning_effort);
  if (think !== undefined) body.think = think;
  if (params.keep_alive !== undefined) body.keep_alive = params.keep_alive;
  if (params.logprobs) body.logprobs = true;
  if (params.top_logprobs) body.top_logprobs = params.top_logprobs;
  return body;
}

function options(params: Params, most: number | undefined): Json {
  const own = typeof params.options === "object" && params.options !== null ? params.options : {};
  const chosen: Json = { ...own };
  for (const name of OPTIONS) if (params[name] !== undefined && params[name] !== null) chosen[name] = params[name];
  const longest = most ?? params.max_completion_tokens ?? params.max_tokens;
  if (typeof longest === "number") chosen.num_predict = longest;
  if (params.stop) chosen.stop = typeof params.stop === "string" ? [params.stop] : params.stop;
  return chosen;
}

function formatOf(format: ResponseFormat | undefined): unknown {
  if (format?.type === "json_schema") return format.json_schema?.schema ?? "json";
  return format?.type === "json_object" ? "json" : undefined;
}

/** Ollama has three efforts and off. */
function thinkOf(effort: Params["reasoning_effort"]): boolean | string | undefined {
  switch (effort) {
    case "none":
      return false;
    case "minimal":
    case "low":
      return "low";
    case "medium":
      return "medium";
    case "high":
    case "xhigh":
    case "max":
      return "high";
  }
  return undefined;
}

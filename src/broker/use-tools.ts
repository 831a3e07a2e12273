// A chat completion whose model may use tools of MCP servers. Those that the request lets the broker run are run by it, in
// rounds with the model; calls of the others come back to the caller.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { sentOf } from "../core/responses/sent.ts";
import { asksForTools, chooseTools } from "../core/tool-use/choose.ts";
import { firstRound } from "../core/tool-use/request.ts";
import type { ChatCompletion, ChatCompletionsCreateParams } from "../generated/types.ts";
import { ToolLoop, type ToolLoopDeps } from "./tool-loop.ts";

type Chat = ToolLoopDeps["complete"];

/** What requests without such tools pay is one look at theirs. */
export function createChat(deps: ToolLoopDeps): Chat {
  return (params, call) => (asksForTools(params) ? useTools(deps, params, call) : deps.complete(params, call));
}

/** Throws what `chooseTools` and the metered calls throw. */
async function useTools(deps: ToolLoopDeps, params: ChatCompletionsCreateParams, call: Call): Promise<ChatCompletion> {
  const approval = sentOf(params) ? "refused" : "handed back";
  const offer = chooseTools(deps.tools, params, call.principal.key, approval);
  if (!offer.auto) return deps.complete(firstRound(params, offer), call);
  if ((params.n ?? 1) > 1)
    throw new BrokerError("invalid_params", "/n: must be 1 where the broker runs tools", { param: "/n" });
  return new ToolLoop(deps, params, offer, call).run();
}

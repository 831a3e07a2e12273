// One metered chat completion.

import type { Call } from "../core/call.ts";
import { passText } from "../core/json-text.ts";
import type { CallEnd } from "../core/ledger.ts";
import { usageOf } from "../core/usage.ts";
import type { ChatCompletion, ChatCompletionsCreateParams, Usage } from "../generated/types.ts";
import { ChatRun, type ChatRunDeps } from "./chat-run.ts";
import type { Measured } from "./measure.ts";
import { type MeteredDeps, metered } from "./metered.ts";
import { type PlanDeps, planChat } from "./plan-chat.ts";
import type { RunOrder } from "./run.ts";

export interface CompleteDeps extends ChatRunDeps, PlanDeps, MeteredDeps {}

/** Answers a chat request. With `call.progress` the answer goes out in chunks and then once more, complete, as result. */
export async function complete(
  deps: CompleteDeps,
  params: ChatCompletionsCreateParams,
  call: Call,
): Promise<ChatCompletion> {
  const asked = {
    model: params.model,
    maxCost: params.max_cost,
    plan: () => planChat(deps, params, call),
    run: (order: RunOrder) => new ChatRun(deps, params, call, order),
  };
  const served = await metered<ChatCompletion, Measured, ChatRun>(deps, call, asked, spent);
  const { answer, taken, price, route, run } = served;
  const usage = priced(taken, price);
  await run.sendLast(answer, usage, route);
  const completion = { ...answer, usage };
  if (route) return { ...completion, route };
  passText(answer, completion, "usage");
  return completion;
}

function spent({ tokens, usageSource }: CallEnd, price: { readonly cost: number }): NonNullable<Usage> {
  return priced({ usage: usageOf(tokens), source: usageSource }, price);
}

function priced(
  { usage, source }: Pick<Measured, "usage" | "source">,
  price: { readonly cost: number },
): NonNullable<Usage> {
  return source === "estimated" ? { ...usage, ...price, estimated: true } : { ...usage, ...price };
}

// One metered call for images, by the model that the configuration names for it: billed by the image, or by the tokens
// that the provider tells.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { NO_TOKENS, NO_UNITS, tokenParts } from "../core/usage.ts";
import type { Images, ImagesGenerationsCreateParams } from "../generated/types.ts";
import { promptNeeds } from "./by-tokens.ts";
import { count } from "./measure.ts";
import { serveUnit, type UnitAsk, type UnitDeps } from "./serve-unit.ts";
import type { Taken } from "./taken.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface ImagesDeps extends UnitDeps {
  readonly counter: TokenCounter;
}

type Params = ImagesGenerationsCreateParams;

/** The most that OpenAI counts for one image: high quality, 1536x1024. */
const TOKENS_AN_IMAGE = 6240;

/** Throws `invalid_params` where a stream is asked for, and what serveUnit throws. */
export async function makeImages(deps: ImagesDeps, params: Params, call: Call): Promise<Images> {
  if (params.stream === true) {
    throw new BrokerError("invalid_params", "/stream: images come whole", { param: "/stream" });
  }
  const images = params.n ?? 1;
  const ask: UnitAsk<Params, Images> = {
    kind: "image",
    model: params.model,
    models: params.models,
    maxCost: params.max_cost,
    needs: {
      ...promptNeeds(params.prompt),
      maxTokens: TOKENS_AN_IMAGE,
      choices: images,
      units: { ...NO_UNITS, images },
    },
    params,
    ask: (provider, upstream) => provider.generateImages?.(upstream),
    taken: (answer) => takenBy(deps.counter, params.prompt, images, answer),
  };
  const { answer, taken, price, route } = await serveUnit(deps, ask, call);
  const estimated = taken.source === "estimated" ? { estimated: true } : undefined;
  return { ...answer, usage: { ...answer.usage, ...price, ...estimated }, ...(route ? { route } : undefined) };
}

/** Images that were made, or that may have been: an ended call is not free. */
async function takenBy(
  counter: TokenCounter,
  prompt: string,
  asked: number,
  answer: Images | undefined,
): Promise<Taken> {
  const units = { ...NO_UNITS, images: answer?.data.length ?? asked };
  const told = answer?.usage;
  if (typeof told?.input_tokens === "number" && typeof told.output_tokens === "number") {
    const tokens = tokenParts({
      prompt_tokens: told.input_tokens,
      completion_tokens: told.output_tokens,
      total_tokens: told.input_tokens + told.output_tokens,
    });
    return { tokens, units, source: "provider" };
  }
  const inputUncached = await count(counter, prompt);
  const outputText = answer ? 0 : asked * TOKENS_AN_IMAGE;
  return { tokens: { ...NO_TOKENS, inputUncached, outputText }, units, source: "estimated" };
}

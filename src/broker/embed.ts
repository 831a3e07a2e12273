// One metered call for embeddings. Vectors leave in the form that was asked for, whatever the provider gave.

import type { Call } from "../core/call.ts";
import { type EmbeddingInputs, inputsOf, roughTokens, toBase64, toNumbers } from "../core/embedding.ts";
import { BrokerError } from "../core/errors.ts";
import { tokensAtMost } from "../core/text-size.ts";
import { NO_UNITS } from "../core/usage.ts";
import type { EmbeddingList, EmbeddingsCreateParams } from "../generated/types.ts";
import { count } from "./measure.ts";
import { serveUnit, type UnitAsk, type UnitDeps } from "./serve-unit.ts";
import { promptTaken } from "./taken.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface EmbedDeps extends UnitDeps {
  readonly counter: TokenCounter;
}

type Params = EmbeddingsCreateParams;

/** Throws `invalid_params` for inputs that no provider is to see, and what serveUnit throws. */
export async function embed(deps: EmbedDeps, params: Params, call: Call): Promise<EmbeddingList> {
  const inputs = inputsOf(params.input);
  checkDimensions(deps, params);
  const ask: UnitAsk<Params, EmbeddingList> = {
    kind: "embedding",
    model: params.model,
    models: params.models,
    maxCost: params.max_cost,
    needs: { promptTokens: roughTokens(inputs), promptTokensAtMost: most(inputs), units: NO_UNITS },
    params,
    ask: (provider, upstream) => provider.embed?.(upstream),
    taken: (answer) => promptTaken(answer?.usage.prompt_tokens, () => counted(deps.counter, inputs)),
  };
  const { answer, taken, price, route } = await serveUnit(deps, ask, call);
  const { inputUncached: tokens } = taken.tokens;
  const estimated = taken.source === "estimated" ? { estimated: true } : undefined;
  return {
    object: "list",
    data: params.encoding_format === "base64" ? answer.data.map(inBase64) : answer.data.map(inNumbers),
    model: answer.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens, ...price, ...estimated },
    ...(route ? { route } : undefined),
  };
}

/** A model can shorten its vectors, never lengthen them. */
function checkDimensions({ catalogues }: EmbedDeps, { model, dimensions }: Params): void {
  const own = catalogues().embedding.byName.get(model)?.dimensions;
  if (!dimensions || own === undefined || dimensions <= own) return;
  const message = `/dimensions: vectors of ${model} have at most ${own} dimensions`;
  throw new BrokerError("invalid_params", message, { param: "/dimensions" });
}

function most(inputs: EmbeddingInputs): number {
  if (inputs.kind === "tokens") return roughTokens(inputs);
  let sum = 0;
  for (const text of inputs.texts) sum += tokensAtMost(Buffer.byteLength(text));
  return sum;
}

/** As one text, so that the counter's own bound is the bound of the call. */
async function counted(counter: TokenCounter, inputs: EmbeddingInputs): Promise<number> {
  return inputs.kind === "tokens" ? roughTokens(inputs) : count(counter, inputs.texts.join("\n"));
}

type Embedding = EmbeddingList["data"][number];

function inBase64({ index, embedding }: Embedding): Embedding {
  return { object: "embedding", index, embedding: toBase64(embedding) };
}

function inNumbers({ index, embedding }: Embedding): Embedding {
  return { object: "embedding", index, embedding: toNumbers(embedding) as number[] };
}

// Ollama's own embeddings, /api/embed. What is longer than the model's context is refused, not cut: a vector of half a
// text would be taken for one of the whole.

import { inputsOf } from "../../core/embedding.ts";
import type { UnitCall } from "../../core/provider.ts";
import type { EmbeddingList, EmbeddingsCreateParams } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";
import { errorInAnswer, garbled, isErrorObject, peerOf, refusal } from "../failure.ts";
import { asksOf, type Http } from "../http.ts";
import { vectorList } from "../vectors.ts";

type Call = UnitCall<EmbeddingsCreateParams>;

/** `headers`: name, value; the authorization where there is one. */
export async function embed(http: Http, call: Call, headers: readonly string[]): Promise<EmbeddingList> {
  const { target, params } = call;
  const { provider, modelId } = target.backend;
  const inputs = inputsOf(params.input);
  if (inputs.kind === "tokens") throw refusal(peerOf(target), "this model takes texts, not tokens", "/input");
  const dimensions = params.dimensions ?? undefined;
  const body = JSON.stringify({ model: modelId, input: inputs.texts, truncate: false, dimensions });
  const answer = await http.send({
    ...asksOf(call),
    method: "POST",
    path: "/api/embed",
    headers: ["content-type", "application/json", ...headers],
    body,
  });
  const value = parseObject(answer.body.toString());
  if (value && isErrorObject(value)) throw errorInAnswer(peerOf(target), value);
  const { embeddings, prompt_eval_count } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(embeddings)) throw garbled(provider, "the answer has no vectors");
  const tokens = Number.isSafeInteger(prompt_eval_count) ? Math.max(0, prompt_eval_count as number) : 0;
  return {
    object: "list",
    data: vectorList(provider.name, embeddings, { count: inputs.texts.length, dimensions }),
    model: modelId,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

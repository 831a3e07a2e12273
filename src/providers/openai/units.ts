// OpenAI's embeddings, moderations and images: one question, one answer. Vectors are asked for in base64 where that is
// known to be understood (a quarter of the bytes, nothing to parse) and in the server's own form elsewhere; both are read.

import { randomUUID } from "node:crypto";
import { countOf, inputsOf } from "../../core/embedding.ts";
import type { Provider, UnitCall } from "../../core/provider.ts";
import type { EmbeddingList, EmbeddingsCreateParams } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";
import { errorInAnswer, garbled, isErrorObject, peerOf } from "../failure.ts";
import { asksOf, type Http } from "../http.ts";
import { vectorList } from "../vectors.ts";
import { headersOf } from "./headers.ts";

type Json = Readonly<Record<string, unknown>>;
type Units = Required<Pick<Provider, "embed" | "moderate" | "generateImages">>;

export function openAiUnits(http: Http): Units {
  return {
    async embed(call) {
      const encoding_format = call.target.backend.provider.name === "openai" ? "base64" : undefined;
      const dimensions = call.params.dimensions ?? undefined; // null is not understood everywhere
      return embeddings(call, await ask(http, call, "/embeddings", { encoding_format, dimensions }));
    },
    async moderate(call) {
      const answer = await ask(http, call, "/moderations", {});
      const { id, results } = answer;
      if (!Array.isArray(results)) throw garbled(peerOf(call.target), "the answer has no results");
      return {
        ...answer,
        id: typeof id === "string" ? id : `modr-${randomUUID()}`,
        model: modelOf(call, answer),
        results,
      };
    },
    async generateImages(call) {
      const answer = await ask(http, call, "/images/generations", {});
      const { created, data } = answer;
      if (!Array.isArray(data) || data.length === 0) throw garbled(peerOf(call.target), "the answer has no images");
      const now = Math.floor(Date.now() / 1_000);
      return { ...answer, created: Number.isInteger(created) ? (created as number) : now, data };
    },
  };
}

/** Sends the params with the vendor's name of the model and without members of the broker's own. */
async function ask<P extends object>(http: Http, call: UnitCall<P>, path: string, changes: object): Promise<Json> {
  const headers = headersOf(call.target, "application/json", "application/json");
  const own = { model: call.target.backend.modelId, models: undefined, max_cost: undefined, _meta: undefined };
  const body = JSON.stringify({ ...call.params, ...own, ...changes });
  const answer = await http.send({ ...asksOf(call), method: "POST", path, headers, body });
  const value = parseObject(answer.body.toString());
  if (!value) throw garbled(peerOf(call.target), "the answer is not JSON");
  if (isErrorObject(value)) throw errorInAnswer(peerOf(call.target), value);
  return value as Json;
}

function embeddings(call: UnitCall<EmbeddingsCreateParams>, answer: Json): EmbeddingList {
  const { input, dimensions } = call.params;
  if (!Array.isArray(answer.data)) throw garbled(peerOf(call.target), "the answer has no vectors");
  const wanted = { count: countOf(inputsOf(input)), dimensions: dimensions ?? undefined };
  const data = vectorList(call.target.backend.provider.name, byIndex(answer.data), wanted);
  return { object: "list", data, model: modelOf(call, answer), usage: usageOf(answer.usage) };
}

/** Each vector in the place that it names; where none is named, as they came. */
function byIndex(items: readonly unknown[]): unknown[] {
  const vectors: unknown[] = new Array(items.length).fill(undefined);
  for (const [place, item] of items.entries()) {
    const { index = place, embedding } = (item ?? {}) as Json;
    if (Number.isInteger(index) && (index as number) < items.length) vectors[index as number] = embedding;
  }
  return vectors;
}

/** Zeros where nothing was told. */
function usageOf(usage: unknown): EmbeddingList["usage"] {
  const { prompt_tokens, total_tokens } = (usage ?? {}) as Json;
  const told = [prompt_tokens, total_tokens].find((each) => Number.isSafeInteger(each) && (each as number) > 0) ?? 0;
  return { prompt_tokens: told as number, total_tokens: told as number };
}

function modelOf({ target }: UnitCall<unknown>, { model }: Json): string {
  return typeof model === "string" ? model : target.backend.modelId;
}

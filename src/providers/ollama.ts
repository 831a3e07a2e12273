// Ollama's own dialect: /api/chat in newline-delimited JSON, and the models that it has pulled. Streams only: the broker
// folds a stream where a client wants the answer in one piece.

import type { ProviderEntry } from "../core/model.ts";
import { type ChatProvider, type DiscoveredModel, type ProviderCall, ProviderFailure } from "../core/provider.ts";
import { parseObject, translate } from "./answer.ts";
import { garbled, peerOf } from "./failure.ts";
import { asksOf, type Http, type HttpRequest } from "./http.ts";
import { discoveredModels } from "./ollama/discovery.ts";
import { embed } from "./ollama/embed.ts";
import { chatBody } from "./ollama/request.ts";
import { OllamaTranslation } from "./ollama/stream.ts";

const DISCOVERY_MS = 2_000;

export function createOllamaProvider(http: Http): ChatProvider {
  return {
    stream: (call) =>
      translate(
        () => http.open(chatRequest(call)),
        new OllamaTranslation(peerOf(call.target), call.target.backend.modelId, Date.now()),
      ),
    embed: (call) => embed(http, call, authorization(call.target.key)),
    discover: (provider, signal) => discover(http, provider, signal),
    close: () => http.close(),
  };
}

function chatRequest(call: ProviderCall): HttpRequest {
  const { target } = call;
  const headers = ["content-type", "application/json", ...authorization(target.key)];
  const body = JSON.stringify(chatBody(call.params, target, call.maxTokens));
  return { ...asksOf(call), method: "POST", path: "/api/chat", headers, body };
}

/** A local Ollama needs no key; one behind a door, or in the cloud, does. */
function authorization(key: ProviderCall["target"]["key"] | undefined): string[] {
  return key?.secret ? ["authorization", `Bearer ${key.secret.reveal()}`] : [];
}

async function discover(http: Http, provider: ProviderEntry, signal: AbortSignal): Promise<readonly DiscoveredModel[]> {
  const key = provider.keys[0];
  const limited = AbortSignal.any([signal, AbortSignal.timeout(DISCOVERY_MS)]);
  try {
    const request = {
      provider,
      key,
      method: "GET",
      path: "/api/tags",
      headers: authorization(key),
      signal: limited,
    } as const;
    const { body } = await http.send(request);
    const models = discoveredModels(parseObject(body.toString()));
    if (models) return models;
  } catch (error) {
    if (!limited.aborted || signal.aborted) throw error;
    throw new ProviderFailure("timeout", `${provider.name}: no answer within ${DISCOVERY_MS} ms`, { cause: error });
  }
  throw garbled(provider, "the list of models can't be read");
}

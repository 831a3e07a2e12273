// The models that an Ollama has pulled, as /api/tags lists them.

import type { DiscoveredModel } from "../../core/provider.ts";

type Json = Record<string, unknown>;
type Capability = DiscoveredModel["capabilities"][number];

/** Ollama constrains any model that chats to a schema, so this one is not told but known. */
const CAPABILITIES: Readonly<Record<string, Capability>> = {
  completion: "json_schema",
  tools: "tool_calling",
  vision: "vision",
  thinking: "reasoning",
};

/** Models that can chat; `undefined`: not a list of models. */
export function discoveredModels(list: object | undefined): DiscoveredModel[] | undefined {
  const models = (list as Json | undefined)?.models;
  if (!Array.isArray(models)) return undefined;
  return models.filter(isChatModel).map(discovered);
}

/** Embedding models can't; older servers tell it by the family only. */
function isChatModel(model: unknown): model is Json {
  if (typeof model !== "object" || model === null || typeof nameOf(model as Json) !== "string") return false;
  const { capabilities } = model as Json;
  if (Array.isArray(capabilities)) return capabilities.includes("completion");
  return !String(detailsOf(model as Json).family ?? "").includes("bert");
}

function discovered(model: Json): DiscoveredModel {
  const told = Array.isArray(model.capabilities) ? model.capabilities : [];
  const capabilities = told.map((name) => CAPABILITIES[String(name)]).filter((known) => known !== undefined);
  const window = model.context_length ?? detailsOf(model).context_length;
  return {
    modelId: nameOf(model) as string,
    ...(typeof window === "number" && window > 0 ? { contextWindow: window } : {}),
    capabilities,
  };
}

function nameOf(model: Json): unknown {
  return model.model ?? model.name;
}

function detailsOf(model: Json): Json {
  return typeof model.details === "object" && model.details !== null ? (model.details as Json) : {};
}

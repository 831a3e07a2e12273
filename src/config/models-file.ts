// Reads modelsconfig.yml: YAML, checked against `#/components/schemas/ModelsConfig` and for what a schema can't say.

import type { ModelsConfig } from "../generated/types.ts";
import { ModelsConfig as validator } from "../generated/validators.js";
import { type Blame, parseConfig, readText } from "./config-file.ts";
import { BUILT_IN } from "./providers.ts";
import { httpUrl } from "./units.ts";

/** Throws `config_invalid`. */
export function readModelsFile(path: string): ModelsConfig {
  return parseModels(readText(path, "set MODELS_CONFIG_PATH to a models configuration"), path);
}

/** `path` is only for messages. */
export function parseModels(source: string, path: string): ModelsConfig {
  const { value, blame } = parseConfig(source, path, validator);
  const models = value as ModelsConfig;
  checkNames(models, blame);
  return models;
}

function isUrl(text: string): boolean {
  try {
    return httpUrl(text) !== "";
  } catch {
    return false;
  }
}

const SECTIONS = [
  ...(["models", "embedding_models", "stt_models", "tts_models"] as const),
  ...(["moderation_models", "image_models"] as const),
];

/** Names that must not meet, and providers that must exist. */
function checkNames(config: ModelsConfig, blame: Blame): void {
  for (const name of Object.keys(config.providers ?? {})) {
    const own = config.providers?.[name];
    if (!Object.hasOwn(BUILT_IN, name) && !own?.base_url) throw blame(["providers", name], "needs a base_url");
    if (own?.base_url && !isUrl(own.base_url)) {
      throw blame(
        ["providers", name, "base_url"],
        "must be an http or https URL without credentials, query or fragment",
      );
    }
  }
  for (const section of SECTIONS) {
    const names = new Map<string, string>();
    for (const [id, model] of Object.entries(config[section] ?? {})) {
      for (const name of [id, ...(model.aliases ?? [])]) {
        const other = names.get(name);
        if (other !== undefined) throw blame([section, id], `"${name}" already names the model ${other}`);
        names.set(name, id);
      }
      model.backends.forEach(({ provider }, index) => {
        if (Object.hasOwn(BUILT_IN, provider) || Object.hasOwn(config.providers ?? {}, provider)) return;
        throw blame([section, id, "backends", String(index), "provider"], `no provider is called "${provider}"`);
      });
    }
  }
}

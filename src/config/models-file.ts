// Reads modelsconfig.yml: YAML, checked against `#/components/schemas/ModelsConfig` and for what a schema can't say. Every
// fault is one line: file, line, path, what is wrong.

import { readFileSync, statSync } from "node:fs";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { BrokerError } from "../core/errors.ts";
import type { ModelsConfig } from "../generated/types.ts";
import { ModelsConfig as validator } from "../generated/validators.js";
import { BUILT_IN } from "./providers.ts";
import { httpUrl } from "./units.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** Throws `config_invalid`. */
export function readModelsFile(path: string): ModelsConfig {
  return parseModels(read(path), path);
}

function read(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new BrokerError("config_invalid", `${path} is larger than 4 MiB`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof BrokerError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? cause.code : cause;
    throw new BrokerError(
      "config_invalid",
      `${path} can't be read (${reason}): set MODELS_CONFIG_PATH to a models configuration`,
    );
  }
}

/** `path` is only for messages. */
export function parseModels(source: string, path: string): ModelsConfig {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault) throw invalid(path, lines.linePos(fault.pos[0]).line, "", fault.message);
  const config = toPlain(document, path);
  const lineOf = (steps: readonly string[]): number => nodeLine(document, lines, steps);
  if (!validator(config)) {
    const first = validator.errors?.[0];
    const steps = pointerSteps(first?.instancePath ?? "");
    // A faulty name is told by the second error, after what is wrong with it.
    const named = validator.errors?.find((each) => each.keyword === "propertyNames");
    const unknown = first?.params.additionalProperty ?? named?.params.propertyName;
    const at = typeof unknown === "string" ? [...steps, unknown] : steps;
    const allowed = Array.isArray(first?.params.allowedValues) ? `: ${first.params.allowedValues.join(", ")}` : "";
    const reason = first?.keyword === "additionalProperties" ? "is not known here" : `${first?.message}${allowed}`;
    throw invalid(path, lineOf(at), at.join("."), reason);
  }
  const models = config as ModelsConfig;
  checkNames(models, (steps, reason) => invalid(path, lineOf(steps), steps.join("."), reason));
  return models;
}

function toPlain(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw invalid(path, 1, "", cause instanceof Error ? cause.message : String(cause));
  }
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

type Blame = (steps: readonly string[], reason: string) => BrokerError;

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

function pointerSteps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Line of the deepest key or item on the way that exists. */
function nodeLine(document: Document, lines: LineCounter, steps: readonly string[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of steps) {
    if (isAlias(node)) node = node.resolve(document);
    let at: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      at = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      at = node.items[Number(step)];
      node = at;
    }
    if (!isNode(at) || !at.range) break;
    offset = at.range[0];
  }
  return lines.linePos(offset).line;
}

function invalid(path: string, line: number, at: string, reason: string): BrokerError {
  const where = at === "" ? "" : ` ${at}`;
  return new BrokerError("config_invalid", `${path}:${line}:${where} ${reason}`, { param: at, line, path });
}

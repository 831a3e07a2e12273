// The models configuration in force: loaded at start, replaced whole by a reload (asked for, on SIGHUP or when the file
// changes), and widened by what discovery finds. A faulty file changes nothing but `fault`.

import { unwatchFile, watchFile } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { BrokerError } from "../core/errors.ts";
import type { Catalogue, Catalogues, ProviderEntry } from "../core/model.ts";
import type { DiscoveredModel } from "../core/provider.ts";
import type { ModelsConfig, ReloadDiff } from "../generated/types.ts";
import { buildCatalogues } from "./catalogue.ts";
import type { Env } from "./env.ts";
import { readModelsFile } from "./models-file.ts";

export interface Models {
  readonly path: string;
  /** Models for chat. */
  readonly catalogue: Catalogue;
  readonly catalogues: Catalogues;
  /** Unix milliseconds. */
  readonly loadedAt: number;
  /** Why the newest file was refused. */
  readonly fault: string | undefined;
  /** Atomic; throws `config_invalid` and keeps the old configuration. */
  reload(): ReloadDiff;
  /** Asks providers that can tell for their models; resolves when all have answered or not. */
  discover(): Promise<void>;
  /** Reloads when the file changes. */
  watch(told: (outcome: ReloadDiff | BrokerError) => void): void;
  close(): void;
}

export interface ModelsDeps {
  readonly path: string;
  readonly env: Pick<Env, "provider">;
  readonly now: () => number;
  /** Models of a provider of a dialect that has discovery, or undefined when nothing answers there. */
  /** Told of every configuration that came into force after the first. */
  readonly changed?: () => void;
  readonly ask: (provider: ProviderEntry) => Promise<readonly DiscoveredModel[]> | undefined;
}

const POLL_MS = 500;

/** Throws `config_invalid` when the first configuration is faulty. */
export function openModels(deps: ModelsDeps): Models {
  return new ModelsConfiguration(deps);
}

class ModelsConfiguration implements Models {
  readonly path: string;
  catalogues: Catalogues;
  loadedAt: number;
  fault: string | undefined;
  readonly #deps: ModelsDeps;
  #config: ModelsConfig;
  #discovered = new Map<string, readonly DiscoveredModel[] | undefined>();
  #watching = false;

  constructor(deps: ModelsDeps) {
    this.#deps = deps;
    this.path = deps.path;
    this.#config = readModelsFile(deps.path);
    this.catalogues = this.#build(this.#config);
    this.loadedAt = deps.now();
  }

  get catalogue(): Catalogue {
    return this.catalogues.chat;
  }

  reload(): ReloadDiff {
    try {
      const next = readModelsFile(this.path);
      this.catalogues = this.#build(next);
      const diff = compare(this.#config.models, next.models);
      this.#config = next;
      this.loadedAt = this.#deps.now();
      this.fault = undefined;
      this.#deps.changed?.();
      return diff;
    } catch (cause) {
      if (cause instanceof BrokerError) this.fault = cause.message;
      throw cause;
    }
  }

  async discover(): Promise<void> {
    const answers = await Promise.all(
      this.catalogue.providers.map(async (provider) => {
        const models = this.#deps.ask(provider);
        return models && ([provider.name, await models.catch(() => undefined)] as const);
      }),
    );
    const discovered = new Map(answers.filter((answer) => answer !== undefined));
    if (isDeepStrictEqual(discovered, this.#discovered)) return;
    this.#discovered = discovered;
    this.catalogues = this.#build(this.#config);
  }

  /** By polling: it sees files that editors replace, and file systems without events. */
  watch(told: (outcome: ReloadDiff | BrokerError) => void): void {
    this.#watching = true;
    watchFile(this.path, { interval: POLL_MS, persistent: false }, (now, before) => {
      if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
      try {
        told(this.reload());
      } catch (cause) {
        if (!(cause instanceof BrokerError)) throw cause;
        told(cause);
      }
    });
  }

  close(): void {
    if (this.#watching) unwatchFile(this.path);
  }

  #build(config: ModelsConfig): Catalogues {
    return buildCatalogues(config, this.#deps.env, this.#discovered);
  }
}

function compare(before: ModelsConfig["models"], after: ModelsConfig["models"]): ReloadDiff {
  const ids = Object.keys(after);
  return {
    models: ids.length,
    added: ids.filter((id) => !Object.hasOwn(before, id)),
    removed: Object.keys(before).filter((id) => !Object.hasOwn(after, id)),
    changed: ids.filter((id) => Object.hasOwn(before, id) && !isDeepStrictEqual(before[id], after[id])),
  };
}

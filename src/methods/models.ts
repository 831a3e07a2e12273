// models.*: the catalogue as callers see it.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { type Backend, type Catalogue, isUsable, isUsableModel, type Model } from "../core/model.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { Model as WireModel } from "../generated/types.ts";

export interface ModelsDeps {
  readonly catalogue: () => Catalogue;
  /** Unix milliseconds at which the configuration was loaded: the models' `created`. */
  readonly loadedAt: () => number;
}

export function modelsMethods({ catalogue, loadedAt }: ModelsDeps): HandlersOf<"models", Call> {
  // A catalogue never changes, so its list is made once.
  const lists = new WeakMap<Catalogue, WireModel[]>();
  const listOf = (all: Catalogue): WireModel[] => {
    let list = lists.get(all);
    if (!list) {
      list = all.models.map((model) => toWire(model, loadedAt()));
      lists.set(all, list);
    }
    return list;
  };
  return {
    "models.list": ({ usable }) => {
      const data = listOf(catalogue());
      return { object: "list", data: usable ? data.filter((model) => model.usable) : data };
    },
    "models.retrieve": ({ model: name }) => {
      const model = catalogue().byName.get(name);
      if (model) return toWire(model, loadedAt());
      throw new BrokerError("model_not_found", `No model is called "${name}"`, { param: "model" });
    },
  };
}

function toWire(model: Model, loadedAt: number): WireModel {
  return {
    id: model.id,
    object: "model",
    created: Math.floor(loadedAt / 1000),
    owned_by: model.backends[0]?.provider.name ?? "aibroker",
    display_name: model.displayName,
    tier: model.tier,
    capabilities: [...model.capabilities],
    context_window: model.contextWindow,
    ...(model.maxOutput === undefined ? {} : { max_output: model.maxOutput }),
    ...(model.aliases.length > 0 ? { aliases: [...model.aliases] } : {}),
    usable: isUsableModel(model),
    backends: model.backends.map(toWireBackend),
  };
}

function toWireBackend({ provider, modelId, priority, config }: Backend): WireModel["backends"][number] {
  const { free, input_cost, output_cost, cached_input_cost } = config;
  return {
    provider: provider.name,
    model_id: modelId,
    priority,
    usable: isUsable(provider),
    ...(free === undefined ? {} : { free }),
    ...(input_cost === undefined ? {} : { input_cost }),
    ...(output_cost === undefined ? {} : { output_cost }),
    ...(cached_input_cost === undefined ? {} : { cached_input_cost }),
  };
}

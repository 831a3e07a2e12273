// models.*: the catalogues as callers see them, those that chat first. A key that is bound to models sees those and no
// others.

import { usableBy } from "../core/allowed.ts";
import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { explain } from "../core/explain.ts";
import { type Backend, type Catalogue, type Catalogues, isUsable, type Model } from "../core/model.ts";
import type { Plan } from "../core/plan.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { ModelsRouteParams, Model as WireModel } from "../generated/types.ts";

export interface ModelsDeps {
  readonly catalogues: () => Catalogues;
  /** Unix milliseconds at which the configuration was loaded: the models' `created`. */
  readonly loadedAt: () => number;
  /** What complete would follow; throws `model_not_found`. */
  readonly plan: (params: ModelsRouteParams, call: Call) => Plan;
}

export function modelsMethods({ catalogues, loadedAt, plan }: ModelsDeps): HandlersOf<"models", Call> {
  // Catalogues never change, so their list is made once.
  const lists = new WeakMap<Catalogues, WireModel[]>();
  const make = (all: Catalogues, patterns: readonly string[] | undefined): WireModel[] =>
    inTurn(all).flatMap(({ models }) => models.flatMap((model) => toWire(model, loadedAt(), patterns) ?? []));
  const listOf = (all: Catalogues, patterns: readonly string[] | undefined): WireModel[] => {
    if (patterns) return make(all, patterns);
    let list = lists.get(all);
    if (!list) {
      list = make(all, undefined);
      lists.set(all, list);
    }
    return list;
  };
  return {
    "models.list": ({ usable }, { principal }) => {
      const data = listOf(catalogues(), principal.key?.models);
      return { object: "list", data: usable ? data.filter((model) => model.usable) : data };
    },
    "models.retrieve": ({ model: name }, { principal }) => {
      for (const { byName } of inTurn(catalogues())) {
        const model = byName.get(name);
        const shown = model && toWire(model, loadedAt(), principal.key?.models);
        if (shown) return shown;
      }
      throw new BrokerError("model_not_found", `No model is called "${name}"`, { param: "model" });
    },
    "models.route": (params, call) => explain(plan(params, call)),
  };
}

/** By kind; chat comes first. */
function inTurn({ chat, ...others }: Catalogues): readonly Catalogue[] {
  return [chat, ...Object.values(others)];
}

/** With the backends that the key may use; `undefined` when there are none. */
function toWire(model: Model, loadedAt: number, patterns: readonly string[] | undefined): WireModel | undefined {
  const backends = usableBy(patterns, model);
  if (backends.length === 0) return undefined;
  return {
    id: model.id,
    object: "model",
    kind: model.kind,
    created: Math.floor(loadedAt / 1000),
    owned_by: backends[0]?.provider.name ?? "aibroker",
    display_name: model.displayName,
    tier: model.tier,
    capabilities: [...model.capabilities],
    context_window: model.contextWindow,
    ...(model.maxOutput === undefined ? {} : { max_output: model.maxOutput }),
    ...(model.aliases.length > 0 ? { aliases: [...model.aliases] } : {}),
    usable: backends.some((backend) => isUsable(backend.provider)),
    backends: backends.map(toWireBackend),
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

// Why a plan has no candidate, as the caller's error: the last hurdle that any backend came to.

import { BrokerError } from "../errors.ts";
import type { NanoUsd } from "../money.ts";
import type { Ask, Dropped, Requirement } from "../plan.ts";
import type { Meaning } from "./meaning.ts";
import { leastCost, type Sieve, usd } from "./sieve.ts";

/** `first` is what the request's `model` means. */
export function refusalOf(ask: Ask, first: Meaning, { dropped, last }: Sieve): BrokerError {
  switch (last) {
    case "allowed":
      return new BrokerError("model_not_allowed", `This key may not use the model "${ask.model}"`, { param: "model" });
    case "able": {
      if (ask.requirement && ask.needs.capabilities.size === 0) return unmet(ask.model, ask.requirement, dropped);
      const capabilities = [...ask.needs.capabilities];
      return new BrokerError("capability_missing", `No usable model has ${capabilities.join(" and ")}`, {
        capabilities,
      });
    }
    case "room":
      return new BrokerError(
        "context_length_exceeded",
        `No usable model takes about ${ask.needs.promptTokens} tokens${behind(ask)}`,
        { param: "messages" },
      );
    case "priced":
      return new BrokerError("price_unknown", `The price of the model "${ask.model}" is not known`, { param: "model" });
    case "affordable":
      return tooDear(ask, dropped);
    case "credentials":
      return new BrokerError(
        "provider_credentials_exhausted",
        `${names(dropped.filter(({ reason }) => reason === "key is out"))} accepts none of the broker's keys`,
        { param: "model" },
      );
    case "usable":
      return unusable(ask, first, dropped);
  }
}

function unmet(model: string, { param, unmet }: Requirement, dropped: readonly Dropped[]): BrokerError {
  const reasons = new Set(dropped.map(({ backend }) => unmet(backend)).filter((reason) => reason !== undefined));
  const words = [...reasons].join("; ");
  return new BrokerError("capability_missing", `The model "${model}" can't serve this request: ${words}`, { param });
}

function behind({ needs }: Ask): string {
  return needs.maxTokens === undefined ? "" : ` and ${needs.maxTokens} of answer`;
}

function unusable(ask: Ask, first: Meaning, dropped: readonly Dropped[]): BrokerError {
  if (first.kind === "auto" && ask.models.length === 0) {
    return new BrokerError("no_usable_target", "No model can be called: no provider has a key");
  }
  const missing = [...new Set(dropped.map(({ backend }) => backend.provider.missing ?? ""))].filter(Boolean);
  const needs = missing.join(" or ");
  const message =
    ask.models.length > 0
      ? `None of the models can be called: they need ${needs}`
      : `${first.kind === "model" ? `The model "${first.model.id}"` : names(dropped)} can't be called: it needs ${needs}`;
  return new BrokerError("no_usable_target", message, { param: "model", missing });
}

/** By how much, for the cheapest of them. */
function tooDear({ needs, maxCost }: Ask, dropped: readonly Dropped[]): BrokerError {
  let least = Number.POSITIVE_INFINITY as NanoUsd;
  for (const { backend } of dropped) {
    const cost = backend.prices && leastCost(backend.prices, needs);
    if (cost !== undefined && maxCost !== undefined && cost > maxCost && cost < least) least = cost;
  }
  const cap = maxCost === undefined ? "" : `, max_cost is ${usd(maxCost)}`;
  return new BrokerError("max_cost_exceeded", `The request costs at least ${usd(least)}${cap}`, { param: "max_cost" });
}

function names(dropped: readonly Dropped[]): string {
  return [...new Set(dropped.map(({ backend }) => backend.provider.name))].join(" or ");
}

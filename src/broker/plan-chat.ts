// From a chat request to its plan: what complete follows and models.route shows.

import type { Call } from "../core/call.ts";
import { seededChance } from "../core/chance.ts";
import type { BrokerError } from "../core/errors.ts";
import { sentOf as sentMessage } from "../core/messages/sent.ts";
import type { Catalogue } from "../core/model.ts";
import { fromUsd } from "../core/money.ts";
import { type ChatNeeds, needsOf } from "../core/needs.ts";
import type { Ask, Plan, Requirement, Strategy } from "../core/plan.ts";
import { pricedOtherwise, refuseLookAlikes, unknownPrice } from "../core/priced-otherwise.ts";
import { sentOf, speaksResponses } from "../core/responses/sent.ts";
import { route } from "../core/route.ts";
import type { ChatCompletionsCreateParams } from "../generated/types.ts";
import type { Gate } from "./gate.ts";
import type { Health } from "./health.ts";

export interface PlanDeps {
  readonly catalogue: () => Catalogue;
  readonly health: Health;
  readonly gate: Gate;
  readonly strategy: Strategy;
  readonly unknownPrice: Ask["unknownPrice"];
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

type RoutedParams = ChatNeeds & Pick<ChatCompletionsCreateParams, "model" | "models" | "max_cost" | "seed">;

const NO_MODELS: readonly string[] = [];

/** Throws `model_not_found`. Money that is limited is not spent on what has no known price. */
export function planChat(deps: PlanDeps, params: RoutedParams, call: Pick<Call, "principal" | "ip">): Plan {
  const maxCost = params.max_cost ? fromUsd(params.max_cost) : undefined;
  const fault = sentOf(params)?.fault;
  const limited = maxCost !== undefined || deps.gate.hasBudget(call);
  refuseLookAlikes(params);
  const otherwise = otherwiseIn(params);
  if (otherwise && (limited || deps.unknownPrice === "deny")) throw unknownPrice(otherwise);
  const ask: Ask = {
    model: params.model,
    models: params.models ?? NO_MODELS,
    needs: needsOf(params),
    allowed: call.principal.key?.models,
    maxCost,
    unknownPrice: limited ? "deny" : deps.unknownPrice,
    strategy: deps.strategy,
    chance: typeof params.seed === "number" ? seededChance(params.seed) : deps.random,
    requirement: fault ? responsesOnly(fault) : itsOwnServers(params),
  };
  const plan = route(deps.catalogue(), ask, deps.health);
  if (fault && isUnmet(plan)) return { ...plan, refusal: fault };
  return otherwise ? { ...plan, pricedOtherwise: true } : plan;
}

/** Of a request that chat can't ask; the fault says why. */
function responsesOnly({ message, facts }: BrokerError): Requirement {
  return { param: facts.param ?? "", unmet: (backend) => (speaksResponses(backend) ? undefined : message) };
}

/** Anthropic reaches MCP servers by their addresses. Elsewhere they would be without effect, and nobody would be told. */
function itsOwnServers(params: object): Requirement | undefined {
  const servers = sentMessage(params as ChatCompletionsCreateParams)?.mcp_servers;
  if (!Array.isArray(servers) || servers.length === 0) return undefined;
  return {
    param: "mcp_servers",
    unmet: ({ provider: { name, dialect } }) =>
      dialect === "anthropic" ? undefined : `${name} reaches no MCP servers by address: name the broker's in \`mcp\``,
  };
}

/** No backend that may be called speaks Responses: then the fault itself says more than that. */
function isUnmet({ refusal, dropped }: Plan): boolean {
  return refusal?.kind === "capability_missing" && !dropped.some(({ backend }) => speaksResponses(backend));
}

/** In every form in which a provider may get the request. */
function otherwiseIn(params: object): string | undefined {
  const response = sentOf(params)?.params;
  const message = sentMessage(params as ChatCompletionsCreateParams);
  return (
    pricedOtherwise(params) ??
    (response ? pricedOtherwise(response) : undefined) ??
    (message ? pricedOtherwise(message) : undefined)
  );
}

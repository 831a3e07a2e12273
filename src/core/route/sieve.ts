// Which backends can serve a request now, and why others can't. Each backend that is considered ends in one of three
// lists, with the first hurdle that it did not pass as its reason.

import { mayUse } from "../allowed.ts";
import { type Backend, isUsable, type Model } from "../model.ts";
import { type NanoUsd, toUsd } from "../money.ts";
import { mostOutput, type Needs } from "../needs.ts";
import type { Ask, Candidate, Dropped, Outlook } from "../plan.ts";
import { type Prices, worstCase } from "../price.ts";

/** In the order in which they are met. */
const HURDLES = ["allowed", "usable", "able", "room", "priced", "affordable", "credentials"] as const;
type Hurdle = (typeof HURDLES)[number];

/** What a backend did not pass. */
export interface Obstacle {
  readonly hurdle: Hurdle;
  /** For people. */
  readonly reason: string;
}

export interface Cooling {
  readonly candidate: Candidate;
  /** Unix milliseconds. */
  readonly until: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const NOT_ALLOWED: Obstacle = { hurdle: "allowed", reason: "not allowed for this key" };
const NO_PRICE: Obstacle = { hurdle: "priced", reason: "price not known" };
const KEY_OUT: Obstacle = { hurdle: "credentials", reason: "key is out" };
export const NOT_NEEDED: Obstacle = { hurdle: "usable", reason: "answers only where nothing else can be called" };

export class Sieve {
  /** Of the name that is being sifted; taken from here in their final order. */
  ready: Candidate[] = [];
  cooling: Cooling[] = [];
  readonly dropped: Dropped[] = [];
  #last = -1;
  readonly #ask: Ask;
  readonly #outlook: Outlook;

  constructor(ask: Ask, outlook: Outlook) {
    this.#ask = ask;
    this.#outlook = outlook;
  }

  /** The last hurdle that any backend came to and did not pass. */
  get last(): Hurdle {
    return HURDLES[this.#last] ?? "usable";
  }

  /** `judged`: the model must be able to serve this request; a model asked for by name is not second-guessed. */
  consider(model: Model, backend: Backend, judged: boolean, reason: string): void {
    const until = this.#coolingUntil(backend);
    const obstacle = obstacleOf(model, backend, judged, this.#ask) ?? (until === NEVER ? KEY_OUT : undefined);
    if (obstacle) {
      this.drop(model, backend, obstacle);
      return;
    }
    const { needs } = this.#ask;
    const { prices } = backend;
    const cost = prices && {
      min: worstCase(prices, needs.promptTokens, 0, needs.units),
      max: worstCase(prices, needs.promptTokensAtMost, mostOutput(needs, model), needs.units),
    };
    if (until === undefined) {
      this.ready.push({ model, backend, reason, cost });
      return;
    }
    const seconds = Math.max(1, Math.ceil((until - this.#outlook.now()) / 1000));
    this.cooling.push({ candidate: { model, backend, reason: `cooling down for ${seconds} s`, cost }, until });
  }

  drop(model: Model, backend: Backend, { hurdle, reason }: Obstacle): void {
    this.dropped.push({ model, backend, reason });
    this.#last = Math.max(this.#last, HURDLES.indexOf(hurdle));
  }

  /** The earliest of its keys; `undefined`: one is ready. */
  #coolingUntil(backend: Backend): number | undefined {
    let earliest: number | undefined;
    for (const key of backend.provider.keys) {
      const until = this.#outlook.coolingUntil(backend, key);
      if (until === undefined) return undefined;
      earliest = Math.min(earliest ?? until, until);
    }
    return earliest;
  }
}

/** The first hurdle that it does not pass. */
function obstacleOf(model: Model, backend: Backend, judged: boolean, ask: Ask): Obstacle | undefined {
  const { needs, allowed, maxCost, unknownPrice } = ask;
  const { provider, prices } = backend;
  if (!mayUse(allowed, model, backend)) return NOT_ALLOWED;
  if (!isUsable(provider)) return { hurdle: "usable", reason: `needs ${provider.missing}` };
  const unable = judged ? inability(model, needs) : undefined;
  if (unable) return unable;
  const unmet = ask.requirement?.unmet(backend);
  if (unmet !== undefined) return { hurdle: "able", reason: unmet };
  // A cap can't be kept where nobody knows what is spent.
  if (!prices) return unknownPrice === "deny" || maxCost !== undefined ? NO_PRICE : undefined;
  if (maxCost === undefined) return undefined;
  const least = leastCost(prices, needs);
  if (least <= maxCost) return undefined;
  return { hurdle: "affordable", reason: `costs at least ${usd(least)}, max_cost is ${usd(maxCost)}` };
}

function inability(model: Model, needs: Needs): Obstacle | undefined {
  const lacking: string[] = [];
  for (const each of needs.capabilities) if (!model.capabilities.has(each)) lacking.push(each);
  if (lacking.length > 0) return { hurdle: "able", reason: `lacks ${lacking.join(" and ")}` };
  // Of embeddings the window is that of each input, which the provider judges.
  if (model.kind === "embedding" || model.contextWindow === 0 || size(needs) <= model.contextWindow) return undefined;
  const reason = `takes ${model.contextWindow} tokens, the request needs about ${size(needs)}`;
  return { hurdle: "room", reason };
}

/** With one token of answer a choice. */
export function leastCost(prices: Prices, needs: Needs): NanoUsd {
  const { promptTokensAtMost, maxTokens, choices, units, fixedOutput } = needs;
  const output = fixedOutput ? (maxTokens ?? 0) * choices : maxTokens === 0 ? 0 : choices;
  return worstCase(prices, promptTokensAtMost, output, units);
}

/** Tokens that the context window must hold. */
function size({ promptTokens, maxTokens }: Needs): number {
  return promptTokens + (maxTokens ?? 0);
}

/** `$0.05`, exact and without an exponent. */
export function usd(amount: NanoUsd): string {
  return `$${toUsd(amount)
    .toFixed(9)
    .replace(/\.?0+$/, "")}`;
}

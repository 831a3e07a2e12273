// What a call costs at a backend. Parts without a price of their own fall back: cached and written input to the input
// price, reasoning to the output price, audio to the text price of its side. Above a tier's input the whole call has the
// tier's prices.

import type { BackendConfig, PriceTier } from "../generated/types.ts";
import type { ModelKind } from "./model-kind.ts";
import { fromPico, type NanoUsd, type PicoUsd, perMillion } from "./money.ts";
import { inputTokens, NO_UNITS, type TokenParts, type Units } from "./usage.ts";

/** Pico-USD per token of each part. */
export interface PartPrices {
  readonly inputUncached: PicoUsd;
  readonly cacheRead: PicoUsd;
  readonly cacheWrite: PicoUsd;
  readonly cacheWrite1h: PicoUsd;
  readonly audioInput: PicoUsd;
  readonly outputText: PicoUsd;
  readonly reasoning: PicoUsd;
  readonly audioOutput: PicoUsd;
}

export interface Prices extends PartPrices {
  /** Pico-USD, with parts of one. */
  readonly second: number;
  readonly character: number;
  readonly image: number;
  /** Dearest input first, so that the first one that fits is the one. */
  readonly tiers: readonly { readonly above: number; readonly prices: PartPrices }[];
}

/** Prices of a backend, or `undefined` where the configuration does not tell all that its kind is billed by. */
export function pricesOf(backend: BackendConfig, kind: ModelKind = "chat"): Prices | undefined {
  if (!backend.free && !isPriced(backend, kind)) return undefined;
  const { tiers = [], per_minute = 0, per_hour = 0, per_character = 0, per_image = 0 } = backend;
  const pico = backend.free ? 0 : 1e12;
  return {
    ...partPrices(backend, backend.free === true),
    second: pico * (per_minute / 60 + per_hour / 3600),
    character: pico * per_character,
    image: pico * per_image,
    tiers: tiers
      .map((tier) => ({ above: tier.above, prices: partPrices({ ...backend, ...tier }, backend.free === true) }))
      .sort((a, b) => b.above - a.above),
  };
}

/** A side that is not named would be given away. */
function isPriced(backend: BackendConfig, kind: ModelKind): boolean {
  const input = backend.input_cost !== undefined;
  const tokens = input && backend.output_cost !== undefined;
  switch (kind) {
    case "chat":
      return tokens;
    case "embedding":
    case "moderation":
      return input;
    case "transcription":
      return tokens || backend.per_minute !== undefined || backend.per_hour !== undefined;
    case "speech":
      return tokens || backend.per_character !== undefined;
    case "image":
      return tokens || backend.per_image !== undefined;
  }
}

function partPrices(costs: Omit<PriceTier, "above">, free: boolean): PartPrices {
  const of = (usd: number | undefined, otherwise: number): number => (free ? 0 : (usd ?? otherwise));
  const input = of(costs.input_cost, 0);
  const output = of(costs.output_cost, 0);
  const write = of(costs.cache_write_cost, input);
  return {
    inputUncached: perMillion(input),
    cacheRead: perMillion(of(costs.cached_input_cost, input)),
    cacheWrite: perMillion(write),
    cacheWrite1h: perMillion(of(costs.cache_write_1h_cost, write)),
    audioInput: perMillion(of(costs.audio_input_cost, input)),
    outputText: perMillion(output),
    reasoning: perMillion(of(costs.reasoning_cost, output)),
    audioOutput: perMillion(of(costs.audio_output_cost, output)),
  };
}

/** Cost of a call, rounded once. */
export function cost(tokens: TokenParts, prices: Prices, units: Units = NO_UNITS): NanoUsd {
  const at = pricesAt(prices, prices.tiers.length > 0 ? inputTokens(tokens) : 0);
  return fromPico(
    tokens.inputUncached * at.inputUncached +
      tokens.cacheRead * at.cacheRead +
      tokens.cacheWrite * at.cacheWrite +
      tokens.cacheWrite1h * at.cacheWrite1h +
      tokens.audioInput * at.audioInput +
      tokens.outputText * at.outputText +
      tokens.reasoning * at.reasoning +
      tokens.audioOutput * at.audioOutput +
      picoOf(units, prices),
  );
}

function picoOf(units: Units, prices: Prices): number {
  return units.seconds * prices.second + units.characters * prices.character + units.images * prices.image;
}

/** The input of a request that is held for is an estimate, and the vendor's count may lie in the next tier. */
const TIER_MARGIN = 1.25;

/** The dearest that so many tokens can come to, whatever their kind, and the units beside them; rounded up. */
export function worstCase(prices: Prices, input: number, output: number, units: Units = NO_UNITS): NanoUsd {
  const at = pricesAt(prices, input * TIER_MARGIN);
  const dearestInput = Math.max(at.inputUncached, at.cacheRead, at.cacheWrite, at.cacheWrite1h, at.audioInput);
  const dearestOutput = Math.max(at.outputText, at.reasoning, at.audioOutput);
  return Math.ceil((input * dearestInput + output * dearestOutput + picoOf(units, prices)) / 1000) as NanoUsd;
}

/** Pico-USD of so much plain text and the units beside it, for comparisons. */
export function expectedCost(prices: Prices, input: number, output: number, units: Units): number {
  const at = pricesAt(prices, input);
  return input * at.inputUncached + output * at.outputText + picoOf(units, prices);
}

/** Output tokens that `amount` pays for behind such an input; 0 or more, Infinity where output is free. */
export function affordableOutput(prices: Prices, input: number, amount: NanoUsd): number {
  const at = pricesAt(prices, input * TIER_MARGIN);
  const left = amount - worstCase(prices, input, 0);
  const dearestOutput = Math.max(at.outputText, at.reasoning, at.audioOutput);
  if (left < 0) return 0;
  return dearestOutput === 0 ? Number.POSITIVE_INFINITY : Math.floor((left * 1000) / dearestOutput);
}

/** Prices of a call with that much input. */
export function pricesAt(prices: Prices, input: number): PartPrices {
  for (const tier of prices.tiers) if (input > tier.above) return tier.prices;
  return prices;
}

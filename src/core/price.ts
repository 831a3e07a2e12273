// What a call costs at a backend. Parts without a price of their own fall back: cached and written input to the input
// price, reasoning to the output price, audio to the text price of its side. Above a tier's input the whole call has the
// tier's prices.

import type { BackendConfig, PriceTier } from "../generated/types.ts";
import { fromPico, type NanoUsd, type PicoUsd, perMillion } from "./money.ts";
import { inputTokens, type TokenParts } from "./usage.ts";

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

export interface TokenPrices extends PartPrices {
  /** Dearest input first, so that the first one that fits is the one. */
  readonly tiers: readonly { readonly above: number; readonly prices: PartPrices }[];
}

/** Prices of a chat backend, or `undefined` where the configuration does not tell both sides and does not say `free`. */
export function tokenPrices(backend: BackendConfig): TokenPrices | undefined {
  if (!backend.free && (backend.input_cost === undefined || backend.output_cost === undefined)) return undefined;
  const { tiers = [] } = backend;
  return {
    ...partPrices(backend, backend.free === true),
    tiers: tiers
      .map((tier) => ({ above: tier.above, prices: partPrices({ ...backend, ...tier }, backend.free === true) }))
      .sort((a, b) => b.above - a.above),
  };
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
export function cost(tokens: TokenParts, prices: TokenPrices): NanoUsd {
  const at = pricesAt(prices, prices.tiers.length > 0 ? inputTokens(tokens) : 0);
  return fromPico(
    tokens.inputUncached * at.inputUncached +
      tokens.cacheRead * at.cacheRead +
      tokens.cacheWrite * at.cacheWrite +
      tokens.cacheWrite1h * at.cacheWrite1h +
      tokens.audioInput * at.audioInput +
      tokens.outputText * at.outputText +
      tokens.reasoning * at.reasoning +
      tokens.audioOutput * at.audioOutput,
  );
}

/** The dearest that so many tokens can come to, whatever their kind; rounded up. */
export function worstCase(prices: TokenPrices, input: number, output: number): NanoUsd {
  const at = pricesAt(prices, input);
  const dearestInput = Math.max(at.inputUncached, at.cacheRead, at.cacheWrite, at.cacheWrite1h, at.audioInput);
  const dearestOutput = Math.max(at.outputText, at.reasoning, at.audioOutput);
  return Math.ceil((input * dearestInput + output * dearestOutput) / 1000) as NanoUsd;
}

/** Output tokens that `amount` pays for behind such an input; 0 or more, Infinity where output is free. */
export function affordableOutput(prices: TokenPrices, input: number, amount: NanoUsd): number {
  const at = pricesAt(prices, input);
  const left = amount - worstCase(prices, input, 0);
  const dearestOutput = Math.max(at.outputText, at.reasoning, at.audioOutput);
  if (left < 0) return 0;
  return dearestOutput === 0 ? Number.POSITIVE_INFINITY : Math.floor((left * 1000) / dearestOutput);
}

/** Prices of a call with that much input. */
export function pricesAt(prices: TokenPrices, input: number): PartPrices {
  for (const tier of prices.tiers) if (input > tier.above) return tier.prices;
  return prices;
}

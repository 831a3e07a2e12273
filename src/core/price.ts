// What a call costs at a backend. Parts without a price of their own fall back: cached and written input to the input
// price, reasoning to the output price, audio to the text price of its side.

import type { BackendConfig } from "../generated/types.ts";
import { fromPico, type NanoUsd, type PicoUsd, perMillion } from "./money.ts";
import type { TokenParts } from "./usage.ts";

/** Pico-USD per token of each part. */
export interface TokenPrices {
  readonly [part: string]: PicoUsd;
  readonly inputUncached: PicoUsd;
  readonly cacheRead: PicoUsd;
  readonly cacheWrite: PicoUsd;
  readonly cacheWrite1h: PicoUsd;
  readonly audioInput: PicoUsd;
  readonly outputText: PicoUsd;
  readonly reasoning: PicoUsd;
  readonly audioOutput: PicoUsd;
}

/** Prices of a backend, or `undefined` when the configuration names none and does not say `free`. */
export function tokenPrices(backend: BackendConfig): TokenPrices | undefined {
  if (!backend.free && backend.input_cost === undefined && backend.output_cost === undefined) return undefined;
  const of = (usd: number | undefined, otherwise: number): number => (backend.free ? 0 : (usd ?? otherwise));
  const input = of(backend.input_cost, 0);
  const output = of(backend.output_cost, 0);
  const write = of(backend.cache_write_cost, input);
  return {
    inputUncached: perMillion(input),
    cacheRead: perMillion(of(backend.cached_input_cost, input)),
    cacheWrite: perMillion(write),
    cacheWrite1h: perMillion(of(backend.cache_write_1h_cost, write)),
    audioInput: perMillion(of(backend.audio_input_cost, input)),
    outputText: perMillion(output),
    reasoning: perMillion(of(backend.reasoning_cost, output)),
    audioOutput: perMillion(of(backend.audio_output_cost, output)),
  };
}

/** Cost of a call, rounded once. */
export function cost(tokens: TokenParts, prices: TokenPrices): NanoUsd {
  return fromPico(
    tokens.inputUncached * prices.inputUncached +
      tokens.cacheRead * prices.cacheRead +
      tokens.cacheWrite * prices.cacheWrite +
      tokens.cacheWrite1h * prices.cacheWrite1h +
      tokens.audioInput * prices.audioInput +
      tokens.outputText * prices.outputText +
      tokens.reasoning * prices.reasoning +
      tokens.audioOutput * prices.audioOutput,
  );
}

// Money is a whole number of nano-USD. Prices are kept as whole pico-USD a token (USD per million tokens × 10^6), so that
// a cost is a sum of integer products, rounded once.

declare const nanoUsd: unique symbol;
/** 10^-9 USD, a safe integer. */
export type NanoUsd = number & { readonly [nanoUsd]: true };

declare const picoUsd: unique symbol;
/** 10^-12 USD per unit (token, character ...), a safe integer. */
export type PicoUsd = number & { readonly [picoUsd]: true };

export const ZERO = 0 as NanoUsd;

/** A price in USD per million tokens; six decimals are kept. */
export function perMillion(usd: number): PicoUsd {
  return Math.round(usd * 1e6) as PicoUsd;
}

/** Rounds a sum of tokens × price, half up. */
export function fromPico(pico: number): NanoUsd {
  return Math.min(Math.round(pico / 1000), Number.MAX_SAFE_INTEGER) as NanoUsd;
}

/** An amount that people gave in USD. */
export function fromUsd(usd: number): NanoUsd {
  return Math.round(usd * 1e9) as NanoUsd;
}

/** For people and JSON: USD as a number. */
export function toUsd(amount: NanoUsd): number {
  return amount / 1e9;
}

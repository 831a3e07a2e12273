// Limits as response headers, in OpenAI's names and forms, so that its SDKs and their users' code pace themselves.

import type { RateState, RateStates } from "../core/call.ts";

/** Adds to a flat list of headers. */
export function pushRates(headers: string[], { requests, tokens }: RateStates): void {
  if (requests) pushRate(headers, "requests", requests);
  if (tokens) pushRate(headers, "tokens", tokens);
}

function pushRate(headers: string[], of: string, { limit, remaining, resetMs }: RateState): void {
  headers.push(`x-ratelimit-limit-${of}`, String(limit), `x-ratelimit-remaining-${of}`, String(remaining));
  headers.push(`x-ratelimit-reset-${of}`, durationText(resetMs));
}

/** `120ms`, `1.5s`, `6m0s`, `1h0m0s`. Rounded up: who waits that long waits long enough. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms));
  if (whole < 1000) return whole === 0 ? "0s" : `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = `${(whole % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

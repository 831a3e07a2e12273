// Failures of what serves on this machine, in the shape that a vendor's would have.

import { ProviderFailure } from "../core/provider.ts";

const RETRY_AFTER_MS = 1_000;

/** The caller's signal was aborted. */
export function aborted(signal: AbortSignal): ProviderFailure {
  return new ProviderFailure("aborted", "the call was ended", { cause: signal.reason });
}

/** All places are taken; there may be one soon. */
export function busy(message: string): ProviderFailure {
  const upstream = { message, type: "rate_limit_error", code: "rate_limit_exceeded" };
  return new ProviderFailure("status", message, { status: 429, retryAfterMs: RETRY_AFTER_MS, upstream });
}

/** Its optional packages are not there. */
export function notInstalled(called: string, packages: string): ProviderFailure {
  const message = `${called} is not installed: npm install ${packages}`;
  return new ProviderFailure("status", message, { status: 501, upstream: { message } });
}

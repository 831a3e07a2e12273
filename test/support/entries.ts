// Calls as the ledger sees them, with every fact filled in.

import type { CallEnd, CallStart } from "../../src/core/ledger.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import type { TokenParts } from "../../src/core/usage.ts";
import { NO_UNITS } from "../../src/core/usage.ts";
import { pick } from "./random.ts";

export function start(more: Partial<CallStart> = {}): CallStart {
  return {
    requestId: "req_1",
    parentId: undefined,
    startedAt: 1_700_000_000_123,
    ip: "127.0.0.1",
    keyId: undefined,
    method: "chat.completions.create",
    modelAsked: "auto",
    stream: false,
    ...more,
  };
}

export function end(more: Partial<CallEnd> = {}): CallEnd {
  return {
    finishedAt: 1_700_000_001_500,
    ttftMs: 321,
    modelServed: "gpt4o",
    provider: "openai",
    modelId: "gpt-4o",
    keyLabel: "openai-0",
    units: NO_UNITS,
    tokens: {
      inputUncached: 1,
      cacheRead: 2,
      cacheWrite: 3,
      cacheWrite1h: 4,
      audioInput: 5,
      outputText: 6,
      reasoning: 7,
      audioOutput: 8,
    },
    usageSource: "provider",
    costNanoUsd: 7_500_000 as NanoUsd,
    priceKnown: true,
    attempts: 2,
    status: "ok",
    errorKind: undefined,
    ...more,
  };
}

/** Within some months, by a clock that jumps; of few enough addresses, keys and models that sums have several rows. */
export function randomCall(random: () => number, requestId: string): [CallStart, CallEnd] {
  const startedAt = Date.UTC(2026, 9, 30) + Math.floor(random() * 70 * 86_400_000);
  const served = random() < 0.9;
  const count = (): number => Math.floor(random() * 1000);
  const tokens = Object.fromEntries(Object.keys(end().tokens).map((kind) => [kind, count()])) as unknown as TokenParts;
  return [
    start({ requestId, startedAt, ip: pick(random, IPS), keyId: pick(random, KEYS) }),
    end({
      finishedAt: startedAt + Math.floor(random() * 90_000),
      modelServed: served ? pick(random, MODELS) : undefined,
      provider: served ? pick(random, PROVIDERS) : undefined,
      tokens,
      costNanoUsd: Math.floor(random() * 1e9) as NanoUsd,
      status: pick(random, ["ok", "ok", "ok", "error", "cancelled", "interrupted"]),
    }),
  ];
}

export const IPS = ["10.0.0.1", "10.0.0.2", "::1", "unix:1000"];
export const KEYS = ["key_a", "key_b", "jwt:c", undefined];
export const MODELS = ["gpt4o", "deepseek-chat", "x/y"];
export const PROVIDERS = ["openai", "openrouter"];

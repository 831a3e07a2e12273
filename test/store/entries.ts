// Calls as the ledger sees them, with every fact filled in.

import type { CallEnd, CallStart } from "../../src/core/ledger.ts";
import type { NanoUsd } from "../../src/core/money.ts";

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
    attempts: 2,
    status: "ok",
    errorKind: undefined,
    ...more,
  };
}

// What a settled call costs: held and settled in groups, as calls come in under load, by callers that are alike and by
// callers that all differ.

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { CallEnd, CallStart } from "../../src/core/ledger.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { NO_TOKENS, NO_UNITS } from "../../src/core/usage.ts";
import { createLedger } from "../../src/store/ledger.ts";
import type { Place } from "./ledger-cases.ts";
import { ADDRESSES, addressName, KEYS, keyName, modelOf, providerOf, SERVED } from "./ledger-names.ts";

const CALLS = 8000;
const WARM_UP = 3000;

/** Microseconds a row, by name. */
export async function settleMicros({ db, folder, now }: Place): Promise<Map<string, number>> {
  // The database stays open for the bench, so the ledger is not closed: it has no timers when nothing has failed.
  const ledger = createLedger({
    db,
    folder: mkdtempSync(join(folder, "journal-")),
    pid: 1,
    isAlive: () => true,
    now: () => now,
  });
  const settle = async (calls: readonly [CallStart, CallEnd][], group: number): Promise<void> => {
    for (let n = 0; n < calls.length; n += group) {
      const some = calls.slice(n, n + group);
      await Promise.all(some.map(async ([start, end]) => ledger.settle(await ledger.hold(start), start, end)));
    }
  };
  const micros = new Map<string, number>();
  for (const [who, variety] of Object.entries({ "one caller": 1, "any caller": Number.POSITIVE_INFINITY })) {
    for (const group of [1, 4, 16]) {
      const calls = Array.from({ length: WARM_UP + CALLS }, (_, n) => call(n, now, variety));
      await settle(calls.slice(0, WARM_UP), group);
      const began = performance.now();
      await settle(calls.slice(WARM_UP), group);
      micros.set(`hold and settle, groups of ${group}, ${who}`, ((performance.now() - began) * 1000) / CALLS);
    }
  }
  return micros;
}

function call(n: number, now: number, variety: number): [CallStart, CallEnd] {
  const pick = (below: number): number => Math.floor(Math.random() * Math.min(below, variety));
  const served = pick(SERVED);
  return [
    {
      requestId: `req_bench_${n}`,
      parentId: undefined,
      startedAt: now,
      ip: addressName(pick(ADDRESSES)),
      keyId: keyName(pick(KEYS)),
      method: "chat.completions.create",
      modelAsked: "auto",
      stream: false,
    },
    {
      finishedAt: now,
      ttftMs: 250,
      modelServed: modelOf(served),
      provider: providerOf(served),
      modelId: "m",
      keyLabel: "k-0",
      units: NO_UNITS,
      tokens: { ...NO_TOKENS, inputUncached: 400, outputText: 150 },
      usageSource: "provider",
      costNanoUsd: 1_500_000 as NanoUsd,
      priceKnown: true,
      attempts: 1,
      status: "ok",
      errorKind: undefined,
    },
  ];
}

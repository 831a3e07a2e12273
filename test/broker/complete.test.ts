// The life of one metered completion, with a scripted provider and a real ledger: whatever happens, one row, no hold, and
// the row is on disk before the answer is.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { type CompleteDeps, complete } from "../../src/broker/complete.ts";
import { Gate } from "../../src/broker/gate.ts";
import { Health } from "../../src/broker/health.ts";
import { InFlight } from "../../src/broker/in-flight.ts";
import { Speeds } from "../../src/broker/speeds.ts";
import { Sticky } from "../../src/broker/sticky.ts";
import { createTokenCounter } from "../../src/broker/token-counter.ts";
import { buildCatalogues } from "../../src/config/catalogue.ts";
import type { Budget } from "../../src/core/budget.ts";
import type { Call, ProgressRun, Receipt } from "../../src/core/call.ts";
import type { ChunkRun } from "../../src/core/completion.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { Key } from "../../src/core/key.ts";
import type { Spending } from "../../src/core/ledger.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { type Provider, type ProviderCall, ProviderFailure } from "../../src/core/provider.ts";
import { Secret } from "../../src/core/secret.ts";
import type { ChatChunk, ChatCompletion, ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { createLedger } from "../../src/store/ledger.ts";
import { createSpending } from "../../src/store/spending.ts";
import { openSqlite, type Sqlite } from "../../src/store/sqlite.ts";

type Step = (call: ProviderCall) => AsyncGenerator<ChunkRun, void>;

const PARAMS: ChatCompletionsCreateParams = { model: "m", messages: [{ role: "user", content: "Hello!" }] };
const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 100,
  total_tokens: 1100,
  prompt_tokens_details: { cached_tokens: 400 },
  completion_tokens_details: { reasoning_tokens: 40 },
};
const ANSWER: ChatCompletion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "up",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi there" }, finish_reason: "stop" }],
  usage: USAGE,
};

function chunk(content: string | null, more: Partial<ChatChunk> = {}): ChatChunk {
  const choices = content === null ? [] : [{ index: 0, delta: { content }, finish_reason: null }];
  return { id: "c1", object: "chat.completion.chunk", created: 1, model: "up", choices, ...more };
}
const NO_LIMITS = { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined };
const END = chunk(null, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });

/** A provider that plays one step a call. */
class Scripted implements Provider {
  readonly calls: ProviderCall[] = [];
  steps: Step[] = [];
  whole: ((call: ProviderCall) => Promise<ChatCompletion>)[] = [];

  stream(call: ProviderCall): AsyncIterable<ChunkRun> {
    this.calls.push(call);
    return this.steps.shift()!(call);
  }

  complete(call: ProviderCall): Promise<ChatCompletion> {
    this.calls.push(call);
    return this.whole.shift()!(call);
  }

  async close(): Promise<void> {}
}

let db: Sqlite;
let upstream: Scripted;
let deps: CompleteDeps;
let clock: number;
const folders: string[] = [];
after(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

beforeEach(() => {
  db = openSqlite(":memory:");
  const folder = mkdtempSync(join(tmpdir(), "ab-"));
  folders.push(folder);
  upstream = new Scripted();
  clock = 1_000_000;
  const now = (): number => clock++;
  const backend = { provider: "openai", model_id: "up-1", input_cost: 2.5, output_cost: 10, cached_input_cost: 1.25 };
  const groq = { ...backend, provider: "groq", model_id: "up-2", input_cost: 1 };
  const catalogue = buildCatalogues(
    {
      models: {
        m: { backends: [backend, groq] },
        flat: {
          backends: [
            { provider: "openai", model_id: "up-3", priority: 0 },
            { ...groq, priority: 1 },
          ],
        },
      },
    },
    {
      provider: (name) => ({
        keys:
          name === "openai" ? [new Secret("sk-one"), new Secret("sk-two")] : name === "groq" ? [new Secret("gsk")] : [],
        baseUrl: undefined,
        keyVariable: `${name.toUpperCase()}_API_KEY`,
      }),
    },
    new Map(),
  ).chat;
  const speeds = new Speeds({ now });
  deps = {
    catalogue: () => catalogue,
    providers: { openai: upstream, anthropic: upstream, ollama: upstream, embedded: upstream, command: upstream },
    ledger: createLedger({ db, folder, pid: 1, isAlive: () => false, now }),
    counter: createTokenCounter(),
    strategy: "cheapest",
    unknownPrice: "flag",
    gate: new Gate({
      spending: createSpending(db),
      ...{ globalBudget: undefined, ipBudget: undefined, ipRequestsPerMinute: undefined, now, ticks: now },
      ...{ onAlert: () => {}, onRefusal: () => {} },
    }),
    tracing: undefined,
    ticks: now,
    speeds,
    health: new Health({ now, speeds }),
    sticky: new Sticky({ now }),
    backoff: { initialMs: 1, maxMs: 2, maxElapsedMs: 50, multiplier: 1.5, randomization: 0 },
    inFlight: new InFlight(),
    now,
    random: () => 0.5,
    onEnd: () => {},
  };
});

interface Made {
  readonly call: Call;
  readonly abort: AbortController;
  readonly sent: ProgressRun[];
  readonly receipts: Receipt[];
}

function makeCall(streaming: boolean, onProgress?: (run: ProgressRun) => void | Promise<void>): Made {
  const abort = new AbortController();
  const sent: ProgressRun[] = [];
  const receipts: Receipt[] = [];
  const call: Call = {
    parentId: undefined,
    peer: undefined,
    requestId: "req_1",
    method: "chat.completions.create",
    principal: { name: "anonymous", keyId: undefined, key: undefined, scopes: new Set(["inference"]) },
    deadline: undefined,
    explain: false,
    traceparent: undefined,
    ip: "127.0.0.1",
    startedAt: clock,
    signal: abort.signal,
    progress: streaming
      ? (run) => {
          sent.push(run);
          return onProgress?.(run);
        }
      : undefined,
    tellReceipt: (receipt) => receipts.push(receipt),
    authenticate: () => assert.fail("not called"),
  };
  return { call, abort, sent, receipts };
}

function row(): Record<string, unknown> {
  const rows = db.prepare("SELECT * FROM request_logs").all();
  assert.equal(rows.length, 1, "exactly one row");
  assert.equal(deps.ledger.byIp(1)[0]?.inFlight, 0, "no call is left open");
  return rows[0] as Record<string, unknown>;
}

function fails(status: number, facts: { retryAfterMs?: number } = {}): Step {
  // biome-ignore lint/correctness/useYield: it fails before the first chunk
  return async function* () {
    throw new ProviderFailure("status", `status ${status}`, { status, ...facts });
  };
}

async function* answers(): AsyncGenerator<ChunkRun, void> {
  yield { values: [chunk("Hi ")], sse: 'data: {"a":1}\n\n' };
  yield { values: [chunk("there"), END] };
  yield { values: [chunk(null, { usage: USAGE })] };
}

describe("a call in one piece", () => {
  test("is answered, priced by the parts of its usage, and logged", async () => {
    upstream.whole = [async () => ANSWER];
    const { call, receipts } = makeCall(false);
    const result = await complete(deps, PARAMS, call);
    // 600 × 2500 + 400 × 1250 + 100 × 10000 nano-USD
    assert.equal(result.usage?.cost, 0.003);
    assert.deepEqual(receipts.at(-1), { model: "m", provider: "openai", attempts: 1, costNanoUsd: 3_000_000 });
    const { cost_nano_usd, status, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, ...rest } =
      row();
    assert.deepEqual(
      { cost_nano_usd, status, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens },
      {
        cost_nano_usd: 3_000_000,
        status: "ok",
        input_tokens: 600,
        cached_input_tokens: 400,
        output_tokens: 60,
        reasoning_tokens: 40,
      },
    );
    assert.equal(rest.provider_key, "openai-0");
    assert.equal(rest.usage_source, "provider");
    assert.equal(rest.model_id, "up-1");
  });

  test("without usage is counted and marked", async () => {
    const { usage: _, ...answer } = ANSWER;
    upstream.whole = [async () => answer as ChatCompletion];
    const result = await complete(deps, PARAMS, makeCall(false).call);
    assert.equal(result.usage?.estimated, true);
    assert.equal(row().usage_source, "estimated");
    assert.ok((result.usage?.prompt_tokens ?? 0) > 0);
    assert.equal(result.usage?.completion_tokens, 2, "the answer is counted too");
  });

  const fallbacks: readonly [string, readonly ProviderFailure[], string][] = [
    ["429 → the pool's other key", [new ProviderFailure("status", "", { status: 429 })], "openai-1"],
    ["401 → the pool's other key", [new ProviderFailure("status", "", { status: 401 })], "openai-1"],
    [
      "two keys fail → the next backend",
      [new ProviderFailure("connect", ""), new ProviderFailure("timeout", "")],
      "groq-0",
    ],
    [
      "all fail once → the first again after a wait",
      [
        new ProviderFailure("status", "", { status: 500 }),
        new ProviderFailure("garbled", ""),
        new ProviderFailure("cut", ""),
      ],
      "openai-0",
    ],
  ];
  for (const [why, failures, label] of fallbacks) {
    test(why, async () => {
      upstream.whole = [...failures.map((failure) => () => Promise.reject(failure)), async () => ANSWER];
      await complete(deps, PARAMS, makeCall(false).call);
      const { provider_key, attempts } = row();
      assert.equal(provider_key, label);
      assert.equal(attempts, failures.length + 1);
    });
  }

  test("a refusal of the request is the caller's error, tried once", async () => {
    const failure = new ProviderFailure("status", "", {
      status: 422,
      upstream: { message: "bad seed", code: "x", param: "seed" },
    });
    upstream.whole = [() => Promise.reject(failure)];
    await assert.rejects(complete(deps, PARAMS, makeCall(false).call), (error: BrokerError) => {
      assert.equal(error.kind, "provider_rejected");
      assert.equal(error.status, 422);
      assert.equal(error.facts.param, "seed");
      return true;
    });
    assert.equal(upstream.calls.length, 1);
    const { status, error_kind, cost_nano_usd, usage_source } = row();
    assert.deepEqual(
      { status, error_kind, cost_nano_usd, usage_source },
      { status: "error", error_kind: "provider_rejected", cost_nano_usd: 0, usage_source: "none" },
    );
  });

  test("refused keys only: the broker's own credentials are to blame", async () => {
    upstream.whole = [1, 2, 3].map(
      () => () =>
        Promise.reject(
          new ProviderFailure("status", "", { status: 403, upstream: { message: "no", type: "permission_error" } }),
        ),
    );
    await assert.rejects(complete(deps, PARAMS, makeCall(false).call), { kind: "provider_credentials_exhausted" });
    assert.equal(row().attempts, 3);
  });

  test("a wait that the provider asks for beyond the limit is told to the caller", async () => {
    upstream.whole = [1, 2, 3].map(
      () => () => Promise.reject(new ProviderFailure("status", "", { status: 429, retryAfterMs: 9000 })),
    );
    await assert.rejects(complete(deps, PARAMS, makeCall(false).call), (error: BrokerError) => {
      assert.equal(error.kind, "provider_rate_limited");
      assert.equal(error.facts.retry_after_ms, 9000);
      return true;
    });
  });

  test("an unknown model leaves a row too", async () => {
    await assert.rejects(complete(deps, { ...PARAMS, model: "nope" }, makeCall(false).call), {
      kind: "model_not_found",
    });
    assert.equal(row().error_kind, "model_not_found");
  });

  test("a bug is an internal error with a row, not a hang", async () => {
    upstream.whole = [() => Promise.reject(new TypeError("boom"))];
    await assert.rejects(complete(deps, PARAMS, makeCall(false).call), (error: BrokerError) => {
      assert.equal(error.kind, "internal");
      assert.ok(error.cause instanceof TypeError);
      return true;
    });
    assert.equal(row().status, "error");
  });

  test("cancelled while all providers refuse: nobody took the request, so nothing is billed", async () => {
    const made = makeCall(false);
    upstream.whole = [1, 2, 3].map((n) => () => {
      if (n === 3) setImmediate(() => made.abort.abort(new BrokerError("cancelled")));
      return Promise.reject(new ProviderFailure("connect", ""));
    });
    deps = { ...deps, backoff: { ...deps.backoff, initialMs: 10_000, maxMs: 10_000, maxElapsedMs: 60_000 } };
    await assert.rejects(complete(deps, PARAMS, made.call), { kind: "cancelled" });
    const { status, usage_source, cost_nano_usd } = row();
    assert.deepEqual(
      { status, usage_source, cost_nano_usd },
      { status: "cancelled", usage_source: "none", cost_nano_usd: 0 },
    );
  });

  test("what an attempt took in vain does not shorten the answer of the next while the budget has room", async () => {
    const late = async () => {
      throw new ProviderFailure("timeout", "");
    };
    const { call } = makeCall(false);
    const limit = 1_000_000_000 as NanoUsd;
    const budgets: Budget[] = [{ limit, period: "day", reset: "calendar", alert: undefined }];
    const key = { id: "key_1", models: undefined, tools: undefined, budgets, limits: NO_LIMITS } as Partial<Key> as Key;
    const principal = { ...call.principal, keyId: key.id, key };
    upstream.whole = [late, late, async () => ANSWER];
    await complete(deps, { ...PARAMS, max_tokens: 100 }, { ...call, principal });
    assert.deepEqual(
      upstream.calls.map(({ maxTokens }) => maxTokens),
      [100, 100, 100],
    );
    const spent = Number(row().cost_nano_usd);
    const [standing] = deps.gate.standings(key);
    assert.deepEqual([standing?.spent, standing?.held], [spent, 0]);

    upstream.whole = [late, late, async () => ANSWER];
    const capped = { ...PARAMS, max_tokens: 100, max_cost: 0.00103 };
    await complete(deps, capped, { ...makeCall(false).call, principal });
    const [first = 0, , last = 0] = upstream.calls.slice(3).map(({ maxTokens }) => maxTokens);
    assert.ok(last < first, "max_cost is for all attempts together");
  });

  test("what an attempt took in vain is billed once where the budgets can't be read just then", async () => {
    const { call } = makeCall(false);
    const limit = 1_000_000_000 as NanoUsd;
    const budgets: Budget[] = [{ limit, period: "day", reset: "calendar", alert: undefined }];
    const key = { id: "key_1", models: undefined, tools: undefined, budgets, limits: NO_LIMITS } as Partial<Key> as Key;
    const principal = { ...call.principal, keyId: key.id, key };
    let isLocked = false;
    let version = 0;
    const spending: Spending = {
      get version() {
        return version++;
      },
      spent: () => {
        if (isLocked) throw new BrokerError("storage_unavailable");
        return 0 as NanoUsd;
      },
    };
    const now = (): number => (clock += 20);
    const gate = new Gate({
      ...{ spending, globalBudget: undefined, ipBudget: undefined, ipRequestsPerMinute: undefined, now, ticks: now },
      ...{ onAlert: () => {}, onRefusal: () => {} },
    });
    deps = { ...deps, gate };
    upstream.whole = [
      async () => {
        isLocked = true;
        throw new ProviderFailure("timeout", "");
      },
      async () => ANSWER,
    ];
    await complete(deps, { ...PARAMS, max_tokens: 100 }, { ...call, principal });
    const { attempts, status, input_tokens } = row();
    assert.deepEqual([attempts, status, input_tokens], [2, "ok", 600 + 6]);
    assert.equal(gate.taken.held, 0);
  });

  test("what is held for further attempts is not more than max_cost lets them take", async () => {
    const { call } = makeCall(false);
    const budgets: Budget[] = [{ limit: 1_000_000_000 as NanoUsd, period: "day", reset: "calendar", alert: undefined }];
    const key = { id: "key_1", models: undefined, tools: undefined, budgets, limits: NO_LIMITS } as Partial<Key> as Key;
    const held: number[] = [];
    const late = async () => {
      held.push(deps.gate.taken.held);
      throw new ProviderFailure("timeout", "");
    };
    upstream.whole = [late, late, async () => ANSWER];
    const capped = { ...PARAMS, max_tokens: 100, max_cost: 0.001_01 };
    await complete(deps, capped, { ...call, principal: { ...call.principal, keyId: key.id, key } }).catch(() => {});
    assert.ok(held.length > 1);
    for (const amount of held) assert.ok(amount <= 1_010_000, `${held}`);
  });

  test("what an attempt without a known price took makes the cost of all of them unknown", async () => {
    const late = async () => {
      throw new ProviderFailure("timeout", "");
    };
    upstream.whole = [late, late, async () => ANSWER];
    const { usage } = await complete(deps, { ...PARAMS, model: "flat" }, makeCall(false).call);
    const { provider, price_known, attempts, cost_nano_usd } = row();
    assert.deepEqual([provider, price_known, attempts], ["groq", 0, 3]);
    assert.ok(Number(cost_nano_usd) > 0);
    assert.equal(usage?.cost_unknown, true);
  });

  test("a request that asks for another price has a cost that is not known; where money is limited it is refused", async () => {
    upstream.whole = [async () => ANSWER];
    const params = { ...PARAMS, service_tier: "priority" } as ChatCompletionsCreateParams;
    const { usage } = await complete(deps, params, makeCall(false).call);
    assert.deepEqual([usage?.cost_unknown, row().price_known], [true, 0]);
    const refused = { kind: "price_unknown" };
    await assert.rejects(complete(deps, { ...params, max_cost: 1 }, makeCall(false).call), refused);
    await assert.rejects(complete({ ...deps, unknownPrice: "deny" }, params, makeCall(false).call), refused);
    assert.equal(upstream.calls.length, 1);
  });

  test("a tokenizer that fails costs precision, not the row", async () => {
    const { usage: _, ...answer } = ANSWER;
    upstream.whole = [async () => answer as ChatCompletion];
    deps = { ...deps, counter: { count: () => Promise.reject(new Error("no tokenizer")) } };
    const result = await complete(deps, PARAMS, makeCall(false).call);
    assert.equal(result.usage?.completion_tokens, 2);
    assert.equal(row().usage_source, "estimated");
  });

  test("cancelled while it waits: the input is billed, and nobody else is asked", async () => {
    const made = makeCall(false);
    upstream.whole = [
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new ProviderFailure("aborted", "")), { once: true }),
        ),
    ];
    const answer = complete(deps, PARAMS, made.call);
    setImmediate(() => setImmediate(() => setImmediate(() => made.abort.abort(new BrokerError("cancelled", "gone")))));
    await assert.rejects(answer, (error: BrokerError) => {
      assert.equal(error.kind, "cancelled");
      assert.ok((error.facts.usage as { prompt_tokens: number }).prompt_tokens > 0);
      return true;
    });
    const { status, usage_source, output_tokens } = row();
    assert.deepEqual(
      { status, usage_source, output_tokens },
      { status: "cancelled", usage_source: "estimated", output_tokens: 0 },
    );
  });
});

describe("a stream", () => {
  test("passes runs on, keeps usage back, and folds to the same completion", async () => {
    upstream.steps = [answers];
    const { call, sent } = makeCall(true);
    const result = await complete(deps, PARAMS, call);
    assert.equal(sent.length, 2);
    assert.equal(sent[0]?.sse, 'data: {"a":1}\n\n');
    assert.equal(result.choices[0]?.message.content, "Hi there");
    assert.equal(result.usage?.cost, 0.003);
    assert.equal(row().status, "ok");
  });

  test("sends usage with its cost last, when asked, after the row is written", async () => {
    upstream.steps = [answers];
    const made = makeCall(true, (run) => {
      if (run.values.some((value) => (value as ChatChunk).usage)) row();
    });
    await complete(deps, { ...PARAMS, stream_options: { include_usage: true } }, made.call);
    const last = made.sent.at(-1)?.values[0] as ChatChunk;
    assert.deepEqual(last.choices, []);
    assert.equal(last.usage?.cost, 0.003);
  });

  test("falls back before the first chunk", async () => {
    upstream.steps = [fails(500), fails(503), answers];
    const { call, receipts } = makeCall(true);
    await complete(deps, PARAMS, call);
    assert.equal(receipts[0]?.provider, "groq");
    assert.equal(receipts[0]?.attempts, 3);
    assert.equal(row().model_id, "up-2");
  });

  const cuts: readonly [ProviderFailure, string][] = [
    [new ProviderFailure("cut", ""), "stream_cut"],
    [new ProviderFailure("timeout", ""), "stream_cut"],
    [new ProviderFailure("garbled", ""), "stream_cut"],
    [new ProviderFailure("status", "", { status: 529 }), "provider_failed"],
  ];
  for (const [failure, kind] of cuts) {
    test(`${failure.kind} after the first chunk ends the call as ${kind}; what was delivered is billed`, async () => {
      upstream.steps = [
        async function* () {
          yield { values: [chunk("Hello wide world")] };
          throw failure;
        },
      ];
      const { call, sent } = makeCall(true);
      let usage: { readonly completion_tokens?: number; readonly cost?: number } | undefined;
      await assert.rejects(complete(deps, PARAMS, call), (error: BrokerError) => {
        usage = error.facts.usage as typeof usage;
        return error.kind === kind;
      });
      assert.equal(upstream.calls.length, 1, "no other target");
      assert.equal(sent.length, 1);
      const { status, usage_source, output_tokens, cost_nano_usd } = row();
      assert.deepEqual([usage?.completion_tokens, (usage?.cost ?? 0) * 1e9], [3, cost_nano_usd], "the error tells it");
      assert.deepEqual(
        { status, usage_source, output_tokens },
        { status: "error", usage_source: "estimated", output_tokens: 3 },
      );
      assert.ok(Number(cost_nano_usd) > 0);
    });
  }

  test("a usage of zeros before the first text does not bill what failed", async () => {
    const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    upstream.steps = [
      async function* () {
        yield { values: [chunk(""), chunk(null, { usage: nothing })] };
        throw new ProviderFailure("status", "overloaded", { status: 529 });
      },
      answers,
    ];
    await complete(deps, PARAMS, makeCall(true).call);
    const { attempts, usage_source, cost_nano_usd } = row();
    assert.deepEqual([attempts, usage_source, cost_nano_usd], [2, "provider", 3_000_000]);
  });

  test("a slow reader holds the upstream back", async () => {
    let pulled = 0;
    upstream.steps = [
      async function* () {
        for (; pulled < 3; pulled++) yield { values: [chunk("x")] };
        yield { values: [END] };
      },
    ];
    let release = (): void => {};
    const made = makeCall(true, () => (pulled === 0 ? new Promise<void>((resolve) => (release = resolve)) : undefined));
    const answer = complete(deps, PARAMS, made.call);
    while (made.sent.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.equal(pulled, 0);
    release();
    await answer;
    assert.equal(pulled, 3);
  });

  test("cancelled in the middle: delivered tokens are billed and the gauge returns to 0", async () => {
    const made = makeCall(true);
    upstream.steps = [
      async function* ({ signal }) {
        yield { values: [chunk("one two three")] };
        made.abort.abort(new BrokerError("cancelled"));
        assert.ok(signal.aborted);
        throw new ProviderFailure("aborted", "");
      },
    ];
    await assert.rejects(complete(deps, PARAMS, made.call), { kind: "cancelled" });
    const { status, output_tokens } = row();
    assert.deepEqual({ status, output_tokens }, { status: "cancelled", output_tokens: 3 });
    assert.equal(deps.inFlight.of("openai-0"), 0);
  });
});

test("a log that can't be written refuses the call before anything is spent", async () => {
  db.exec("CREATE TRIGGER full BEFORE INSERT ON request_logs BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  upstream.whole = [async () => ANSWER];
  await complete(deps, PARAMS, makeCall(false).call);
  await assert.rejects(complete(deps, PARAMS, makeCall(false).call), { kind: "storage_unavailable" });
  assert.equal(upstream.calls.length, 1);
});

test("an answer that is paid for is not withheld when its row can't be written at once", async () => {
  db.exec("CREATE TRIGGER full BEFORE INSERT ON request_logs BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  upstream.whole = [async () => ANSWER];
  await complete(deps, PARAMS, makeCall(false).call);
  assert.match(deps.ledger.fault ?? "", /disk full/);
  db.exec("DROP TRIGGER full");
  while (deps.ledger.fault !== undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(row().status, "ok");
});

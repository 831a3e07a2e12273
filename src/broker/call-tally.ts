// What is counted of every call, by method, provider and model. A call costs one lookup and a few additions; prom-client
// gets the sums when somebody asks for them.

import { Counter, type Registry } from "prom-client";
import type { CallEnd, CallStart } from "../core/ledger.ts";
import { type NanoUsd, toUsd } from "../core/money.ts";
import { operationOf } from "../core/trace.ts";
import { inputTokens, NO_TOKENS, outputTokens, type TokenParts } from "../core/usage.ts";
import { Distribution, type Labels, type Series } from "./distribution.ts";

/** The conventions' buckets, and two more: thinking takes minutes. */
const SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
];
const FIRST_TOKEN_SECONDS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);

/** The request log's words, for labels. */
const KINDS = Object.entries({
  inputUncached: "input",
  cacheRead: "cached_input",
  cacheWrite: "cache_write",
  cacheWrite1h: "cache_write_1h",
  audioInput: "audio_input",
  outputText: "output",
  reasoning: "reasoning",
  audioOutput: "audio_output",
} satisfies Record<keyof TokenParts, string>) as [keyof TokenParts, string][];

/** Stands for all models that are not configured. */
const OTHER = "other";

/** Calls of one method to one model of one provider. */
interface Group {
  readonly labels: Readonly<Record<"method" | "provider" | "model", string>>;
  /** The conventions' names of the same. */
  readonly genAi: Labels;
  readonly outcomes: Map<string, Outcome>;
  readonly tokens: Record<keyof TokenParts, number>;
  nanoUsd: number;
  readonly input: Series;
  readonly output: Series;
  readonly firstToken: Series;
}

interface Outcome {
  readonly status: string;
  readonly duration: Series;
  calls: number;
}

export class CallTally {
  readonly #groups = new Map<string, Group>();
  readonly #knows: (model: string) => boolean;
  readonly #durations: Distribution;
  readonly #firstTokens: Distribution;
  readonly #usage: Distribution;

  /** Calls of models that it does not know count as those of `other`: callers can make such names up. */
  constructor(registry: Registry, knows: (model: string) => boolean) {
    this.#knows = knows;
    this.#durations = new Distribution({
      name: "gen_ai_server_request_duration_seconds",
      help: "Billable calls from their start to their last byte",
      buckets: SECONDS,
      registry,
    });
    this.#firstTokens = new Distribution({
      name: "gen_ai_server_time_to_first_token_seconds",
      help: "Streamed calls from their start to the first byte of the answer",
      buckets: FIRST_TOKEN_SECONDS,
      registry,
    });
    this.#usage = new Distribution({
      name: "gen_ai_client_token_usage",
      help: "Tokens a call",
      buckets: TOKENS,
      registry,
    });
    this.#countersOf(registry);
  }

  add(start: CallStart, end: CallEnd): void {
    const group = this.#group(start.method, end.provider ?? "none", end.modelServed ?? "none");
    const outcome = this.#outcome(group, end.errorKind, end.status);
    outcome.calls++;
    outcome.duration.observe(Math.max(0, end.finishedAt - start.startedAt) / 1000);
    if (start.stream && end.ttftMs !== undefined && end.status === "ok") group.firstToken.observe(end.ttftMs / 1000);
    if (end.usageSource === "none") return;
    for (const kind in end.tokens) group.tokens[kind as keyof TokenParts] += end.tokens[kind as keyof TokenParts];
    group.nanoUsd += end.costNanoUsd;
    group.input.observe(inputTokens(end.tokens));
    group.output.observe(outputTokens(end.tokens));
  }

  #group(method: string, provider: string, model: string): Group {
    const key = `${method} ${provider} ${model}`;
    const group = this.#groups.get(key);
    if (group) return group;
    const known = model === "none" || model === OTHER || this.#knows(model);
    if (!known) return this.#group(method, provider, OTHER);
    const made = this.#newGroup({ method, provider, model });
    this.#groups.set(key, made);
    return made;
  }

  #newGroup(labels: Group["labels"]): Group {
    const genAi = {
      gen_ai_operation_name: operationOf(labels.method),
      gen_ai_provider_name: labels.provider,
      gen_ai_request_model: labels.model,
    };
    return {
      labels,
      genAi,
      outcomes: new Map(),
      tokens: { ...NO_TOKENS },
      nanoUsd: 0,
      input: this.#usage.series({ ...genAi, gen_ai_token_type: "input" }),
      output: this.#usage.series({ ...genAi, gen_ai_token_type: "output" }),
      firstToken: this.#firstTokens.series(genAi),
    };
  }

  #outcome({ outcomes, genAi }: Group, errorKind: string | undefined, status: string): Outcome {
    let outcome = outcomes.get(errorKind ?? status);
    if (!outcome) {
      const error = errorKind === undefined ? {} : { error_type: errorKind };
      outcome = { status, duration: this.#durations.series({ ...genAi, ...error }), calls: 0 };
      outcomes.set(errorKind ?? status, outcome);
    }
    return outcome;
  }

  #countersOf(registry: Registry): void {
    const groups = this.#groups;
    const labelNames = ["method", "provider", "model"];
    const common = { registers: [registry] };
    new Counter({
      ...common,
      name: "aibroker_requests_total",
      help: "Billable calls that ended",
      labelNames: [...labelNames, "status"],
      collect() {
        this.reset();
        for (const { labels, outcomes } of groups.values())
          for (const { status, calls } of outcomes.values()) this.inc({ ...labels, status }, calls);
      },
    });
    new Counter({
      ...common,
      name: "aibroker_tokens_total",
      help: "Tokens by kind; the kinds do not overlap",
      labelNames: [...labelNames, "kind"],
      collect() {
        this.reset();
        for (const { labels, tokens } of groups.values())
          for (const [part, kind] of KINDS) if (tokens[part] > 0) this.inc({ ...labels, kind }, tokens[part]);
      },
    });
    new Counter({
      ...common,
      name: "aibroker_cost_usd_total",
      help: "Cost in USD",
      labelNames,
      collect() {
        this.reset();
        for (const { labels, nanoUsd } of groups.values()) this.inc(labels, toUsd(nanoUsd as NanoUsd));
      },
    });
  }
}

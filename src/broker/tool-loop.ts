// Rounds with a model whose tools the broker runs, until it answers. Every round and every tool is a metered call with a
// row of its own; the first round's is the root of the tree. `max_cost`, the usage of the answer and what an error tells
// are those of the whole tree.

import type { Call, ProgressRun, Receipt } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { sentOf as sentMessage } from "../core/messages/sent.ts";
import type { Catalogue } from "../core/model.ts";
import { fromUsd, type NanoUsd, toUsd } from "../core/money.ts";
import { sentOf as sentResponse } from "../core/responses/sent.ts";
import { meaningOf } from "../core/route/meaning.ts";
import type { ToolServers } from "../core/tool.ts";
import { ToolAnswer } from "../core/tool-use/answer.ts";
import { Bill } from "../core/tool-use/bill.ts";
import type { Offer } from "../core/tool-use/choose.ts";
import { CallIds } from "../core/tool-use/conversation.ts";
import type { ToolEvent, ToolEventOf } from "../core/tool-use/event.ts";
import { openingOf } from "../core/tool-use/listing.ts";
import { outputOf } from "../core/tool-use/output.ts";
import { firstRound, nextRound } from "../core/tool-use/request.ts";
import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  McpProgress,
  McpToolResult,
  McpToolsCallParams,
  RoutePlan,
  ToolCall,
  Usage,
} from "../generated/types.ts";
import { derivedCall } from "./derived-call.ts";
import { ToolCalls } from "./run-tool-calls.ts";

type Chat = ChatCompletionsCreateParams;

export interface ToolLoopDeps {
  /** One round. */
  readonly complete: (params: Chat, call: Call) => Promise<ChatCompletion>;
  readonly callTool: (params: McpToolsCallParams, call: Call) => Promise<McpToolResult>;
  readonly tools: ToolServers;
  readonly catalogue: () => Catalogue;
  readonly newRequestId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Tools of one round that run at once, where the key allows as many calls. */
const AT_ONCE = 8;

export class ToolLoop {
  readonly #deps: ToolLoopDeps;
  readonly #call: Call;
  readonly #asked: Chat;
  readonly #offer: Offer;
  readonly #answer: ToolAnswer;
  readonly #tools: ToolCalls;
  readonly #ids: CallIds;
  readonly #bill = new Bill();
  /** Of the next round. */
  #params: Chat;
  /** Of the last round that an upstream was called for; attempts are those of all rounds. */
  #receipt: Receipt | undefined;
  /** Of the first round. */
  #route: RoutePlan | undefined;

  constructor(deps: ToolLoopDeps, params: Chat, offer: Offer, call: Call) {
    this.#deps = deps;
    this.#call = call;
    this.#asked = params;
    this.#offer = offer;
    this.#params = firstRound(params, offer);
    const response = sentResponse(params);
    const translated = response !== undefined || sentMessage(params) !== undefined;
    this.#answer = new ToolAnswer(offer, translated, response ? openingOf(offer, response.earlier) : []);
    this.#ids = new CallIds(call.requestId);
    this.#tools = new ToolCalls({
      find: (name) => offer.tools.get(name)?.tool.shown,
      call: (of, args) => this.#callTool(of, args),
      read: (result) => outputOf(result, this.#sees()),
      tell: (event) => this.#tell(event),
      atOnce: Math.min(AT_ONCE, call.principal.key?.limits.concurrency ?? AT_ONCE),
    });
  }

  async run(): Promise<ChatCompletion> {
    try {
      for (;;) {
        const completion = await this.#round();
        const calls = this.#answer.toRun(completion);
        if (!calls) return await this.#end();
        const own = calls.map((call) => this.#ids.own(call));
        this.#mustAfford(own);
        const results = await this.#tools.run(own);
        this.#params = nextRound(this.#params, completion, own, results);
      }
    } catch (cause) {
      throw this.#told(cause);
    } finally {
      if (this.#receipt) this.#call.tellReceipt({ ...this.#receipt, costNanoUsd: this.#bill.cost });
    }
  }

  async #round(): Promise<ChatCompletion> {
    const params = this.#affordable();
    const isRoot = this.#bill.rounds === 0;
    this.#answer.begin(this.#bill.rounds + 1 === this.#offer.maxRounds);
    const call = derivedCall(this.#call, {
      ...(isRoot ? {} : this.#child()),
      progress: this.#call.progress && ((run) => this.#show(run)),
      tellReceipt: (receipt) => this.#noteReceipt(receipt, isRoot),
    });
    const completion = await this.#deps.complete(params, call);
    this.#bill.rounds++;
    this.#bill.addTokens(completion.usage);
    this.#route ??= completion.route;
    if (!this.#call.progress) this.#answer.takeWhole(completion);
    return completion;
  }

  #callTool(of: ToolEventOf, args: Record<string, unknown>): Promise<McpToolResult> {
    this.#bill.toolCalls++;
    const { peer } = this.#call;
    const call = derivedCall(this.#call, {
      ...this.#child(),
      method: "mcp.tools.call",
      // What such a client sends, and is asked, is about the whole request: a tool of it can't be asked again alone.
      peer: peer?.again ? undefined : peer,
      progress: this.#call.progress && ((run) => this.#tellProgress(of, run)),
      tellReceipt: ({ costNanoUsd }) => {
        if (costNanoUsd !== undefined) this.#bill.pay(costNanoUsd);
      },
    });
    return this.#deps.callTool({ name: of.name, arguments: args }, call);
  }

  #child() {
    const { newRequestId, now } = this.#deps;
    return { requestId: newRequestId(), parentId: this.#call.requestId, startedAt: now(), explain: false };
  }

  #show({ values }: ProgressRun): void | Promise<void> {
    const shown = this.#answer.take(values as readonly ChatChunk[]);
    if (shown.length > 0) return this.#call.progress?.({ values: shown });
  }

  #tell(event: ToolEvent): void | Promise<void> {
    const chunk = this.#answer.event(event);
    return this.#call.progress?.({ values: [chunk] });
  }

  async #tellProgress(of: ToolEventOf, { values }: ProgressRun): Promise<void> {
    for (const { method, params } of values as readonly McpProgress[]) {
      await this.#tell({ type: "progress", ...of, progress: { method, params } });
    }
  }

  #noteReceipt(receipt: Receipt, isRoot: boolean): void {
    if (receipt.costNanoUsd === undefined) {
      if (isRoot) this.#call.tellReceipt(receipt);
      return;
    }
    this.#bill.pay(receipt.costNanoUsd);
    this.#receipt = { ...receipt, attempts: receipt.attempts + (this.#receipt?.attempts ?? 0) };
  }

  /** Nano-USD; Infinity where the request sets no bound. */
  get #left(): number {
    const { max_cost: most } = this.#asked;
    return most === undefined ? Number.POSITIVE_INFINITY : fromUsd(most) - this.#bill.cost;
  }

  #affordable(): Chat {
    const left = this.#left;
    if (left === Number.POSITIVE_INFINITY) return this.#params;
    if (left <= 0) throw new BrokerError("max_cost_exceeded", undefined, { param: "max_cost" });
    return { ...this.#params, max_cost: toUsd(left as NanoUsd) };
  }

  /** All or none: half a round is no use to the model. */
  #mustAfford(calls: readonly ToolCall[]): void {
    let cost = 0;
    for (const { function: called } of calls) cost += this.#offer.tools.get(called?.name ?? "")?.tool.cost ?? 0;
    if (cost > this.#left) throw new BrokerError("max_cost_exceeded", undefined, { param: "max_cost" });
  }

  /** Where several models may answer nobody can tell. */
  #sees(): boolean {
    const meaning = meaningOf(this.#deps.catalogue(), this.#asked.model, "cheapest", "model");
    return meaning.kind !== "auto" && meaning.model.capabilities.has("vision");
  }

  async #end(): Promise<ChatCompletion> {
    const { progress } = this.#call;
    const last = this.#answer.end();
    const completion = this.#answer.completion();
    const usage = this.#bill.usage();
    const route = this.#route ? { route: this.#route } : {};
    if (progress) {
      const wanted = this.#asked.stream_options?.include_usage === true;
      const { id, created, model } = completion;
      const end = { id, object: "chat.completion.chunk", created, model, choices: [] };
      await progress({ values: last });
      if (wanted || this.#route) await progress({ values: [{ ...end, ...(wanted ? { usage } : {}), ...route }] });
    }
    const messages = this.#params.messages.slice(this.#asked.messages.length);
    return { ...completion, usage, ...route, ...(messages.length > 0 ? { mcp_messages: messages } : {}) };
  }

  /** With what was spent until then; an error of the first round says all by itself. */
  #told(cause: unknown): unknown {
    if (!(cause instanceof BrokerError) || this.#bill.rounds === 0) return cause;
    this.#bill.addTokens(cause.facts.usage as Usage | undefined);
    return cause.with({ usage: this.#bill.usage() });
  }
}

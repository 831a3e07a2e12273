// One legacy completion: each prompt is a metered chat call, one after the other, so each is a row of the ledger. They share
// the request's bound of cost, and their usage is told as one sum.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { completionId, promptsOf, TextAnswer, toChatParams } from "../core/legacy-completion.ts";
import { fromUsd, type NanoUsd, toUsd } from "../core/money.ts";
import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  CompletionsCreateParams,
  TextCompletion,
  Usage,
} from "../generated/types.ts";
import { derivedCall } from "./derived-call.ts";

export interface CompleteTextDeps {
  readonly complete: (params: ChatCompletionsCreateParams, call: Call) => Promise<ChatCompletion>;
}

type Complete = CompleteTextDeps["complete"];
type Sum = NonNullable<Usage>;
type Head = Pick<TextCompletion, "id" | "object" | "created" | "model">;

/** Rejects with the first fault of a prompt, which tells the usage of the prompts before it too: it stays spent. */
export async function completeText(
  { complete }: CompleteTextDeps,
  params: CompletionsCreateParams,
  call: Call,
): Promise<TextCompletion> {
  const run = new TextRun(complete, params, call);
  for (const prompt of promptsOf(params)) {
    await run.answer(prompt).catch((cause: unknown) => {
      throw run.told(cause);
    });
  }
  return run.end();
}

class TextRun {
  readonly #complete: Complete;
  readonly #params: CompletionsCreateParams;
  readonly #call: Call;
  readonly #choices: TextCompletion["choices"] = [];
  #head: Head | undefined;
  #prompts = 0;
  #usage: Sum | undefined;
  #route: TextCompletion["route"];

  constructor(complete: Complete, params: CompletionsCreateParams, call: Call) {
    this.#complete = complete;
    this.#params = params;
    this.#call = call;
  }

  async answer(prompt: string): Promise<void> {
    const { n, echo } = this.#params;
    const first = this.#prompts++ * (n ?? 1);
    const echoed = echo ? prompt : "";
    const chat = toChatParams(this.#params, prompt, this.#call.progress !== undefined, this.#left());
    const completion = await this.#complete(chat, this.#callOf(new TextAnswer(first, echoed)));
    this.#headOf(completion);
    this.#choices.push(...new TextAnswer(first, echoed).whole(completion));
    if (completion.usage) this.#usage = this.#usage ? sum(this.#usage, completion.usage) : completion.usage;
    this.#route ??= completion.route;
  }

  /** What ended the answer, with what all prompts have cost. */
  told(cause: unknown): unknown {
    if (!this.#usage || !(cause instanceof BrokerError)) return cause;
    const own = cause.facts.usage as Sum | undefined;
    return cause.with({ usage: own ? sum(this.#usage, own) : this.#usage });
  }

  /** Usage and route go out last, where the client asked for them. */
  async end(): Promise<TextCompletion> {
    const { progress } = this.#call;
    const head = this.#head!; // there is at least one prompt
    const usage = this.#usage ? { usage: this.#usage } : {};
    const route = this.#route ? { route: this.#route } : {};
    const wanted = this.#params.stream_options?.include_usage === true;
    if (progress && (wanted || this.#route)) {
      await progress({ values: [{ ...head, choices: [], ...(wanted ? usage : {}), ...route }] });
    }
    return { ...head, choices: this.#choices, ...usage, ...route };
  }

  #callOf(answer: TextAnswer): Call {
    const call = this.#prompts === 1 ? this.#call : later(this.#call, this.#prompts, this.#spent());
    const { progress } = call;
    if (!progress) return call;
    return derivedCall(call, {
      progress: ({ values }) => {
        const chunks: TextCompletion[] = [];
        for (const chunk of values as readonly ChatChunk[]) {
          const choices = answer.part(chunk);
          if (choices.length > 0) chunks.push({ ...this.#headOf(chunk), choices });
        }
        if (chunks.length > 0) return progress({ values: chunks });
      },
    });
  }

  /** By the prompts before. */
  #spent(): NanoUsd {
    return fromUsd(this.#usage?.cost ?? 0);
  }

  /** USD; `undefined`: no bound. Throws `max_cost_exceeded` where nothing is left. */
  #left(): number | undefined {
    const { max_cost: most } = this.#params;
    if (most === undefined) return undefined;
    const left = toUsd((fromUsd(most) - this.#spent()) as NanoUsd);
    if (left > 0) return left;
    throw new BrokerError("max_cost_exceeded", "The prompts before have cost all that `max_cost` allows", {
      param: "max_cost",
    });
  }

  /** All prompts' choices are one answer, so it is the first one's. */
  #headOf({ id, created, model }: Pick<ChatChunk, "id" | "created" | "model">): Head {
    this.#head ??= { id: completionId(id), object: "text_completion", created, model };
    return this.#head;
  }
}

/** A later prompt's call: a request id of its own, for each has one row; its receipt tells what all have cost. */
function later(call: Call, number: number, spent: NanoUsd): Call {
  return derivedCall(call, {
    requestId: `${call.requestId}-${number}`,
    tellReceipt: (receipt) => {
      const { costNanoUsd: own } = receipt;
      call.tellReceipt(own === undefined ? receipt : { ...receipt, costNanoUsd: (own + spent) as NanoUsd });
    },
  });
}

function sum(a: Sum, b: Sum): Sum {
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
    prompt_tokens_details: {
      cached_tokens: (a.prompt_tokens_details?.cached_tokens ?? 0) + (b.prompt_tokens_details?.cached_tokens ?? 0),
    },
    completion_tokens_details: {
      reasoning_tokens:
        (a.completion_tokens_details?.reasoning_tokens ?? 0) + (b.completion_tokens_details?.reasoning_tokens ?? 0),
    },
    cost: toUsd((fromUsd(a.cost ?? 0) + fromUsd(b.cost ?? 0)) as NanoUsd),
    ...(a.estimated || b.estimated ? { estimated: true } : {}),
    ...(a.cost_unknown || b.cost_unknown ? { cost_unknown: true } : {}),
  };
}

// One response in OpenAI's newer form: what was said before is looked up, the chat engine answers, the answer is told in
// events and kept. An answer that can't be kept is given all the same, and says so.

import type { Call, Progress } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { ownerOf, type ResponseStore, readerOf } from "../core/response-store.ts";
import { toCarryingChat } from "../core/responses/carry.ts";
import { type Item, inputItems, stemOf } from "../core/responses/items.ts";
import { ResponseTeller } from "../core/responses/tell.ts";
import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  Response,
  ResponsesCreateParams,
} from "../generated/types.ts";
import { derivedCall } from "./derived-call.ts";
import type { ResponsesUnderWay, UnderWay } from "./under-way.ts";

export interface RespondDeps {
  readonly complete: (params: ChatCompletionsCreateParams, call: Call) => Promise<ChatCompletion>;
  readonly responses: ResponseStore;
  readonly underWay: ResponsesUnderWay;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Letters that can't be guessed; never twice the same. */
  readonly newStem: () => string;
  /** Told why an answer could not be kept. */
  readonly onFault: (reason: string) => void;
}

/**
 * With `call.progress` the events go out, the last one once the response is kept. Throws `response_not_found` and what
 * the chat engine throws; a stream that had begun has told `response.failed` by then.
 */
export async function respond(deps: RespondDeps, params: ResponsesCreateParams, call: Call): Promise<Response> {
  const id = `resp_${deps.newStem()}`;
  const { previous_response_id: previous } = params;
  const input = inputItems(params.input, stemOf(id));
  const earlier = previous ? deps.responses.chain(previous, readerOf(call)) : [];
  const chat = toCarryingChat(params, earlier, input, call.progress !== undefined);
  const teller = new ResponseTeller({ id, createdAt: seconds(deps), params });
  if (!call.progress) {
    const completion = await deps.complete(chat, call);
    return keep(deps, call, params, teller.whole(completion, seconds(deps)), input);
  }
  const { progress } = call;
  const underWay = deps.underWay.begin(id, call);
  const kept = (response: Response): Response => keep(deps, call, params, response, input);
  const streaming = derivedCall(call, {
    progress: ({ values }) => {
      const events = teller.take(values as readonly ChatChunk[]);
      if (events.length > 0) return progress({ values: events });
    },
    signal: underWay.signal,
  });
  try {
    const completion = await deps
      .complete(chat, streaming)
      .catch((cause: unknown) => failed({ teller, progress, underWay, kept }, cause));
    const response = kept(teller.end(completion, seconds(deps)));
    underWay.end(response);
    await progress({ values: teller.finish(response) });
    return response;
  } finally {
    underWay.end();
  }
}

interface Streaming {
  readonly teller: ResponseTeller;
  readonly progress: Progress;
  readonly underWay: UnderWay;
  readonly kept: (response: Response) => Response;
}

/**
 * The client of a stream that had begun learns of it in the stream's own words; one that has gone is not waited for. What
 * another call has ended is kept, as far as it came.
 */
async function failed({ teller, progress, underWay, kept }: Streaming, cause: unknown): Promise<never> {
  if (teller.begun) {
    const error = cause instanceof BrokerError ? cause : new BrokerError("internal");
    const { events, response } = teller.fail(error);
    if (underWay.cancelled) underWay.end(kept(response));
    const full = progress({ values: events });
    if (full && !underWay.signal.aborted) await full;
  }
  throw cause;
}

/** The response as it was kept, or was not. */
function keep(
  deps: RespondDeps,
  call: Call,
  params: ResponsesCreateParams,
  response: Response,
  input: readonly Item[],
): Response {
  if (params.store === false) return response;
  // How this call was routed is told to whoever asked, once.
  const { route: _, ...shown } = response;
  try {
    if (deps.responses.put({ owner: ownerOf(call), response: shown, input })) return response;
  } catch (cause) {
    const { message } = cause instanceof BrokerError && cause.cause instanceof Error ? cause.cause : (cause as Error);
    deps.onFault(message);
  }
  return { ...response, store: false };
}

function seconds({ now }: RespondDeps): number {
  return Math.floor(now() / 1000);
}

// A conversation in Anthropic's dialect, answered by the metered chat engine.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { withPlainTools } from "../core/messages/mcp-blocks.ts";
import { MessageTeller } from "../core/messages/tell.ts";
import { toChat } from "../core/messages/to-chat.ts";
import { wholeMessage } from "../core/messages/whole-message.ts";
import type { Catalogue } from "../core/model.ts";
import { meaningOf } from "../core/route/meaning.ts";
import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  Message,
  MessagesCreateParams,
} from "../generated/types.ts";
import { derivedCall } from "./derived-call.ts";

export interface AnswerMessageDeps {
  readonly complete: (params: ChatCompletionsCreateParams, call: Call) => Promise<ChatCompletion>;
  readonly catalogue: () => Catalogue;
}

/** With `call.progress` the answer goes out in events and then once more, whole, as result. */
export async function answerMessage(
  { complete, catalogue }: AnswerMessageDeps,
  asked: MessagesCreateParams,
  call: Call,
): Promise<Message> {
  const params = withPlainTools(asked);
  const chat = toChat(params, reasons(catalogue(), params.model));
  const { progress, requestId } = call;
  if (!progress) return wholeMessage(await complete(chat, call), requestId);
  const teller = new MessageTeller(requestId);
  // Usage is in the completion, priced; what is not taken out of chunks need not be written again.
  const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };
  const completion = await complete(
    streamed,
    derivedCall(call, {
      progress: ({ values }) => {
        const run = teller.run(values as readonly ChatChunk[]);
        return run && progress(run);
      },
    }),
  );
  const message = wholeMessage(completion, requestId);
  await progress(teller.end(message));
  return message;
}

/** Whether the model that is asked for knows efforts. Where several may answer nobody can tell. */
function reasons(catalogue: Catalogue, name: string): boolean {
  try {
    const meaning = meaningOf(catalogue, name, "cheapest", "model");
    return meaning.kind !== "auto" && meaning.model.capabilities.has("reasoning");
  } catch (cause) {
    // A name that means nothing is refused by the engine, which leaves a row.
    if (cause instanceof BrokerError) return false;
    throw cause;
  }
}

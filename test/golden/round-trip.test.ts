// What is translated there and back again is the same: requests and answers of the golden transcripts, without a broker.
// What a dialect has no word for is named here, and nothing else may get lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionFold } from "../../src/core/completion.ts";
import { MessageFold } from "../../src/core/messages/fold.ts";
import { toChat } from "../../src/core/messages/to-chat.ts";
import { toMessage } from "../../src/core/messages/to-message.ts";
import { turns } from "../../src/core/messages/turns.ts";
import { ResponseBuilder } from "../../src/core/responses/builder.ts";
import { inputItems } from "../../src/core/responses/items.ts";
import { toMessages } from "../../src/core/responses/messages.ts";
import { toChatParams } from "../../src/core/responses/request.ts";
import type {
  ChatCompletion,
  ChatCompletionsCreateParams,
  ChatMessage,
  Message,
  MessageEvent,
  MessagesCreateParams,
  Response,
  ResponsesCreateParams,
} from "../../src/generated/types.ts";
import { messagesBody } from "../../src/providers/anthropic/request.ts";
import { AnthropicTranslation } from "../../src/providers/anthropic/stream.ts";
import { toCompletion } from "../../src/providers/openai/responses-answer.ts";
import { createTarget } from "../support/target.ts";
import { type Dialect, headed, type Json, section, type Transcript, transcripts } from "./transcript.ts";

const ALL = transcripts();
/** Ids of files are translated to nobody. */
const ASKED = ALL.filter(({ name }) => name !== "file-ids");
const ANSWERED = ALL.filter(({ name }) => name !== "error-mid-stream");

const TARGET = createTarget({ url: "http://x", dialect: "anthropic", modelId: "claude-haiku-4-5", maxOutput: 8_192 });
const HEAD = { id: "resp_0", createdAt: 0, params: { model: "m", input: "" } };

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function asked<T>(transcript: Transcript, dialect: Dialect): T {
  return { model: "m", ...JSON.parse(section(transcript, `${dialect} client asks`)) } as T;
}

const toAnthropic = (chat: ChatCompletionsCreateParams) =>
  plain({ ...messagesBody(chat, TARGET), model: "m" }) as unknown as MessagesCreateParams;
const fromMessages = (params: MessagesCreateParams) => plain(toChat(params, true));
const fromResponses = (params: ResponsesCreateParams) =>
  plain(toChatParams(params, [], inputItems(params.input, "0"), false));

/** One name of the limit, no default; `but`: members that one of the dialects has no word for. */
function same(chat: ChatCompletionsCreateParams, but: readonly string[] = []): unknown {
  const { max_tokens, max_completion_tokens = max_tokens, parallel_tool_calls: parallel, ...rest } = plain(chat);
  const full = { ...rest, max_completion_tokens, ...(parallel === false ? { parallel_tool_calls: parallel } : {}) };
  return JSON.parse(JSON.stringify(full), (key, value) => {
    const isDefault = (key === "strict" && value === false) || key === "stream";
    return isDefault || but.includes(key) ? undefined : value;
  });
}

describe("a request of chat comes back from Anthropic's dialect", () => {
  const lost = ["detail", "reasoning_content", "reasoning_signature"];
  for (const transcript of ASKED) {
    test(transcript.name, () => {
      const chat = asked<ChatCompletionsCreateParams>(transcript, "chat");
      assert.deepEqual(same(fromMessages(toAnthropic(chat))), same(chat, lost));
    });
  }
});

describe("a request of Anthropic's dialect comes back from chat", () => {
  for (const transcript of ASKED) {
    test(transcript.name, () => {
      const params = asked<MessagesCreateParams>(transcript, "messages");
      const { stream: _, ...back } = toAnthropic(fromMessages(params));
      assert.deepEqual(inBlocks(back), inBlocks(params));
    });
  }

  /** With text as blocks, and without signed thoughts, which their own vendor gets in the request as it was sent. */
  function inBlocks({ system, messages, ...rest }: MessagesCreateParams): unknown {
    const blocks = (content: unknown): Json[] =>
      typeof content === "string" ? [{ type: "text", text: content }] : (content as Json[]);
    return plain({
      ...rest,
      system: system && blocks(system),
      messages: messages.map(({ role, content }) => ({
        role,
        content: blocks(content)
          .filter(({ type }) => type !== "thinking")
          .map((block) => (block.type === "tool_result" ? { ...block, content: blocks(block.content) } : block)),
      })),
    });
  }
});

describe("clients of three dialects that ask the same ask the same of a server of chat", () => {
  for (const transcript of ASKED) {
    test(transcript.name, () => {
      const chat = asked<ChatCompletionsCreateParams>(transcript, "chat");
      const noStop = ["stop", ...(transcript.name === "length" ? ["max_completion_tokens"] : [])];
      const responses = fromResponses(asked<ResponsesCreateParams>(transcript, "responses"));
      assert.deepEqual(same(responses, noStop), same(chat, noStop));
      const unsigned = ["detail", "reasoning_content", "reasoning_signature"];
      const messages = fromMessages(asked<MessagesCreateParams>(transcript, "messages"));
      assert.deepEqual(same(messages, unsigned), same(chat, unsigned));
    });
  }
});

/** Of the vendor; no arguments are the empty object, once they are translated. */
function completionOf(transcript: Transcript): ChatCompletion & { choices: [ChatCompletion["choices"][number]] } {
  const { value } = headed(section(transcript, "chat vendor answers"));
  for (const call of (value as unknown as ChatCompletion).choices[0]?.message.tool_calls ?? []) {
    if (call.function) call.function.arguments ||= "{}";
  }
  return value as never;
}

/** The members that a turn of the model may have. */
function turn(message: ChatMessage | undefined): Json {
  const { content, refusal, tool_calls, reasoning_content } = (message ?? {}) as Json;
  return plain({ content, refusal: refusal ?? undefined, tool_calls, reasoning_content });
}

describe("an answer of chat goes back as it came", () => {
  for (const transcript of ANSWERED) {
    const completion = completionOf(transcript);
    const [{ message }] = completion.choices;

    test(`${transcript.name}, by a client of messages`, () => {
      const { role, content } = toMessage(completion, "req");
      const [back] = turns(undefined, [{ role, content }]);
      const { refusal, ...rest } = turn(message as ChatMessage);
      // A refusal is text there.
      assert.deepEqual(turn(back), refusal === undefined ? rest : { ...rest, content: refusal });
    });

    test(`${transcript.name}, by a client of responses`, () => {
      const { output } = new ResponseBuilder(HEAD).whole(completion, 0);
      const [back, ...more] = toMessages([], inputItems(output as ResponsesCreateParams["input"], "0"));
      assert.deepEqual(more, []);
      assert.deepEqual(turn(back), turn(message as ChatMessage));
    });
  }
});

/** The events of a vendor, and what their translation folds to. */
function ofAnthropic(transcript: Transcript): { message: Message; completion: ChatCompletion; output: Json[] } {
  const bytes = Buffer.from(`${section(transcript, "messages vendor streams")}\n\n`);
  const message = new MessageFold();
  for (const [, data = ""] of bytes.toString().matchAll(/^data: (.*)$/gm))
    message.add(JSON.parse(data) as MessageEvent);
  const chunks = new AnthropicTranslation({ name: "vendor", key: undefined }, 0).push(bytes)?.values ?? [];
  const fold = new CompletionFold();
  const builder = new ResponseBuilder(HEAD);
  for (const chunk of chunks) fold.add(chunk);
  builder.take(chunks);
  const { output } = builder.end(fold.completion(), 0);
  return { message: message.message() as Message, completion: fold.completion(), output: output as Json[] };
}

describe("an answer of Anthropic's dialect comes back from chat", () => {
  for (const transcript of ANSWERED) {
    test(transcript.name, () => {
      const { message, completion } = ofAnthropic(transcript);
      const back = toMessage(completion, "req");
      assert.deepEqual(back.content, message.content);
      assert.equal(back.stop_reason, message.stop_reason);
      assert.equal((back.stop_details as Json | null)?.type, (message.stop_details as Json | null)?.type);
    });

    test(`${transcript.name}, and from responses as a turn of the next request`, () => {
      const { message, output } = ofAnthropic(transcript);
      const items = inputItems(output as ResponsesCreateParams["input"], "0");
      const { messages } = toAnthropic({ model: "m", messages: toMessages([], items) });
      assert.deepEqual(messages, [{ role: "assistant", content: message.content }]);
    });
  }

  test("several thoughts have their own proofs in a response, and go back unproved", () => {
    const [thinking, ...rest] = section(ALL.find(({ name }) => name === "reasoning") ?? assert.fail(), STREAM).split(
      /(?=^event: content_block_start)/m,
    );
    const thought = rest[0] ?? "";
    const again = thought.replaceAll('"index":0', '"index":7').replace("c2VhbGVkLTE=", "c2VhbGVkLTI=");
    const sections = new Map([[STREAM, [thinking, thought, again, ...rest.slice(1)].join("")]]);
    const { output } = ofAnthropic({ name: "thoughts", why: "", sections });
    assert.deepEqual(
      output.map(({ type, encrypted_content: proof }) => [type, proof]),
      [
        ["reasoning", "c2VhbGVkLTE="],
        ["reasoning", "c2VhbGVkLTI="],
        ["message", undefined],
      ],
    );
    const [back] = toMessages([], inputItems(output as ResponsesCreateParams["input"], "0"));
    assert.deepEqual(turn(back).reasoning_content, "391 and 17 more391 and 17 more");
    assert.ok(back && !("reasoning_signature" in back));
  });
});

const STREAM = "messages vendor streams";

describe("an answer of Responses comes back from chat", () => {
  for (const transcript of ANSWERED) {
    test(transcript.name, () => {
      const response = headed(section(transcript, "responses vendor answers")).value as unknown as Response;
      const back = new ResponseBuilder(HEAD).whole(plain(toCompletion(response)), 0);
      assert.deepEqual(items(back), items(response));
      assert.deepEqual([back.status, back.incomplete_details], [response.status, response.incomplete_details]);
    });
  }

  /** Without the ids; a summary of thoughts is told as the thoughts, and their proof is another vendor's. */
  function items({ output }: Response): unknown {
    return (output as Json[]).map(({ id: _, encrypted_content: __, ...item }) => {
      if (item.type !== "reasoning") return item;
      const texts = [...(item.summary as Json[]), ...((item.content ?? []) as Json[])];
      return { type: item.type, texts: texts.map(({ text }) => text) };
    });
  }
});

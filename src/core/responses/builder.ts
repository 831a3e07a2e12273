// From the chunks of a chat answer to the events and the output of a response. An answer in one piece goes the same way as
// one chunk, so both come to the same response. Events are numbered from 0 without a gap.

import type { ChatChunk, ChatCompletion, Response, ResponseEvent, ToolCallDelta } from "../../generated/types.ts";
import type { BrokerError } from "../errors.ts";
import { proofOf } from "../thought-proof.ts";
import { eventOf, stepsOf, type ToolEvent } from "../tool-use/event.ts";
import { itemId, stemOf } from "./items.ts";
import { listTools, McpCallItem } from "./mcp-item.ts";
import { CallItem, type OpenItem, TextItem, type Told } from "./output.ts";
import { begunResponse, endedResponse, endOf, failedResponse, type ResponseHead } from "./response.ts";

type Delta = ChatChunk["choices"][number]["delta"];
type Logprobs = ChatChunk["choices"][number]["logprobs"];

/** A call whose name has not come yet. */
interface Unnamed {
  id: string;
  arguments: string;
}

const MOST_CALLS = 512;
const NO_TOKENS: readonly unknown[] = [];

export class ResponseBuilder {
  readonly #head: ResponseHead;
  readonly #stem: string;
  readonly #items: OpenItem[] = [];
  readonly #calls = new Map<number, CallItem | Unnamed>();
  #text: TextItem | undefined;
  #kind: "message" | "reasoning" | undefined;
  #begun: Response | undefined;
  #events: ResponseEvent[] = [];
  #number = 0;
  readonly #tell = (event: Told): void => {
    this.#events.push({ ...event, sequence_number: this.#number++ });
  };

  constructor(head: ResponseHead) {
    this.#head = head;
    this.#stem = stemOf(head.id);
  }

  /** Something has been told. */
  get begun(): boolean {
    return this.#begun !== undefined;
  }

  /** What these chunks come to, in order. */
  take(chunks: readonly ChatChunk[]): ResponseEvent[] {
    for (const chunk of chunks) {
      this.#begin(chunk.model);
      this.#prove(proofOf(chunk));
      const event = eventOf(chunk);
      if (event) this.#useTool(event);
      for (const { index, delta, logprobs } of chunk.choices) if (index === 0) this.#add(delta, logprobs);
    }
    return this.#told();
  }

  /** The response of an answer that came in one piece. */
  whole(completion: ChatCompletion, now: number): Response {
    const steps = stepsOf(completion);
    if (steps) this.take(steps);
    this.#begin(completion.model);
    const [choice] = completion.choices;
    if (choice && !steps) {
      const { tool_calls, ...message } = choice.message;
      this.#add(
        { ...message, tool_calls: tool_calls?.map((call, index) => ({ ...call, index })) ?? null },
        choice.logprobs,
      );
    }
    return this.end(completion, now);
  }

  /** Ends what is open; `finish` gives its events. `now` is Unix seconds. */
  end(completion: ChatCompletion, now: number): Response {
    const begun = this.#begin(completion.model);
    const { status } = endOf(completion.choices[0]?.finish_reason);
    for (const [index, call] of this.#calls) if (!(call instanceof CallItem)) this.#name(index, call, "");
    const last = this.#items.at(-1);
    for (const item of this.#items) {
      if (!item.done) item.end(item === last && status === "incomplete" ? "incomplete" : "completed", this.#tell);
    }
    return endedResponse(begun, this.#output(), completion, now);
  }

  /** The last events of an answer that has ended; `response` is what `end` gave, or that as it was kept. */
  finish(response: Response): ResponseEvent[] {
    this.#tell({ type: `response.${response.status}`, response });
    return this.#told();
  }

  /** The last events of an answer that broke, and what it has come to; items that were open stay so. */
  fail(error: BrokerError): { readonly events: ResponseEvent[]; readonly response: Response } {
    const response = failedResponse(this.#begin(this.#head.params.model), this.#output(), error);
    this.#tell({ type: "response.failed", response });
    return { events: this.#told(), response };
  }

  #begin(model: string): Response {
    if (this.#begun) return this.#begun;
    const response = begunResponse(this.#head, model);
    this.#begun = response;
    this.#tell({ type: "response.created", response });
    this.#tell({ type: "response.in_progress", response });
    return response;
  }

  #add(delta: Delta, logprobs: Logprobs): void {
    const { reasoning_signature: signature, content, refusal, tool_calls: calls } = delta;
    const thought = delta.reasoning_content || delta.reasoning;
    if (typeof thought === "string" && thought !== "")
      this.#item("reasoning").add("reasoning_text", thought, NO_TOKENS, this.#tell);
    if (typeof signature === "string" && this.#kind === "reasoning" && this.#text) {
      this.#text.signature = (this.#text.signature ?? "") + signature;
    }
    if (content) this.#item("message").add("output_text", content, logprobs?.content ?? NO_TOKENS, this.#tell);
    if (refusal) this.#item("message").add("refusal", refusal, NO_TOKENS, this.#tell);
    if (calls) for (const call of calls) if (call) this.#call(call);
  }

  /** A thought that is proved has ended: what is thought after it is another one. */
  #prove(proof: string | undefined): void {
    if (proof === undefined || this.#kind !== "reasoning" || !this.#text) return;
    this.#text.signature = proof;
    this.#endText();
  }

  /** The open item of this kind; one of the other kind ends. */
  #item(kind: "message" | "reasoning"): TextItem {
    if (this.#text && this.#kind === kind) return this.#text;
    this.#endText();
    this.#kind = kind;
    this.#text = new TextItem(kind, this.#place(kind), this.#tell);
    this.#items.push(this.#text);
    return this.#text;
  }

  #endText(): void {
    this.#text?.end("completed", this.#tell);
    this.#text = undefined;
  }

  /** Ids and names come whole and first at most providers; what comes before the name waits for it. */
  #call({ index = 0, id, function: called }: ToolCallDelta): void {
    if (!Number.isInteger(index) || index < 0 || index >= MOST_CALLS) return;
    const { name, arguments: text } = called ?? {};
    let call = this.#calls.get(index);
    if (!call) {
      call = { id: "", arguments: "" };
      this.#calls.set(index, call);
    }
    if (call instanceof CallItem) {
      if (text && !call.done) call.add(text, this.#tell);
      return;
    }
    if (id) call.id = id;
    if (text) call.arguments += text;
    if (name) this.#name(index, call, name);
  }

  #name(index: number, { id, arguments: text }: Unnamed, name: string): void {
    this.#endText();
    this.#endCalls();
    const callId = id === "" ? `call_${this.#stem}${index}` : id;
    const item = new CallItem({ id: callId, name }, this.#place("function_call"), this.#tell);
    if (text !== "") item.add(text, this.#tell);
    this.#calls.set(index, item);
    this.#items.push(item);
  }

  /** Those that can have no more to say: their readers may begin. */
  #endCalls(): void {
    for (const item of this.#items) {
      if (item instanceof CallItem && !item.done && item.isWhole) item.end("completed", this.#tell);
    }
  }

  #useTool(event: ToolEvent): void {
    if (event.type === "tools" || event.type === "call") {
      this.#endText();
      const type = event.type === "call" ? "mcp_call" : "mcp_list_tools";
      const place = this.#place(type);
      const item =
        event.type === "call" ? new McpCallItem(event, place, this.#tell) : listTools(event, place, this.#tell);
      this.#items.push(item);
    } else if (event.type === "result") {
      for (const item of this.#items) if (item instanceof McpCallItem) item.answer(event, this.#tell);
    }
  }

  #place(type: string): { id: string; index: number } {
    const index = this.#items.length;
    return { id: itemId(type, this.#stem, `o${index}`), index };
  }

  #output(): Response["output"] {
    return this.#items.map((item) => item.value());
  }

  #told(): ResponseEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

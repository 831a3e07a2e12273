// OpenAI's Responses as a vendor speaks them, for scripts of an upstream: a response, and the events that tell it.

export type Json = Record<string, unknown>;

export const RESPONSE_USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 8 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 30,
};

export const REASONING = {
  ...{ id: "rs_1", type: "reasoning", encrypted_content: "sealed" },
  summary: [{ type: "summary_text", text: "Hm." }],
};
export const SEARCH = {
  ...{ id: "ws_1", type: "web_search_call", status: "completed" },
  action: { type: "search", query: "news" },
};
export const CALL = {
  ...{ id: "fc_1", type: "function_call", status: "completed" },
  ...{ call_id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
};

export function textItem(text: string): Json {
  const content = [{ type: "output_text", text, annotations: [{ type: "url_citation", url: "https://a.example" }] }];
  return { id: "msg_up", type: "message", status: "completed", role: "assistant", content };
}

/** As it is when it has ended. */
export function vendorResponse(output: readonly object[], more: Json = {}): Json {
  return {
    ...{ id: "resp_up", object: "response", created_at: 5, status: "completed", model: "up-2026", error: null },
    ...{ incomplete_details: null, store: false, previous_response_id: null, service_tier: "default" },
    ...{ output, usage: RESPONSE_USAGE, ...more },
  };
}

/** The last one says how the response ended; none does where `status` is `in_progress`. */
export function vendorEvents(response: Json): Json[] {
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  const events: Json[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
  ];
  for (const [output_index, item] of (response.output as Json[]).entries())
    events.push(...itemEvents(item, output_index));
  if (response.status !== "in_progress") events.push({ type: `response.${response.status}`, response });
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: Json, output_index: number): Json[] {
  const place = { item_id: item.id, output_index };
  return [
    { type: "response.output_item.added", output_index, item: { ...item, ...emptied(item), status: "in_progress" } },
    ...innerEvents(item, place),
    { type: "response.output_item.done", output_index, item },
  ];
}

function emptied({ type }: Json): Json {
  return type === "function_call" ? { arguments: "" } : type === "message" ? { content: [] } : {};
}

function innerEvents(item: Json, place: Json): Json[] {
  switch (item.type) {
    case "message": {
      const [{ text }] = item.content as [{ text: string }];
      const at = { ...place, content_index: 0 };
      const part = { type: "output_text", text: "", annotations: [] };
      return [
        { type: "response.content_part.added", ...at, part },
        ...[text.slice(0, 3), text.slice(3)].map((delta) => ({ type: "response.output_text.delta", ...at, delta })),
        { type: "response.output_text.done", ...at, text },
        { type: "response.content_part.done", ...at, part: { ...part, text } },
      ];
    }
    case "function_call":
      return [
        { type: "response.function_call_arguments.delta", ...place, delta: item.arguments },
        { type: "response.function_call_arguments.done", ...place, arguments: item.arguments },
      ];
    case "reasoning":
      return [{ type: "response.reasoning_summary_text.delta", ...place, summary_index: 0, delta: "Hm." }];
    default:
      return [{ type: `response.${item.type}.searching`, ...place }];
  }
}

/** With names, as OpenAI sends them. */
export function responsesSse(events: readonly Json[]): Buffer {
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}

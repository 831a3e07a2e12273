// One exchange of a golden transcript over a whole broker: a client's request goes in at its own row, a vendor answers with
// the bytes of the transcript, and both sides of what the broker made of it come back. What differs from run to run is "~".

import { startBroker, type TestBroker } from "../support/broker.ts";
import { createUpstream, sse, type Upstream, type UpstreamAnswer } from "../support/upstream.ts";
import { type Dialect, headed, type Json, pretty, section, type Transcript } from "./transcript.ts";

const MODEL = `
    context_window: 100000
    max_output: 8192
    capabilities: [tool_calling, vision, file, json_schema, reasoning, streaming]
    backends: `;
const PRICES = "input_cost: 1, output_cost: 2";
/** A model for each dialect of vendors, of that name. */
const MODELS = `
models:
  chat:${MODEL}[{ provider: openai, model_id: gpt-up, ${PRICES} }]
  responses:${MODEL}[{ provider: openai, model_id: gpt-up, responses: true, ${PRICES} }]
  messages:${MODEL}[{ provider: anthropic, model_id: claude-haiku-4-5, ${PRICES} }]
`;

/** Rows of the clients, as far as the vendors' paths have the same ends. */
const ROWS: Readonly<Record<Dialect, string>> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
};
const VENDOR_PATHS: Readonly<Record<string, Dialect>> = {
  "/v1/chat/completions": "chat",
  "/v1/responses": "responses",
  "/v1/messages": "messages",
};

export interface GoldenHouse {
  readonly broker: TestBroker;
  readonly vendor: Upstream;
  stop(): Promise<void>;
}

export async function openGoldenHouse(): Promise<GoldenHouse> {
  const vendor = await createUpstream();
  const broker = await startBroker(
    {
      ...{ OPENAI_API_KEY: "sk-vendor-1", OPENAI_BASE_URL: `${vendor.url}/v1` },
      ...{ ANTHROPIC_API_KEY: "sk-ant-vendor-2", ANTHROPIC_BASE_URL: vendor.url },
      CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "0", // one round: how many fit a time is the machine's to say
    },
    MODELS,
  );
  return {
    broker,
    vendor,
    async stop() {
      await broker.stop();
      await vendor.close();
    },
  };
}

export interface Pair {
  readonly client: Dialect;
  readonly vendor: Dialect;
}

export interface Exchange {
  /** What came to the vendor: `path` and the body. */
  readonly request: string;
  /** Status and body, or a value a line. */
  readonly answer: string;
}

/** How the bytes of a stream are sent. */
export type Split = (bytes: Buffer) => readonly Uint8Array[];

export async function exchange(
  { broker, vendor }: GoldenHouse,
  transcript: Transcript,
  pair: Pair,
  stream: boolean,
  split: Split = (bytes) => [bytes],
): Promise<Exchange> {
  broker.app.reload(); // what one answer does to a vendor's name must not show in the next
  const first = vendor.requests.length;
  vendor.fallback((request) =>
    vendorAnswer(transcript, VENDOR_PATHS[request.path] ?? "chat", request.json().stream === true, split),
  );
  const response = await fetch(`${broker.url}${ROWS[pair.client]}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked(transcript, pair, stream)),
  });
  const text = await response.text();
  const request = vendor.requests[first];
  return {
    request: request ? `${request.path}\n${pretty(request.json())}` : "none\n{}",
    answer: response.headers.get("content-type")?.startsWith("text/event-stream")
      ? events(text).join("\n")
      : `${response.status}\n${pretty(steady(JSON.parse(text)))}`,
  };
}

function asked(transcript: Transcript, { client, vendor }: Pair, stream: boolean): Json {
  const params = JSON.parse(section(transcript, `${client} client asks`)) as Json;
  if (!stream) return { model: vendor, ...params };
  return {
    model: vendor,
    ...params,
    stream,
    ...(client === "chat" ? { stream_options: { include_usage: true } } : {}),
  };
}

/** A vendor that is only ever asked for streams has no other answer, but for errors. */
function vendorAnswer(transcript: Transcript, dialect: Dialect, stream: boolean, split: Split): UpstreamAnswer {
  if (stream) return sse(...split(Buffer.from(`${section(transcript, `${dialect} vendor streams`)}\n\n`)));
  const { head, value } = headed(section(transcript, `${dialect} vendor answers`));
  return { status: Number(head), json: value };
}

/** The values of a stream; an event's name must be its value's type. */
export function events(text: string): string[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "" && !frame.startsWith(":"))
    .map((frame) => {
      const [, name, data = ""] = /^(?:event: (.*)\n)?data: (.*)$/.exec(frame) ?? [];
      if (data === "" || data === "[DONE]") return data;
      const value = steady(JSON.parse(data)) as Json;
      if (name !== undefined && name !== value.type) throw new TypeError(`${name} is not ${value.type}`);
      return JSON.stringify(value);
    });
}

/** Of the vendors' own answers. */
const VENDOR_TIME = 1_700_000_000;
const TIMES = new Set(["created", "created_at", "completed_at"]);

function steady(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, each) => {
    if (TIMES.has(key) && typeof each === "number" && each > VENDOR_TIME + 1) return "~";
    if (key === "request_id") return "~";
    return typeof each === "string" ? each.replace(/^(resp|msg|fc|fco|rs|item)_[0-9a-f]{40}/, "$1_~") : each;
  });
}

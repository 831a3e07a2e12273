// What a client of the compatibility table is given: a broker's address, a fetch that reaches it over TCP or over the Unix
// socket, and the scripted vendor behind it. And the words that the table is made of.

import { Agent, fetch as undiciFetch } from "undici";
import { startBroker } from "../../support/broker.ts";
import { createUpstream, type Upstream, type UpstreamAnswer } from "../../support/upstream.ts";

export const CAPABILITIES = [
  ...(["chat", "stream", "tools", "structured output", "embeddings", "audio", "errors", "aborts"] as const),
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const TRANSPORTS = ["TCP", "Unix socket"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** One way in. */
export interface Door {
  /** Without a path; of the Unix socket, any name will do. */
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  readonly vendor: Vendor;
}

/** Knows nothing of what other tests have scripted. */
export interface Vendor extends Pick<Upstream, "requests" | "request"> {
  script(...answers: UpstreamAnswer[]): void;
}

/** A package as it is installed, and what it is able to do; each of these rejects where it does not work. */
export interface ClientUnderTest {
  readonly name: string;
  /** Those whose versions are shown. */
  readonly packages: readonly string[];
  readonly does: Partial<Readonly<Record<Capability, (door: Door) => Promise<void>>>>;
}

/** As a test is called; the table is read from these names. */
export function testName(client: ClientUnderTest, capability: Capability, transport: Transport): string {
  return [client.name, capability, transport].join(" | ");
}

const MODELS = `
models:
  m:
    capabilities: [tool_calling, json_schema, streaming]
    backends: [{ provider: openai, model_id: up, input_cost: 1, output_cost: 2 }]
embedding_models:
  e: { backends: [{ provider: openai, model_id: emb, input_cost: 1 }] }
stt_models:
  whisper-1: { backends: [{ provider: openai, model_id: whisper-1, per_minute: 0.006 }] }
tts_models:
  tts-1: { backends: [{ provider: openai, model_id: tts-1, per_character: 0.000015 }] }
`;

export interface Doors {
  open(transport: Transport): Door;
  close(): Promise<void>;
}

export async function openDoors(): Promise<Doors> {
  const upstream = await createUpstream();
  const broker = await startBroker({ OPENAI_API_KEY: "sk-vendor-1", OPENAI_BASE_URL: upstream.url }, MODELS);
  const agent = new Agent({ connect: { socketPath: broker.socketPath } });
  // FormData and Request of another copy of the library are none to this one.
  const dial = async (...[input, init]: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    const request = new Request(input, init);
    const { method, headers, signal } = request;
    const body = request.body ? Buffer.from(await request.arrayBuffer()) : null;
    const asked = { method, headers: [...headers] as [string, string][], signal, body, dispatcher: agent };
    return (await undiciFetch(request.url, asked)) as unknown as Response;
  };
  // OpenAI's SDK looks there whether files can be sent.
  const overSocket = Object.assign(dial, { Response: globalThis.Response });
  return {
    open(transport) {
      broker.app.reload();
      const vendor = vendorOf(upstream);
      return transport === "TCP"
        ? { origin: broker.url, fetch: globalThis.fetch, vendor }
        : { origin: "http://broker", fetch: overSocket, vendor };
    },
    async close() {
      await agent.close();
      await broker.stop();
      await upstream.close();
    },
  };
}

function vendorOf(upstream: Upstream): Vendor {
  const answers: UpstreamAnswer[] = [];
  upstream.fallback(() => answers.shift() ?? { status: 400, json: { error: { message: "nothing is scripted" } } });
  return {
    script: (...more) => void answers.push(...more),
    requests: upstream.requests,
    request: (index) => upstream.request(index),
  };
}

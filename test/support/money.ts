// A broker with one priced model in front of a scripted vendor, and keys made over its Unix socket.

import assert from "node:assert/strict";
import { startBroker, type TestBroker, type Vars } from "./broker.ts";
import { connectClient, type TestClient } from "./client.ts";
import { createUpstream, type Upstream, type UpstreamAnswer } from "./upstream.ts";

/** 1 USD per million tokens in, 2 out: so many tokens cost so many thousand nano-USD. */
export const MODELS = `
models:
  m:
    context_window: 100000
    max_output: 4096
    backends:
      - { provider: openai, model_id: up, input_cost: 1, output_cost: 2 }
`;

export interface MoneyHouse {
  readonly broker: TestBroker;
  readonly upstream: Upstream;
  /** On the Unix socket, so an administrator. */
  readonly admin: TestClient;
  /** Gives id and secret. */
  createKey(params?: object): Promise<{ id: string; secret: string }>;
  chat(secret: string | undefined, params?: object, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Every provider of `vendors` is the scripted one. */
export async function openMoneyHouse(
  vars: Vars = {},
  models = MODELS,
  vendors: readonly string[] = [],
): Promise<MoneyHouse> {
  const upstream = await createUpstream();
  const urls = vendors.flatMap((name) => [
    [`${name}_BASE_URL`, upstream.url],
    [`${name}_API_KEY`, `sk-${name}`],
  ]);
  const broker = await startBroker(
    { OPENAI_API_KEY: "sk-vendor", OPENAI_BASE_URL: upstream.url, ...Object.fromEntries(urls), ...vars },
    models,
  );
  const admin = await connectClient(broker.socketPath);
  return {
    ...{ broker, upstream, admin },
    async createKey(params = {}) {
      const { result, error } = await admin.call("keys.create", { name: "test", ...params });
      assert.ok(result, JSON.stringify(error));
      return { id: String(result.id), secret: String(result.secret) };
    },
    chat: (secret, params = {}, init = {}) =>
      fetch(`${broker.url}/v1/chat/completions`, {
        method: "POST",
        ...init,
        headers: {
          "content-type": "application/json",
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
        body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello!" }], ...params }),
      }),
    async stop() {
      admin.close();
      await broker.stop();
      await upstream.close();
    },
  };
}

/** A vendor's whole answer that took so many tokens. */
export function answered(input: number, output: number, more: object = {}): UpstreamAnswer {
  return {
    json: {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "up",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
      usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, ...more },
    },
  };
}

// The log as an administrator follows it, over HTTP and on the raw socket, and what it must never hold.

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connectClient } from "../support/client.ts";
import { progressValidator } from "../support/document.ts";
import { type BrokerProcess, startProcess, tempFolder } from "../support/process.ts";
import { createUpstream, sse, type Upstream } from "../support/upstream.ts";

const ADMIN = "admin-token-0123456789";
const MODELS = `
models:
  paid:
    context_window: 100000
    backends:
      - { provider: openai, model_id: vendor-model, input_cost: 1, output_cost: 2 }
  tiny-broker:
    backends:
      - { provider: embedded, model_id: tiny-broker, free: true }
`;

let upstream: Upstream;
let broker: BrokerProcess;

before(async () => {
  upstream = await createUpstream();
  const folder = await tempFolder();
  await writeFile(join(folder, "models.yml"), MODELS);
  broker = await startProcess(
    {
      LOG_LEVEL: "trace",
      ADMIN_TOKEN: ADMIN,
      MODELS_CONFIG_PATH: join(folder, "models.yml"),
      OPENAI_API_KEY: "sk-upstream-canary-0123456789",
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "10",
    },
    folder,
  );
});
after(async () => {
  broker.child.kill("SIGKILL");
  await broker.ended;
  await upstream.close();
  await rm(broker.folder, { recursive: true, force: true });
});

function chat(content: string, more: object = {}): Promise<Response> {
  return fetch(`${broker.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "tiny-broker", max_tokens: 5, messages: [{ role: "user", content }], ...more }),
  });
}

/** `GET /logs`, as curl would. */
function openLogs(query = "", headers: Record<string, string> = { authorization: `Bearer ${ADMIN}` }) {
  return fetch(`${broker.url}/logs${query}`, { headers });
}

/** The data of each event; hangs up when nobody wants more. */
async function* events({ body }: Response): AsyncGenerator<Record<string, unknown>> {
  const validate = progressValidator("logs.tail");
  let text = "";
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (text + part).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.startsWith("data: "))) {
      const value = JSON.parse(line.slice(6));
      validate(value);
      yield value;
    }
  }
}

describe("GET /logs", () => {
  test("sends the line of a call as it ends", async () => {
    await chat("Hello!");
    const response = await openLogs("?last=1");
    assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
    const lines = events(response);
    const first = (await lines.next()).value;
    assert.equal(first?.msg, "call");
    const answer = await chat("Hello again!");
    const id = answer.headers.get("x-request-id");
    for await (const line of lines) {
      if (line.request_id !== id) continue;
      assert.equal(line.level, "info");
      assert.equal(line.model, "tiny-broker");
      assert.equal(line.outcome, "ok");
      break;
    }
  });

  test("is for administrators", async () => {
    for (const headers of [{}, { authorization: "Bearer not-needed" }]) {
      const response = await openLogs("", headers);
      assert.equal(response.status, 403);
      await response.body?.cancel();
    }
  });

  test("refuses a level that is none", async () => {
    const response = await openLogs("?level=loud");
    assert.equal(response.status, 400);
    assert.match(await response.text(), /level/);
  });
});

describe("logs.tail on the raw socket", () => {
  test("sends lines as progress until it is cancelled, and tells how many", async () => {
    const client = await connectClient(broker.socketPath);
    const lines: { msg: string; method?: string }[] = [];
    const arrived = Promise.withResolvers<void>();
    const id = client.nextId;
    const tail = client.call("logs.tail", { stream: true, last: 0 }, (value) => {
      lines.push(value as { msg: string });
      arrived.resolve();
    });
    await client.call("chat.completions.create", {
      model: "tiny-broker",
      max_tokens: 3,
      messages: [{ role: "user", content: "Hello!" }],
    });
    await arrived.promise;
    assert.equal(lines[0]?.method, "chat.completions.create");
    client.notify("$/cancelRequest", { id });
    const { error } = await tail;
    assert.equal(error?.data.kind, "cancelled");
    assert.equal(error?.data.lines, lines.length);
    assert.equal(error?.data.dropped, 0);
    client.close();
  });

  test("leaves the broker as it was when its caller is gone", async () => {
    const client = await connectClient(broker.socketPath);
    const tail = client.call("logs.tail", { stream: true, level: "trace" });
    await client.call("system.health");
    client.close();
    await assert.rejects(tail);
    assert.equal((await chat("Hello!")).status, 200);
  });
});

describe("at the lowest level the log holds no content", () => {
  const CANARY = "canary of content";
  const ways: Record<string, (upstream: Upstream) => void> = {
    "an answer": (up) =>
      up.script({
        json: {
          id: "1",
          object: "chat.completion",
          created: 1,
          model: "m",
          choices: [
            { index: 0, message: { role: "assistant", content: `${CANARY}, answered` }, finish_reason: "stop" },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        },
      }),
    "a refusal that repeats it": (up) =>
      up.script({
        status: 400,
        json: { error: { message: `Invalid content: '${CANARY}'`, type: "invalid_request_error" } },
      }),
    "an answer that can't be read": (up) => up.fallback(() => ({ pieces: [`{"choices": [${CANARY}`] })),
    "a failure that repeats it": (up) => up.fallback(() => ({ status: 500, json: { error: { message: CANARY } } })),
    "a stream that breaks": (up) =>
      up.fallback(() => ({
        ...sse(
          `data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"${CANARY}"},"finish_reason":null}]}\n\n`,
          `data: {"broken ${CANARY}\n\n`,
        ),
        ending: "destroy" as const,
      })),
  };
  for (const [way, script] of Object.entries(ways)) {
    for (const stream of [false, true]) {
      test(`of a call that got ${way}${stream ? ", streamed" : ""}`, async () => {
        script(upstream);
        const answer = await chat(CANARY, { model: "paid", stream, user: CANARY });
        await answer.text();
        const id = answer.headers.get("x-request-id") ?? "none";
        while (!broker.out.stderr.includes(id))
          await new Promise((resolve) => broker.child.stderr?.once("data", resolve));
        assert.ok(!broker.out.stderr.includes(CANARY), broker.out.stderr);
        assert.ok(!broker.out.stderr.includes("upstream-canary"), "nor a key");
      });
    }
  }
});

test("a broker that stops ends those who follow its log, and does not wait for them", async () => {
  await chat("Hello!");
  const response = await openLogs("?last=1");
  broker.child.kill("SIGTERM");
  // A connection that is cut at the end of DRAIN_TIMEOUT would not end its answer.
  assert.match(await response.text(), /^data: .*"msg":"call".*\n\n/);
  assert.equal(await broker.ended, 0);
});

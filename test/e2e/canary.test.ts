// No secret is ever shown: a broker with a recognisable secret in every place that takes one, at its most talkative, with
// vendors that repeat the key that they were sent; then everything it said and wrote is searched.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { METHODS } from "../../src/generated/methods.ts";
import type { MethodName } from "../../src/generated/types.ts";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { Canaries } from "../support/canaries.ts";
import { connectClient } from "../support/client.ts";
import { signed } from "../support/jwt.ts";
import { LEAST_PARAMS } from "../support/least-params.ts";
import { type BrokerProcess, startProcess, tempFolder } from "../support/process.ts";
import { createUpstream, sse, type Upstream, type UpstreamAnswer } from "../support/upstream.ts";

/** How a vendor repeats the key that it was sent, told by its name, which is the first part of the path. */
const VENDORS: Readonly<Record<string, (key: string, stream: boolean) => UpstreamAnswer>> = {
  fine: (_, stream) => (stream ? sse(openAiSse(openAiTextChunks(["Hi"]))) : { json: openAiCompletion("Hi") }),
  ...Object.fromEntries(
    [400, 401, 402, 403, 404, 422, 429, 500, 503].map((status) => [
      `says${status}`,
      (key: string) => ({
        status,
        headers: { "x-key": key },
        json: { error: { message: `Bad key: ${key}`, type: key, code: key, param: key } },
      }),
    ]),
  ),
  // The key stands where a long message is cut off.
  long: (key) => ({ status: 400, json: { error: { message: `${"x".repeat(1_970)}${key}` } } }),
  text: (key) => ({ status: 400, headers: { "content-type": "text/plain" }, pieces: [`Bad key: ${key}`] }),
  garbled: (key) => ({ headers: { "content-type": "text/html" }, pieces: [`<html>${key}</html>`] }),
  inside200: (key) => ({ json: { error: { message: `Bad key: ${key}` } } }),
  firstframe: (key) => sse(`data: {"error":{"message":"Bad key: ${key}"}}\n\n`),
  lastframe: (key) => ({
    ...sse(
      openAiSse(openAiTextChunks(["Hi"]).slice(0, 2), { done: false }),
      `data: {"error":{"message":"${key}"}}\n\n`,
    ),
  }),
  badframe: (key) => ({
    ...sse(openAiSse(openAiTextChunks(["Hi"]).slice(0, 2), { done: false }), `data: {${key}\n\n`),
  }),
  cut: (key) => ({
    ...sse(`: ${key}\n\n`, openAiSse(openAiTextChunks(["Hi"]).slice(0, 2), { done: false })),
    ending: "destroy",
  }),
};
const keyVariable = (vendor: string): string => `${vendor.toUpperCase()}_API_KEY`;
const chatOf = (model: string, stream: boolean): object => ({
  model,
  stream,
  messages: [{ role: "user", content: "Hello!" }],
});

const canaries = new Canaries();
const adminToken = canaries.make("ADMIN_TOKEN");
const heroSecret = canaries.make("HERO_SECRET");
const vendorKeys = Object.fromEntries(
  Object.keys(VENDORS).map((vendor) => [vendor, canaries.make(vendor, "sk-vendor-")]),
);
let broker: BrokerProcess;
let upstream: Upstream;

before(async () => {
  upstream = await createUpstream();
  upstream.fallback((request) => {
    const vendor = request.path.split("/")[1] ?? "";
    const key = request.headers.authorization?.slice("Bearer ".length) ?? "";
    return VENDORS[vendor]?.(key, request.body.includes('"stream":true')) ?? { status: 404, json: {} };
  });
  const folder = await tempFolder();
  const models = join(folder, "models.yml");
  await writeFile(models, modelsFile(upstream.url));
  broker = await startProcess(
    {
      ...{ LOG_LEVEL: "trace", AUTH: "required", ADMIN_TOKEN: adminToken, HERO_SECRET: heroSecret },
      ...{ MODELS_CONFIG_PATH: models, CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "20" },
      ...Object.fromEntries(Object.entries(vendorKeys).map(([vendor, key]) => [keyVariable(vendor), key])),
      // Not of a model: it shows in system.info alone.
      OPENAI_API_KEYS: `${canaries.make("OPENAI_API_KEYS 1", "sk-")},${canaries.make("OPENAI_API_KEYS 2", "sk-")}`,
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

function modelsFile(url: string): string {
  const vendors = Object.keys(VENDORS);
  const providers = vendors.map((vendor) => `  ${vendor}: { dialect: openai, base_url: "${url}/${vendor}" }`);
  const models = vendors.map(
    (vendor) => `  ${vendor}: { backends: [{ provider: ${vendor}, model_id: m, input_cost: 1, output_cost: 1 }] }`,
  );
  return ["providers:", ...providers, "models:", ...models, ""].join("\n");
}

/** One HTTP request, its answer heard. */
async function ask(path: string, init: RequestInit & { token?: string } = {}): Promise<void> {
  const { token, ...rest } = init;
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...rest.headers,
  };
  await canaries.hearResponse(
    `answer to ${path.split("?")[0]}`,
    await fetch(`${broker.url}${path}`, { ...rest, headers }),
  );
}

const post = (path: string, token: string, body: unknown): Promise<void> =>
  ask(path, { method: "POST", token, body: typeof body === "string" ? body : JSON.stringify(body) });

/** A key of the broker, watched from its making; its making is not heard. */
async function issue(): Promise<{ id: string; secret: string }> {
  const asAdmin = { authorization: `Bearer ${adminToken}`, "content-type": "application/json" };
  const make = async (path: string, body: object) => {
    const response = await fetch(`${broker.url}${path}`, {
      method: "POST",
      headers: asAdmin,
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as { id: string; secret: string };
  };
  const first = await make("/keys", { name: "canary" });
  canaries.watch("a key's old secret", first.secret.slice("sk-ab-".length));
  const { secret } = await make(`/keys/${first.id}/rotate`, { grace_s: 60 });
  canaries.watch("a key", secret.slice("sk-ab-".length));
  return { id: first.id, secret };
}

test("no secret is in a log line, an answer, a metric or a file", { timeout: 60_000 }, async () => {
  const cookie = readFileSync(join(broker.folder, "admin.cookie"), "utf8").trim();
  canaries.watch("the cookie", cookie);
  const jwt = signed({ sub: "ann", scope: "admin", exp: Date.now() / 1000 + 600 }, heroSecret);
  canaries.watch("a JWT's signature", jwt.split(".")[2] ?? "");
  const key = await issue();

  for (const vendor of Object.keys(VENDORS)) {
    for (const stream of [false, true]) await post("/v1/chat/completions", key.secret, chatOf(vendor, stream));
  }
  await overRawSocket(key.secret);
  await withBadCredentials([adminToken, cookie, jwt, key.secret]);
  for (const token of [adminToken, cookie, jwt, key.secret]) await everyMethod(token);
  await ask(`/keys/${key.id}`, { method: "DELETE", token: adminToken });
  await post("/v1/chat/completions", key.secret, chatOf("fine", false));
  for (const path of ["/metrics", "/metrics/detailed", "/system/info", "/keys?all=true", `/keys/${key.id}`]) {
    await ask(path, { token: adminToken });
  }
  for (const path of ["/billing/usage?by=key", "/billing/requests", "/billing/export", "/billing/summary"]) {
    await ask(path, { token: adminToken });
  }

  assert.deepEqual(new Set(upstream.requests.map(({ path }) => path.split("/")[1])), new Set(Object.keys(VENDORS)));
  hearFiles("file of a running broker");
  broker.child.kill("SIGTERM");
  assert.equal(await broker.ended, 0);
  hearFiles("file of a broker that has ended");
  canaries.hear("standard output", broker.out.stdout);
  canaries.hear("standard error", broker.out.stderr);
  for (const where of ["answer to /v1/chat", "answer to /metrics", "file of a running", "standard error"]) {
    assert.ok(canaries.heard(where) > 1_000, `${where}: there is something to search`);
  }
  assert.deepEqual(canaries.leaks(), []);
});

async function overRawSocket(secret: string): Promise<void> {
  const { hostname: host, port } = new URL(broker.url);
  const client = await connectClient({ host, port: Number(port) });
  const call = async (method: string, params: object): Promise<void> =>
    canaries.hear(`reply to ${method}`, JSON.stringify(await client.call(method, params)));
  await call("models.list", { _meta: { token: `${secret}x` } });
  await call("models.list", { _meta: { token: secret, progressToken: {} } });
  await call("session.authenticate", { token: `${adminToken}x` });
  await call("session.authenticate", { token: { value: adminToken } });
  await call("session.authenticate", { token: secret, secret });
  await call("session.authenticate", { token: secret });
  for (const vendor of Object.keys(VENDORS)) await call("chat.completions.create", chatOf(vendor, false));
  client.close();
}

async function withBadCredentials(secrets: readonly string[]): Promise<void> {
  for (const secret of secrets) {
    const almost = `${secret.slice(0, -1)}${secret.endsWith("x") ? "y" : "x"}`;
    await ask("/v1/models", { token: almost });
    await ask("/v1/models", { headers: { "x-api-key": almost } });
    await ask("/v1/models", { headers: { authorization: secret } });
    await ask("/v1/models", { headers: { authorization: `Basic ${secret}` } });
    await ask(`/v1/models?api_key=${secret}&usable=${secret}`, { token: adminToken });
    await ask(`/none?key=${secret}`);
    await post("/v1/chat/completions", secret, `{"model":"fine","key":"${secret}",`);
    await post("/v1/chat/completions", secret, `{"model":"fine","key": ${secret}}`);
    await post("/rpc", secret, `{"jsonrpc":"2.0","id":1,"method":"models.list","params":"${secret}"`);
    await post("/rpc", secret, { jsonrpc: "2.0", id: 1, method: "keys.create", params: { name: { secret } } });
  }
}

/** With nothing beyond what it needs; making and rotating keys shows a secret, and is left out. */
async function everyMethod(token: string): Promise<void> {
  for (const method of Object.keys(METHODS) as MethodName[]) {
    if (method === "keys.create" || method === "keys.rotate") continue;
    await post("/rpc", token, { jsonrpc: "2.0", id: 1, method, params: LEAST_PARAMS[method] ?? {} });
  }
}

function hearFiles(where: string): void {
  const names = readdirSync(broker.folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of names) {
    if (name !== "admin.cookie") canaries.hear(`${where}: ${name}`, readFileSync(join(broker.folder, name), "latin1"));
  }
}

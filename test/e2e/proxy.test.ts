// A broker whose only way out is a proxy: providers over https and http, MCP servers, credentials of the proxy, hosts that
// are reached without, a proxy that refuses.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { listening } from "../support/listen.ts";
import { serveHttp, withSessions } from "../support/mcp-http.ts";
import { type BrokerProcess, starter, tempFolder } from "../support/process.ts";
import { openProxy } from "../support/proxy.ts";
import { createUpstream, sse } from "../support/upstream.ts";

const start = starter();
const ANSWER = openAiSse(openAiTextChunks(["Hel", "lo"]));
const MODELS = `
providers:
  far: { dialect: openai, base_url: "https://vendor.test/v1" }
  near: { dialect: openai, base_url: "http://plain.test/v1" }
models:
  far: { backends: [{ provider: far, model_id: m }] }
  near: { backends: [{ provider: near, model_id: m }] }
`;

/** A certificate of vendor.test, in files. */
function certificate(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=vendor.test", "-addext", "subjectAltName=DNS:vendor.test"];
  execFileSync("openssl", [...made, ...named, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key, cert };
}

/** Answers every chat by a stream over TLS. */
async function secureVendor(t: TestContext, folder: string): Promise<{ readonly port: number; readonly cert: string }> {
  const { key, cert } = certificate(folder);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" }).end(ANSWER);
  });
  return { port: await listening(t, server), cert };
}

async function ask({ url }: BrokerProcess, model: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Hi" }] });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

test("all that leaves the machine goes through the proxy, and nothing else does", async (t) => {
  const folder = await tempFolder();
  const vendor = await secureVendor(t, folder);
  const plain = await createUpstream();
  t.after(() => plain.close());
  plain.fallback(() => sse(ANSWER));
  const tools = await serveHttp(t, () => withSessions());
  const names = { "vendor.test:443": vendor.port, "plain.test:80": plain, "tools.test:80": tools };
  const ports = Object.entries(names).map(([name, at]) => [name, typeof at === "number" ? at : portOf(at.url)]);
  const proxy = await openProxy(t, { names: Object.fromEntries(ports), credentials: "us er:pass%word" });
  await writeFile(join(folder, "models.yml"), MODELS);
  const mcp = { mcpServers: { tools: { url: "http://tools.test/" }, here: { url: tools.url } } };
  await writeFile(join(folder, "mcp.json"), JSON.stringify(mcp));
  const through = `http://us%20er:pass%25word@127.0.0.1:${proxy.port}`;
  const broker = await start(
    {
      ...{ MODELS_CONFIG_PATH: join(folder, "models.yml"), MCP_CONFIG_PATH: join(folder, "mcp.json") },
      ...{ FAR_API_KEY: "sk-far", NEAR_API_KEY: "sk-near", NODE_EXTRA_CA_CERTS: vendor.cert, LOG_LEVEL: "debug" },
      ...{ https_proxy: through, HTTP_PROXY: through },
    },
    folder,
  );
  for (const model of ["far", "near"]) {
    const { status, text } = await ask(broker, model);
    assert.equal(status, 200, text);
    assert.match(text, /"Hel".*\[DONE\]/s);
  }
  assert.deepEqual(plain.requests[0]?.headers.authorization, "Bearer sk-near");
  assert.equal(plain.requests[0]?.headers["proxy-authorization"], undefined);
  const servers = await (await fetch(`${broker.url}/mcp/servers`, { headers: cookie(broker) })).json();
  assert.deepEqual(
    (servers as { servers: { name: string; state: string }[] }).servers.map(({ name, state }) => [name, state]).sort(),
    [
      ["here", "healthy"],
      ["tools", "healthy"],
    ],
  );
  const hosts = new Set(proxy.seen.map((line) => line.replace(/^([A-Z]+) (?:http:\/\/)?([^/]*).*/, "$1 $2")));
  assert.deepEqual([...hosts].filter((line) => !line.startsWith("GET")).sort(), [
    "CONNECT vendor.test:443",
    "POST plain.test",
    "POST tools.test",
  ]);
  assert.doesNotMatch(broker.out.stderr + broker.out.stdout, /pass%|pass%25word|us%20er/);
});

test("NO_PROXY names what is reached without, and what a proxy refuses is told as such", async (t) => {
  const folder = await tempFolder();
  const proxy = await openProxy(t, { names: {}, credentials: "a:b" });
  const plain = await createUpstream();
  t.after(() => plain.close());
  plain.fallback(() => sse(ANSWER));
  const models = MODELS.replace("http://plain.test/v1", `http://0.0.0.0:${portOf(plain.url)}/v1`);
  await writeFile(join(folder, "models.yml"), models);
  const env = {
    ...{ MODELS_CONFIG_PATH: join(folder, "models.yml"), FAR_API_KEY: "sk-far", NEAR_API_KEY: "sk-near" },
    ...{ HTTPS_PROXY: `127.0.0.1:${proxy.port}`, HTTP_PROXY: `127.0.0.1:${proxy.port}` },
    CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "0",
  };
  const broker = await start({ ...env, NO_PROXY: ".example, 0.0.0.0" }, folder);
  const near = await ask(broker, "near");
  assert.equal(near.status, 200, near.text);
  assert.deepEqual(proxy.seen, []);
  const far = await ask(broker, "far");
  assert.equal(far.status, 502);
  assert.match(far.text, /the proxy answered 407/);
  assert.doesNotMatch(far.text, /127\.0\.0\.1/);
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function cookie({ folder }: BrokerProcess): Record<string, string> {
  return { authorization: `Bearer ${readFileSync(join(folder, "admin.cookie"), "utf8").trim()}` };
}

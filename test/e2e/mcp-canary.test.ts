// Secrets of MCP servers (in their environment, headers, arguments and URLs) are for those servers alone: whatever goes wrong
// with them, nothing that the broker says, logs or keeps has one of them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Canaries } from "../support/canaries.ts";
import { connectClient } from "../support/client.ts";
import { mcpFile, odd, ref, until } from "../support/mcp.ts";
import { modern, serveHttp } from "../support/mcp-http.ts";
import { type BrokerProcess, startProcess } from "../support/process.ts";

const ADMIN = "the-token-of-the-administrator";
const canaries = new Canaries();
let broker: BrokerProcess;
after(() => broker?.child.kill("SIGKILL"));

async function ask(path: string, init: RequestInit = {}): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" };
  await canaries.hearResponse(`answer to ${path}`, await fetch(`${broker.url}${path}`, { headers, ...init }));
}

test("secrets of MCP servers are told to nobody", { timeout: 60_000 }, async (t) => {
  const inHeader = canaries.make("in a header");
  const inUrl = canaries.make("in a URL");
  const inEnv = canaries.make("in the environment");
  const inArgs = canaries.make("in arguments");
  const good = await serveHttp(t, modern);
  // It says back all that it was sent, in every way there is.
  const tattler = await serveHttp(t, () => {
    let at = 0;
    return (request, response) => {
      const told = `${request.url} ${request.headers.authorization} ${decodeURIComponent(request.url ?? "")}`;
      const status = [401, 403, 500, 302, 200][at++ % 5] ?? 500;
      response.writeHead(status, {
        "content-type": "text/plain",
        ...(status === 302 ? { location: `/${told.replaceAll(/\s/g, "")}` } : {}),
      });
      response.end(told);
    };
  });
  const secrets = { authorization: `Bearer ${ref("IN_HEADER")}` };
  const servers = {
    good: { url: `${good.url}?key=${ref("IN_URL")}`, headers: secrets },
    tattler: { url: `${tattler.url}?key=${ref("IN_URL")}`, headers: secrets, connect_timeout_ms: 1000 },
    broken: { url: `http://127.0.0.1:9/${ref("IN_URL")}`, headers: secrets },
    program: odd({ words: `my token is ${inEnv}` }, { env: { TOKEN: ref("IN_ENV") } }),
    none: { command: `/no/such/${ref("IN_ARGS")}`, args: [`--token=${ref("IN_ARGS")}`], cwd: "/" },
    faulty: { url: ref("IN_ARGS") },
  };
  broker = await startProcess({
    ADMIN_TOKEN: ADMIN,
    MCP_CONFIG_PATH: mcpFile(servers),
    LOG_LEVEL: "trace",
    ...{ IN_HEADER: inHeader, IN_URL: inUrl, IN_ENV: inEnv, IN_ARGS: inArgs },
  });
  const headers = { authorization: `Bearer ${ADMIN}` };
  const states = async (): Promise<string> => (await fetch(`${broker.url}/mcp/servers`, { headers })).text();
  await until(async () => !(await states()).includes('"connecting"'));
  assert.equal((await states()).match(/"healthy"/g)?.length, 2, await states());
  const client = await connectClient(broker.socketPath);
  for (const method of [
    "mcp.servers.list",
    "mcp.tools.list",
    "mcp.resources.list",
    "mcp.prompts.list",
    "system.info",
    "system.reload",
  ]) {
    canaries.hear(`reply to ${method}`, JSON.stringify(await client.call(method)));
  }
  for (const name of ["program__refuse", "program__die", "program__echo", "good__echo", "good__none"]) {
    canaries.hear(`reply to ${name}`, JSON.stringify(await client.call("mcp.tools.call", { name, arguments: {} })));
    await ask(`/mcp/tools/${name}`, { method: "POST", body: "{}" });
  }
  for (const name of Object.keys(servers)) {
    canaries.hear(`restart of ${name}`, JSON.stringify(await client.call("mcp.servers.restart", { server: name })));
    await ask(`/mcp/servers/${name}/restart`, { method: "POST", body: "{}" });
  }
  for (const path of ["/health", "/mcp/servers", "/system/info", "/metrics", "/billing/requests"]) await ask(path);
  client.close();
  assert.ok(
    good.seen.every(({ authorization }) => authorization === `Bearer ${inHeader}`),
    "the server itself is told",
  );
  assert.ok(tattler.seen.length > 0);
  broker.child.kill("SIGTERM");
  assert.equal(await broker.ended, 0);
  canaries.hear("standard output", broker.out.stdout);
  canaries.hear("standard error", broker.out.stderr);
  for (const { name } of readdirSync(broker.folder, { withFileTypes: true }).filter((entry) => entry.isFile())) {
    canaries.hear(`file ${name}`, readFileSync(join(broker.folder, name), "latin1"));
  }
  assert.match(broker.out.stderr, /my token is …/);
  for (const where of ["reply to mcp.servers.list", "answer to /mcp/servers", "standard error", "file requests.db"]) {
    assert.ok(canaries.heard(where) > 500, `${where}: there is something to search`);
  }
  assert.deepEqual(canaries.leaks(), []);
});

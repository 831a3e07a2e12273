// Tools as the keys of a broker meet them: which they see and may call, what a call costs, what stands in the request log.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient } from "../support/client.ts";
import { mcpFile, odd, until } from "../support/mcp.ts";
import { ADMIN, create, rest, to } from "../support/rest.ts";

const LIMIT = { timeout: 60_000 };

describe("with MCP servers behind it, a broker", LIMIT, () => {
  let broker: TestBroker;
  before(async () => {
    const servers = {
      paid: odd({}, { cost: 0.25, tool_costs: { echo: 0 } }),
      free: odd(),
      off: odd({}, { disabled: true }),
    };
    broker = await startBroker({ ADMIN_TOKEN: ADMIN, AUTH: "required", MCP_CONFIG_PATH: mcpFile(servers) });
    await until(async () => (await tools(ADMIN)).length === 24);
  });
  after(() => broker.stop());

  const tools = async (secret: string, query = ""): Promise<string[]> => {
    const { body } = await rest(broker.url, "GET", `/mcp/tools${query}`, undefined, secret);
    return (body.tools as { name: string }[]).map(({ name }) => name);
  };
  const call = (secret: string, name: string, args: object = {}) =>
    rest(broker.url, "POST", `/mcp/tools/${name}`, args, secret);
  const kindOf = ({ body }: { body: Record<string, unknown> }): unknown => (body.error as { code?: unknown })?.code;
  const textOf = ({ body }: { body: Record<string, unknown> }): string =>
    (body.content as { text: string }[])?.[0]?.text ?? JSON.stringify(body);

  test("shows and lends a key the tools that its patterns name", async () => {
    const { secret } = await create(broker.url, { tools: ["free__e*", "paid__count"] });
    assert.deepEqual(await tools(secret), ["free__echo", "free__env", "paid__count"]);
    assert.deepEqual(await tools(secret, "?server=free"), ["free__echo", "free__env"]);
    assert.equal((await call(secret, "free__echo")).status, 200);
    const refused = await call(secret, "free__count");
    assert.deepEqual([refused.status, kindOf(refused)], [403, "tool_not_allowed"]);
    assert.equal(kindOf(await call(secret, "count")), "invalid_params", "both servers have it");
    assert.equal(kindOf(await call(secret, "nothing")), "tool_not_found");
  });

  test("keeps what servers remember of two keys apart", async () => {
    const [one, two] = [await create(broker.url), await create(broker.url)];
    const seen = { one: [] as string[], two: [] as string[] };
    for (const who of ["one", "two", "one", "one", "two"] as const) {
      seen[who].push(textOf(await call((who === "one" ? one : two).secret, "free__count")));
    }
    assert.deepEqual(seen, { one: ["1", "2", "3"], two: ["1", "2"] });
  });

  test("bills what a tool costs, once its server may have begun", async () => {
    const { secret, id } = await create(broker.url);
    const bill = async (name: string, args: object = {}): Promise<unknown> =>
      ((await call(secret, name, args)).body.usage as { cost: number } | undefined)?.cost;
    assert.equal(await bill("paid__count"), 0.25);
    assert.equal(await bill("paid__echo"), 0);
    assert.equal(await bill("free__count"), 0);
    await call(secret, "paid__refuse");
    await call(secret, "paid__big", { bytes: "many" });
    const rows = broker.rows().filter((row) => row.key_id === id);
    assert.deepEqual(
      rows.map(({ method, model, provider, model_id, status, error_kind, cost_nano_usd, attempts }) => [
        ...[method, model, provider, model_id, status, error_kind, cost_nano_usd, attempts],
      ]),
      [
        ["mcp.tools.call", "paid__count", "paid", "count", "ok", null, 250_000_000, 1],
        ["mcp.tools.call", "paid__echo", "paid", "echo", "ok", null, 0, 1],
        ["mcp.tools.call", "free__count", "free", "count", "ok", null, 0, 1],
        ["mcp.tools.call", "paid__refuse", "paid", "refuse", "error", "mcp_rejected", 250_000_000, 1],
        ["mcp.tools.call", "paid__big", "paid", "big", "error", "invalid_params", 0, 0],
      ],
    );
  });

  test("holds tools to budgets and to what one call may cost", async () => {
    const { secret } = await create(broker.url, { budgets: [{ usd: 0.6, period: "day" }] });
    const client = await connectClient(to(broker.url));
    await client.call("session.authenticate", { token: secret });
    const dear = await client.call("mcp.tools.call", { name: "paid__count", max_cost: 0.2 });
    assert.equal(dear.error?.data.kind, "max_cost_exceeded");
    assert.equal(
      (await client.call("mcp.tools.call", { name: "paid__count", max_cost: 0.3 })).result?.isError,
      undefined,
    );
    assert.equal((await call(secret, "paid__count")).status, 200);
    const third = await call(secret, "paid__count");
    assert.deepEqual([third.status, kindOf(third)], [402, "budget_exceeded"]);
    assert.equal((await call(secret, "free__count")).status, 200, "what is free goes on");
    client.close();
  });

  test("tells a server of a cancelled call, and of one whose caller is gone", async () => {
    const { secret } = await create(broker.url);
    const client = await connectClient(to(broker.url));
    await client.call("session.authenticate", { token: secret });
    await client.call("mcp.tools.call", { name: "free__count" });
    const id = client.nextId;
    const waiting = client.call("mcp.tools.call", { name: "free__wait" });
    await client.call("models.list"); // the call before it has begun
    client.notify("$/cancelRequest", { id });
    assert.equal((await waiting).error?.data.kind, "cancelled");
    const cancelled = async (): Promise<number> => JSON.parse(textOf(await call(secret, "free__cancelled"))).length;
    await until(async () => (await cancelled()) === 1);
    const gone = await connectClient(to(broker.url));
    await gone.call("session.authenticate", { token: secret });
    const lost = gone.call("mcp.tools.call", { name: "free__wait" }).catch(() => {});
    await gone.call("models.list");
    gone.close();
    await lost;
    await until(async () => (await cancelled()) === 2);
    await until(() => broker.rows().filter(({ status }) => status === "cancelled").length === 2);
  });

  test("shows the servers to administrators alone, and restarts one for them", async () => {
    const { secret } = await create(broker.url);
    for (const [verb, path] of [
      ["GET", "/mcp/servers"],
      ["POST", "/mcp/servers/free/restart"],
    ] as const) {
      assert.equal((await rest(broker.url, verb, path, verb === "POST" ? {} : undefined, secret)).status, 403);
    }
    const { body } = await rest(broker.url, "GET", "/mcp/servers");
    assert.deepEqual(
      (body.servers as { name: string; state: string; tools: number }[]).map(({ name, state, tools }) => [
        name,
        state,
        tools,
      ]),
      [
        ["free", "healthy", 12],
        ["off", "disabled", 0],
        ["paid", "healthy", 12],
      ],
    );
    const restarted = await rest(broker.url, "POST", "/mcp/servers/free/restart", {});
    assert.deepEqual([restarted.body.state, restarted.body.restarts], ["healthy", 1]);
    assert.equal((await rest(broker.url, "POST", "/mcp/servers/none/restart", {})).status, 404);
  });
});

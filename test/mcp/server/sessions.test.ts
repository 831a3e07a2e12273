// Who may speak MCP over HTTP, and whose a session is.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker, type TestBroker } from "../../support/broker.ts";
import { ADMIN, create, rest } from "../../support/rest.ts";
import { begin, hello, modern, request, said, send } from "./say.ts";

const BATCHES = "2025-03-26";

describe("MCP over HTTP, where everybody needs a key", () => {
  let broker: TestBroker;
  let url = "";
  let one = {};
  let two = {};
  let firstId = "";
  before(async () => {
    broker = await startBroker({ ADMIN_TOKEN: ADMIN, AUTH: "required" });
    url = `${broker.url}/mcp`;
    const [a, b] = [await create(broker.url), await create(broker.url)];
    one = { authorization: `Bearer ${a.secret}` };
    two = { "x-api-key": b.secret };
    firstId = a.id;
  });
  after(() => broker.stop());

  test("a request without a good credential is 401 and says how to send one, whatever it asks", async () => {
    const bad = { authorization: "Bearer sk-ab-nosuchkey" };
    for (const headers of [{}, bad]) {
      const answers = [
        await send(url, hello(), headers),
        await modern(url, "server/discover", {}, headers),
        await said(await fetch(url, { headers: { accept: "text/event-stream", ...headers } })),
        await said(await fetch(`${url}/sse`, { headers: { accept: "text/event-stream", ...headers } })),
        await said(await fetch(url, { method: "DELETE", headers: { "mcp-session-id": "x", ...headers } })),
        await send(`${url}/messages?sessionId=x`, request("ping"), headers),
        await send(`${url}/servers/any`, hello(), headers),
      ];
      for (const { status, headers: told, body } of answers) {
        assert.equal(status, 401);
        assert.equal(told.get("www-authenticate"), "Bearer");
        assert.equal(body.error?.data?.kind, "unauthorized");
      }
    }
  });

  test("a session is there for the key that began it, and 404 for any other", async () => {
    const id = await begin(url, one);
    const session = { "mcp-session-id": id };
    assert.deepEqual((await send(url, request("ping"), { ...one, ...session })).body.result, {});
    assert.equal((await send(url, request("ping"), { ...two, ...session })).status, 404);
    assert.equal((await fetch(url, { method: "DELETE", headers: { ...two, ...session } })).status, 404);
    assert.equal((await fetch(url, { headers: { ...two, ...session } })).status, 404);
    assert.equal((await send(`${url}/servers/other`, request("ping"), { ...one, ...session })).status, 404);
    assert.deepEqual((await send(url, request("ping"), { ...one, ...session })).body.result, {}, "still there");
  });

  test("a session without its id is 400, one that was deleted 404", async () => {
    const session = { ...one, "mcp-session-id": await begin(url, one) };
    assert.equal((await send(url, request("ping"), one)).status, 400);
    assert.equal((await fetch(url, { method: "DELETE", headers: session })).status, 200);
    const { status, body } = await send(url, request("ping"), session);
    assert.deepEqual([status, body.error?.data?.kind], [404, "route_not_found"]);
  });

  test("a revoked key's session says nothing more from the next message on", async () => {
    const { id, secret } = await create(broker.url);
    const key = { authorization: `Bearer ${secret}` };
    const session = { ...key, "mcp-session-id": await begin(url, key) };
    assert.equal((await send(url, request("tools/list"), session)).status, 200);
    await rest(broker.url, "DELETE", `/keys/${id}`);
    for (const message of [
      request("tools/list"),
      request("ping"),
      { jsonrpc: "2.0", method: "notifications/initialized" },
    ]) {
      assert.equal((await send(url, message, session)).status, 401);
    }
  });

  test("a key whose list has no tool of ours sees none and may call none; the call is billed to the key that makes it", async () => {
    const { id, secret } = await create(broker.url, { tools: ["search__*", "models_list"] });
    const key = { authorization: `Bearer ${secret}` };
    const { result } = (await modern(url, "tools/list", {}, key)).body;
    assert.deepEqual(
      ((result?.tools ?? []) as { name: string }[]).map(({ name }) => name),
      ["models_list"],
    );
    const call = { model: "tiny-broker", messages: [{ role: "user", content: "Hi" }] };
    const refused = await modern(url, "tools/call", { name: "chat_completions_create", arguments: call }, key);
    assert.equal(refused.body.error?.data?.kind, "tool_not_allowed");
    const done = await modern(url, "tools/call", { name: "chat_completions_create", arguments: call }, one);
    assert.equal(done.body.result?.isError, undefined);
    const rows = broker.rows().filter(({ method }) => method === "chat.completions.create");
    assert.deepEqual(
      rows.map(({ key_id }) => key_id),
      [firstId],
    );
    assert.notEqual(firstId, id);
  });
});

describe("MCP over HTTP on this machine", () => {
  let broker: TestBroker;
  let url = "";
  before(async () => {
    broker = await startBroker();
    url = `${broker.url}/mcp`;
  });
  after(() => broker.stop());

  test("a version nobody knows is answered with the newest, a known one with itself", async () => {
    for (const [asked, agreed] of [
      ["1999-01-01", "2025-11-25"],
      ["2024-11-05", "2024-11-05"],
      [BATCHES, BATCHES],
    ]) {
      assert.equal((await send(url, hello(asked))).body.result?.protocolVersion, agreed);
    }
  });

  test("batches are taken in the one version that has them", async () => {
    const both = [request("ping"), request("tools/list"), { jsonrpc: "2.0", method: "notifications/initialized" }];
    const old = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "mcp-session-id": await begin(url, {}, BATCHES) },
      body: JSON.stringify(both),
    });
    assert.equal([...(await old.text()).matchAll(/"result"/g)].length, 2);
    for (const [session, status] of [
      [{ "mcp-session-id": await begin(url) }, 400],
      [{ "mcp-protocol-version": "2026-07-28" }, 400],
    ] as const) {
      const { status: told, body } = await send(url, both, session);
      assert.deepEqual([told, body.error?.code], [status, -32600]);
    }
    const begun = { "mcp-session-id": await begin(url, {}, BATCHES) };
    assert.equal((await send(url, [], begun)).status, 400);
    const deaf = { ...begun, accept: "application/json" };
    assert.equal((await send(url, both, deaf)).body.error?.code, -32600, "its answers have no way to the client");
    assert.equal((await send(url, [request("ping")], deaf)).status, 200);
    assert.equal((await send(url, Array(101).fill(request("ping")), begun)).status, 400);
  });

  test("capabilities are kept, so they are bounded", async () => {
    const { body, headers } = await send(url, hello(undefined, { experimental: { x: "x".repeat(20_000) } }));
    assert.deepEqual([body.error?.code, body.error?.data?.param], [-32602, "/capabilities"]);
    const id = headers.get("mcp-session-id") ?? "";
    assert.equal((await send(url, request("ping"), { "mcp-session-id": id })).status, 404, "there is no session");
  });

  test("what is no message is refused with the reason: no JSON, too deep, no method, ids that are none", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const cases: readonly [unknown, number, number][] = [
      ["{", 400, -32700],
      [`${"[".repeat(65)}${"]".repeat(65)}`, 400, -32600],
      ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}', 400, -32600],
      [{ jsonrpc: "2.0", id: 1 }, 400, -32600],
      [{ jsonrpc: "2.0", id: null, method: "ping" }, 400, -32600],
      [{ jsonrpc: "2.0", id: 1.5, method: "ping" }, 400, -32600],
      [{ jsonrpc: "2.0", id: 1, method: "ping", params: [] }, 400, -32600],
      [{ id: 1, method: "ping" }, 400, -32600],
    ];
    for (const [body, status, code] of cases) {
      const told = await send(url, body, session);
      assert.deepEqual([told.status, told.body.error?.code], [status, code], JSON.stringify(body));
    }
    assert.equal((await send(url, request("ping"), { ...session, "content-type": "text/plain" })).status, 415);
    assert.equal((await send(url, request("ping"), { ...session, "mcp-protocol-version": "2024-01-01" })).status, 400);
    assert.equal((await send(url, " ".repeat(33 * 1024 * 1024), session)).status, 413);
  });

  test("pages of foreign sites and names that point here are refused as everywhere", async () => {
    for (const headers of [{ origin: "http://evil.example" }]) {
      assert.equal((await send(url, hello(), headers)).status, 403);
      assert.equal((await modern(url, "server/discover", {}, headers)).status, 403);
    }
    assert.equal((await send(url, hello(), { origin: broker.url })).status, 200);
  });

  test("other verbs are told what there is, and other paths are not there", async () => {
    const put = await fetch(url, { method: "PUT" });
    assert.deepEqual([put.status, put.headers.get("allow")], [405, "GET, POST, DELETE"]);
    assert.equal((await fetch(`${url}/sse`, { method: "DELETE" })).status, 405);
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
    assert.equal((await fetch(`${url}/tools`)).status, 200, "REST rows stay");
  });

  test("an unknown method, tool, prompt, resource and cursor have the codes of the client's era", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const cases: readonly [string, Record<string, unknown>, number, number][] = [
      ["no/such", {}, -32601, -32601],
      ["tools/call", { name: "nope" }, -32602, -32602],
      ["tools/call", { name: "models_list", arguments: [] }, -32602, -32602],
      ["prompts/get", { name: "nope" }, -32602, -32602],
      ["resources/read", { uri: "no://where" }, -32002, -32602],
      ["tools/list", { cursor: "x" }, -32602, -32602],
      [
        "completion/complete",
        { ref: { type: "ref/prompt", name: "nope" }, argument: { name: "a", value: "" } },
        -32602,
        -32602,
      ],
    ];
    for (const [method, params, legacy, now] of cases) {
      const old = await send(url, request(method, params), session);
      assert.deepEqual([old.status, old.body.error?.code], [200, legacy], method);
      const { status, body } = await modern(url, method, params);
      assert.deepEqual([status, body.error?.code], [method === "no/such" ? 404 : 200, now], method);
      assert.equal(JSON.stringify(body).includes("    at "), false, "no stack");
      assert.ok(body.error?.data?.kind, "the broker's own word");
    }
    const { body } = await modern(url, "resources/read", { uri: "no://where" });
    assert.equal(body.error?.data?.uri, "no://where");
  });

  test("arguments that don't fit are a result that a model can learn from", async () => {
    const { body } = await modern(url, "tools/call", { name: "chat_completions_create", arguments: { model: 7 } });
    const { isError, content } = body.result as { isError: boolean; content: { text: string }[] };
    assert.equal(isError, true);
    assert.match(content[0]?.text ?? "", /messages/);
  });

  test("one request at a time has an id; the second is refused and the first answered", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const call = {
      name: "chat_completions_create",
      arguments: { model: "tiny-broker", messages: [{ role: "user", content: "Tell me a long story" }] },
    };
    const twice = { jsonrpc: "2.0", id: "same", method: "tools/call", params: call };
    const answers = await Promise.all([send(url, twice, session), send(url, twice, session)]);
    const codes = answers.map(({ body }) => body.error?.code).sort();
    assert.deepEqual(codes, [-32600, undefined]);
  });
});

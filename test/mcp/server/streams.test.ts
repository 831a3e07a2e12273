// What is told while a request is under way and what is told at any time, in both eras; cancelling; the end of a broker.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { FIXTURES, type McpBroker, startMcpBroker } from "./house.ts";
import { begin, META, modern, request, type Said, send } from "./say.ts";
import { Stream } from "./stream.ts";

const LEVEL = { ...META, "io.modelcontextprotocol/logLevel": "info" };
const CHANGE = { name: "fixtures__test_trigger_tool_change" };
const UPDATE = { name: "fixtures__test_trigger_resource_update" };
const WATCHED = { uri: "test://watched-resource" };
const WAITS = { name: "fixtures__test_until_cancelled" };

function paramsOf(message: Said["body"] | undefined): Readonly<Record<string, unknown>> {
  return (message?.params ?? {}) as Record<string, unknown>;
}

describe("streams", () => {
  let broker: McpBroker;
  let url = "";
  before(async () => {
    broker = await startMcpBroker({ fixtures: FIXTURES });
    url = `${broker.url}/mcp`;
  });
  after(() => broker.stop());

  const call = (params: object) => request("tools/call", params);
  const cancelled = async (before: number): Promise<void> => {
    while (broker.rows().filter(({ status }) => status === "cancelled").length <= before) await sleep(5);
  };
  const count = (): number => broker.rows().filter(({ status }) => status === "cancelled").length;

  test("progress has the client's own token, comes before the result, and comes to nobody who gave none", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const name = "fixtures__test_tool_with_progress";
    const _meta = { progressToken: "mine" };
    for (const stream of [
      await Stream.post(url, call({ name, _meta }), session),
      await Stream.modern(url, "tools/call", { name, _meta: { ...META, ..._meta } }),
    ]) {
      const all = await stream.rest();
      assert.match(stream.headers.get("content-type") ?? "", /text\/event-stream/);
      const told = all
        .slice(0, -1)
        .map(({ method, params }) => [method, (params as { progressToken: string }).progressToken]);
      assert.deepEqual(told, Array(3).fill(["notifications/progress", "mine"]));
      assert.ok(all.at(-1)?.result);
    }
    const silent = await Stream.post(url, call({ name }), session);
    assert.equal(silent.headers.get("content-type"), "application/json");
    silent.close();
  });

  test("log messages come from the level that the client wants, and without one only before 2026-07-28", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const name = "fixtures__test_tool_with_logging";
    const logs = async (stream: Stream) =>
      (await stream.rest()).filter(({ method }) => method === "notifications/message").length;
    assert.equal(await logs(await Stream.post(url, call({ name }), session)), 3);
    await send(url, request("logging/setLevel", { level: "error" }), session);
    assert.equal(await logs(await Stream.post(url, call({ name }), session)), 0);
    assert.equal((await send(url, request("logging/setLevel", { level: "loud" }), session)).body.error?.code, -32602);
    assert.equal(await logs(await Stream.modern(url, "tools/call", { name })), 0);
    assert.equal(await logs(await Stream.modern(url, "tools/call", { name, _meta: LEVEL })), 3);
  });

  test("changed lists are told to sessions that listen, and to streams that asked for them alone", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const standing = await Stream.get(url, session);
    const tools = await Stream.modern(url, "subscriptions/listen", { notifications: { toolsListChanged: true } });
    const prompts = await Stream.modern(url, "subscriptions/listen", { notifications: { promptsListChanged: true } });
    const [ack] = await tools.until("notifications/subscriptions/acknowledged");
    const { notifications, _meta } = paramsOf(ack);
    assert.deepEqual(notifications, { toolsListChanged: true });
    await prompts.until("notifications/subscriptions/acknowledged");
    const listed = async () => JSON.stringify((await modern(url, "tools/list")).body.result);
    const before = await listed();
    await modern(url, "tools/call", CHANGE);
    const [told] = await tools.until("notifications/tools/list_changed");
    assert.deepEqual(paramsOf(told)._meta, _meta, "with the id of the subscription");
    await standing.until("notifications/tools/list_changed");
    assert.notEqual(await listed(), before);
    await modern(url, "tools/call", { name: "fixtures__test_trigger_prompt_change" });
    await prompts.until("notifications/prompts/list_changed");
    assert.ok(!prompts.all.some(({ method }) => method === "notifications/tools/list_changed"));
    for (const stream of [standing, tools, prompts]) stream.close();
  });

  test("updates of a resource come while it is subscribed, and only to who did so", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const other = { "mcp-session-id": await begin(url) };
    const [mine, theirs] = [await Stream.get(url, session), await Stream.get(url, other)];
    assert.deepEqual((await send(url, request("resources/subscribe", WATCHED), session)).body.result, {});
    await send(url, call(UPDATE), session);
    const [update] = await mine.until("notifications/resources/updated");
    assert.equal(paramsOf(update).uri, WATCHED.uri);
    assert.deepEqual((await send(url, request("resources/unsubscribe", WATCHED), session)).body.result, {});
    await send(url, call(UPDATE), session);
    await send(url, call(CHANGE), session);
    await mine.until("notifications/tools/list_changed");
    assert.equal(mine.all.filter(({ method }) => method === "notifications/resources/updated").length, 1);
    await theirs.until("notifications/tools/list_changed");
    assert.ok(!theirs.all.some(({ method }) => method === "notifications/resources/updated"));
    const nowhere = await send(url, request("resources/subscribe", { uri: "no://where" }), session);
    assert.equal(nowhere.body.error?.code, -32002);
    for (const stream of [mine, theirs]) stream.close();
  });

  test("a stream of changes watches resources too", async () => {
    const notifications = { resourceSubscriptions: [WATCHED.uri, "no://where"] };
    const stream = await Stream.modern(url, "subscriptions/listen", { notifications });
    const [ack] = await stream.until("notifications/subscriptions/acknowledged");
    assert.deepEqual(paramsOf(ack).notifications, {
      resourceSubscriptions: [WATCHED.uri],
    });
    await modern(url, "tools/call", UPDATE);
    const [update] = await stream.until("notifications/resources/updated");
    assert.equal(paramsOf(update).uri, WATCHED.uri);
    stream.close();
    const nothing = await Stream.modern(url, "subscriptions/listen", { notifications: {} });
    assert.equal((await nothing.rest()).length, 2, "the acknowledgement and the end");
  });

  test("a newer stream of a session takes the place of the one before", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const first = await Stream.get(url, session);
    const second = await Stream.get(url, session);
    await first.rest();
    await modern(url, "tools/call", CHANGE);
    await second.until("notifications/tools/list_changed");
    assert.equal(first.all.length, 0);
    second.close();
  });

  test("a cancelled request ends at its server and has no answer", async () => {
    const session = { "mcp-session-id": await begin(url) };
    const before = count();
    const message = call(WAITS) as { id: number };
    const stream = await Stream.post(url, message, session);
    await stream.until("notifications/message");
    await send(url, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: message.id } }, session);
    const all = await stream.rest();
    assert.ok(!all.some(({ id }) => id !== undefined), "no response");
    await cancelled(before);
  });

  test("a client that goes is a request cancelled, in both eras; so is a session that is deleted", async () => {
    const session = { "mcp-session-id": await begin(url) };
    for (const open of [
      () => Stream.post(url, call(WAITS), session),
      () => Stream.modern(url, "tools/call", { ...WAITS, _meta: LEVEL }),
    ]) {
      const before = count();
      const stream = await open();
      await stream.until("notifications/message");
      stream.close();
      await cancelled(before);
    }
    const before = count();
    const stream = await Stream.post(url, call(WAITS), session);
    await stream.until("notifications/message");
    await fetch(url, { method: "DELETE", headers: session });
    await cancelled(before);
    await stream.rest();
  });
});

test("a broker that drains lets calls end, and ends the streams that wait for changes", async () => {
  const broker = await startMcpBroker({ fixtures: FIXTURES }, { DRAIN_TIMEOUT: "20s" });
  const url = `${broker.url}/mcp`;
  const session = { "mcp-session-id": await begin(url) };
  const standing = await Stream.get(url, session);
  const old = await Stream.get(`${url}/sse`);
  const listening = await Stream.modern(url, "subscriptions/listen", { notifications: { toolsListChanged: true } });
  await listening.until("notifications/subscriptions/acknowledged");
  const calling = await Stream.post(url, request("tools/call", { name: "fixtures__test_tool_with_logging" }), session);
  await calling.until("notifications/message");
  const from = performance.now();
  const stopped = broker.stop();
  const answered = await calling.rest();
  assert.ok(answered.at(-1)?.result, "the call under way was answered");
  const [, last] = (await listening.rest()).slice(-2);
  assert.equal(last?.result?.resultType, "complete");
  await Promise.all([standing.rest(), old.rest()]);
  await stopped;
  assert.ok(performance.now() - from < 10_000, "nobody waited for the time limit");
});

// A server of an older version asks a client that has no session: what it asks is the result of the request, and the call
// goes on when the client asks again.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { BrokerError } from "../../../src/core/errors.ts";
import { WaitingCalls } from "../../../src/mcp/server/waiting.ts";
import { odd, until } from "../../support/mcp.ts";
import { create, rest } from "../../support/rest.ts";
import { type McpBroker, startMcpBroker } from "./house.ts";
import { META, modern, type Said } from "./say.ts";

const CAN = { ...META, "io.modelcontextprotocol/clientCapabilities": { sampling: {} } };
const ANSWER = { role: "assistant", model: "m", content: { type: "text", text: "yes" } };

interface Asked {
  readonly inputRequests: Readonly<Record<string, { readonly method: string }>>;
  readonly requestState: string;
}

describe("a client without a session that is asked something", () => {
  let broker: McpBroker;
  let url = "";
  before(async () => {
    broker = await startMcpBroker({ odd: odd() }, { AUTH: "required" });
    url = `${broker.url}/mcp`;
  });
  after(() => broker.stop());

  const key = async () => ({ "x-api-key": (await create(broker.url)).secret });
  const call = (headers: Record<string, string>, more: object = {}): Promise<Said> =>
    modern(url, "tools/call", { name: "odd__ask", _meta: CAN, ...more }, headers);

  async function asked(headers: Record<string, string>): Promise<Asked> {
    const { body } = await call(headers);
    assert.equal(body.result?.resultType, "input_required", JSON.stringify(body));
    return body.result as unknown as Asked;
  }

  test("answers by asking again: the official client", async () => {
    const client = new Client(
      { name: "v2", version: "1" },
      { capabilities: { sampling: {} }, versionNegotiation: { mode: "auto" } },
    );
    client.setRequestHandler("sampling/createMessage", () => ANSWER as never);
    const requestInit = { headers: await key() };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    try {
      const { content } = await client.callTool({ name: "odd__ask", arguments: {} });
      assert.match(JSON.stringify(content), /yes/);
    } finally {
      await client.close();
    }
  });

  test("leaves one row for all its requests, and its call can be answered once", async () => {
    const own = await key();
    const { inputRequests, requestState } = await asked(own);
    const [[id, question] = []] = Object.entries(inputRequests);
    assert.equal(question?.method, "sampling/createMessage");
    const answer = { requestState, inputResponses: { [String(id)]: ANSWER } };
    assert.match(JSON.stringify((await call(own, answer)).body.result), /\\"text\\":\\"yes\\"/);
    const { body } = await rest(broker.url, "GET", "/billing/requests?method=mcp.tools.call&limit=1");
    const [row] = body.data as { attempts: number; status: string }[];
    assert.deepEqual([row?.status, row?.attempts], ["ok", 1]);
    assert.match((await call(own, answer)).body.error?.message ?? "", /no call waits/);
  });

  test("is asked again what it left out, and nobody else can answer for it", async () => {
    const own = await key();
    const { requestState } = await asked(own);
    assert.match((await call(await key(), { requestState })).body.error?.message ?? "", /no call waits/);
    const other = await modern(url, "tools/call", { name: "odd__count", _meta: CAN, requestState }, own);
    assert.match(other.body.error?.message ?? "", /no call waits/);
    const again = (await call(own, { requestState })).body.result as unknown as Asked;
    assert.equal(again.requestState, requestState);
    const inputResponses = Object.fromEntries(Object.keys(again.inputRequests).map((id) => [id, ANSWER]));
    assert.match(JSON.stringify((await call(own, { requestState, inputResponses })).body.result), /yes/);
  });

  test("can be asked by one call at a time: whose question it is is not guessed", async () => {
    const own = await key();
    const { requestState, inputRequests } = await asked(own);
    const { body } = await call(own);
    assert.match(JSON.stringify(body), /can't be told/);
    const inputResponses = Object.fromEntries(Object.keys(inputRequests).map((id) => [id, ANSWER]));
    assert.match(JSON.stringify((await call(own, { requestState, inputResponses })).body.result), /yes/);
  });
});

describe("a call that waits for its client", () => {
  const turn = (signal = new AbortController().signal) => ({ outlet: { send: () => undefined }, signal, params: {} });

  function open() {
    const draining = new AbortController();
    const calls = new WaitingCalls(draining.signal);
    const call = calls.begin("ann", "tools/call t");
    const settled: unknown[] = [];
    const asking = call.ask("roots/list", {}, call.signal);
    asking.then(
      (answer) => settled.push(answer),
      (cause) => settled.push(cause),
    );
    call.run(asking);
    return { draining, calls, call, settled };
  }

  test("ends when the broker drains", async () => {
    const { draining, call, calls, settled } = open();
    const { requestState } = (await call.next(turn())) as Asked;
    draining.abort();
    await until(() => settled.length === 1);
    assert.equal((settled[0] as BrokerError).kind, "draining");
    assert.throws(() => calls.met("ann", "tools/call t", { requestState }), { kind: "invalid_params" });
  });

  test("ends with the request that it is on, and not with one that was answered", async () => {
    const { call, calls, settled } = open();
    const first = new AbortController();
    const { requestState } = (await call.next(turn(first.signal))) as Asked;
    first.abort(new BrokerError("cancelled"));
    const second = new AbortController();
    const met = calls.met("ann", "tools/call t", { requestState });
    assert.equal(met, call);
    call.answer({});
    await call.next(turn(second.signal));
    assert.deepEqual(settled, []);
    const third = new AbortController();
    call.answer({ q1: { roots: [] } });
    assert.deepEqual(await call.next(turn(third.signal)), { roots: [] });
  });

  test("has no room beside too many others", async () => {
    const calls = new WaitingCalls(new AbortController().signal);
    const wait = async (): Promise<object> => {
      const call = calls.begin("ann", "s");
      call.run(call.ask("roots/list", {}, call.signal));
      return call.next(turn());
    };
    for (let count = 0; count < 64; count++) await wait();
    await assert.rejects(wait(), { kind: "overloaded" });
  });
});

// A response over any chat engine: what is kept and for whom, in which order things are told, and what happens when the
// answer can't be kept or the stream breaks.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { derivedCall } from "../../src/broker/derived-call.ts";
import { type RespondDeps, respond } from "../../src/broker/respond.ts";
import { ResponsesUnderWay } from "../../src/broker/under-way.ts";
import type { Call, Principal, ProgressRun, Scope } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  ResponseEvent,
  ResponsesCreateParams,
} from "../../src/generated/types.ts";
import { createResponses } from "../../src/store/responses.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { tempDir } from "../support/temp.ts";

const PARAMS: ResponsesCreateParams = { model: "m", input: "Hello!" };
const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "up",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi!" }, finish_reason: "stop" }],
} satisfies ChatCompletion;
const chunk = (delta: object, finish_reason: string | null = null): ChatChunk => ({
  ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "up" },
  choices: [{ index: 0, delta: { ...delta }, finish_reason }],
});
const CHUNKS = [chunk({ content: "Hi" }), chunk({ content: "!" }, "stop")];

function principal(name: string, ...scopes: Scope[]): Principal {
  return { name, keyId: undefined, key: undefined, scopes: new Set(["inference", ...scopes]) };
}

function callOf(more: Partial<Call> = {}): Call {
  return {
    ...{
      parentId: undefined,
      peer: undefined,
      requestId: "req_1",
      method: "responses.create",
      principal: principal("key_a"),
      ip: "10.0.0.1",
      startedAt: 0,
    },
    ...{ deadline: undefined, explain: false, traceparent: undefined, progress: undefined },
    signal: new AbortController().signal,
    tellReceipt: () => {},
    authenticate: () => assert.fail(),
    ...more,
  };
}

function open(t: TestContext, engine?: RespondDeps["complete"]) {
  const db = openSqlite(join(tempDir(t), "requests.db"));
  t.after(() => db.close());
  const faults: string[] = [];
  const asked: ChatCompletionsCreateParams[] = [];
  let stems = 0;
  const responses = createResponses({ db, now: () => 5_000, days: 30 });
  const deps: RespondDeps = {
    complete: async (params, call) => {
      asked.push(params);
      if (engine) return engine(params, call);
      for (const each of CHUNKS) await call.progress?.({ values: [each] });
      return ANSWER;
    },
    responses,
    underWay: new ResponsesUnderWay(),
    now: () => 5_000,
    newStem: () => `${++stems}`,
    onFault: (reason) => faults.push(reason),
  };
  return { db, deps, faults, asked, responses };
}

/** Collects what is streamed. */
function listen() {
  const events: ResponseEvent[] = [];
  const progress = ({ values }: ProgressRun): void => {
    events.push(...(values as ResponseEvent[]));
  };
  return { events, progress };
}

describe("what is kept", () => {
  test("belongs to the key, or to the address of a caller without one", async (t) => {
    const { deps, responses } = open(t);
    await respond(deps, PARAMS, callOf());
    await respond(deps, PARAMS, callOf({ principal: principal("anonymous") }));
    await respond(deps, PARAMS, callOf({ principal: principal("admin", "admin") }));
    assert.equal(responses.get("resp_1", "key_a").id, "resp_1");
    assert.equal(responses.get("resp_2", "ip:10.0.0.1").id, "resp_2");
    assert.equal(responses.get("resp_3", "admin").id, "resp_3");
  });

  test("is gone on from, without the instructions of before", async (t) => {
    const { deps, asked } = open(t);
    await respond(deps, { ...PARAMS, instructions: "Be brief." }, callOf());
    await respond(deps, { ...PARAMS, input: "And?", previous_response_id: "resp_1" }, callOf());
    assert.deepEqual(asked[1]?.messages, [
      { role: "user", content: "Hello!" },
      { role: "assistant", content: "Hi!" },
      { role: "user", content: "And?" },
    ]);
  });

  test("is on disk before the last event goes out", async (t) => {
    const { deps, responses } = open(t);
    const { events, progress } = listen();
    let kept = "";
    await respond(
      deps,
      PARAMS,
      callOf({
        progress: (run) => {
          progress(run);
          if (events.at(-1)?.type === "response.completed") kept = responses.get("resp_1", "key_a").status;
        },
      }),
    );
    assert.equal(kept, "completed");
  });

  test("is nothing where the caller wants none", async (t) => {
    const { db, deps } = open(t);
    assert.equal((await respond(deps, { ...PARAMS, store: false }, callOf())).store, false);
    assert.equal(db.prepare("SELECT count(*) FROM responses").pluck().get(), 0);
  });
});

describe("an answer that can't be kept is given all the same, and says so:", () => {
  test("the database fails", async (t) => {
    const { db, deps, faults } = open(t);
    const { events, progress } = listen();
    db.close();
    const response = await respond(deps, PARAMS, callOf({ progress }));
    assert.deepEqual([response.status, response.store], ["completed", false]);
    assert.deepEqual(events.at(-1)?.response, response);
    assert.equal(faults.length, 1);
  });

  test("it is too large", async (t) => {
    const message = { role: "assistant" as const, content: "x".repeat(17 * 1024 * 1024) };
    const { deps, faults } = open(t, async () => ({ ...ANSWER, choices: [{ ...ANSWER.choices[0]!, message }] }));
    assert.equal((await respond(deps, PARAMS, callOf())).store, false);
    assert.deepEqual(faults, []);
  });
});

describe("a failure", () => {
  test("before the first event is an error and nothing else", async (t) => {
    const { deps } = open(t, () => Promise.reject(new BrokerError("provider_failed")));
    const { events, progress } = listen();
    await assert.rejects(respond(deps, PARAMS, callOf({ progress })), { kind: "provider_failed" });
    assert.deepEqual(events, []);
  });

  test("after it is told in the stream, then thrown; nothing is kept", async (t) => {
    const { db, deps } = open(t, async (_, call) => {
      await call.progress?.({ values: CHUNKS.slice(0, 1) });
      throw new BrokerError("stream_cut");
    });
    const { events, progress } = listen();
    await assert.rejects(respond(deps, PARAMS, callOf({ progress })), { kind: "stream_cut" });
    assert.equal(events.at(-1)?.type, "response.failed");
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    assert.equal(db.prepare("SELECT count(*) FROM responses").pluck().get(), 0);
  });

  test("that is a bug shows nothing of itself in the stream", async (t) => {
    const { deps } = open(t, async (_, call) => {
      await call.progress?.({ values: CHUNKS.slice(0, 1) });
      throw new TypeError("secret");
    });
    const { events, progress } = listen();
    await assert.rejects(respond(deps, PARAMS, callOf({ progress })), TypeError);
    assert.ok(!JSON.stringify(events).includes("secret"));
  });

  test("of the params, or of what was said before, asks no model", async (t) => {
    const { deps, asked } = open(t);
    const unknown = { ...PARAMS, previous_response_id: "resp_9" };
    await assert.rejects(respond(deps, unknown, callOf()), { kind: "response_not_found" });
    await assert.rejects(respond(deps, { ...PARAMS, background: true }, callOf()), { kind: "invalid_params" });
    assert.deepEqual(asked, []);
  });
});

describe("a response under way, ended by another call,", () => {
  const talking = async (_: unknown, { progress, signal }: Call): Promise<never> => {
    await progress?.({ values: CHUNKS.slice(0, 1) });
    signal.throwIfAborted();
    const ended = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => ended.reject(signal.reason), { once: true });
    return ended.promise;
  };

  for (const store of [true, false]) {
    test(`stops, tells what had come${store ? ", and is kept so" : " and is not kept where that is not wanted"}`, async (t) => {
      const { deps, responses } = open(t, talking);
      const { events, progress } = listen();
      const answer = respond(deps, { ...PARAMS, store }, callOf({ progress }));
      assert.equal(await deps.underWay.cancel("resp_1", "key_b"), undefined);
      assert.equal(await deps.underWay.cancel("resp_2", "key_a"), undefined);
      const cancelled = deps.underWay.cancel("resp_1", "key_a");
      await assert.rejects(answer, { kind: "cancelled" });
      const response = await cancelled;
      assert.deepEqual([response?.status, response?.error], ["cancelled", null]);
      assert.partialDeepStrictEqual(response?.output, [{ status: "incomplete", content: [{ text: "Hi" }] }]);
      assert.equal(events.at(-1)?.type, "response.failed");
      assert.deepEqual(events.at(-1)?.response, response);
      if (store) assert.deepEqual(responses.get("resp_1", "key_a"), response);
      else assert.throws(() => responses.get("resp_1", "key_a"), { kind: "response_not_found" });
      assert.equal(await deps.underWay.cancel("resp_1", "key_a"), undefined, "it has ended");
    });
  }

  test("a call without all its arguments is none", async (t) => {
    const called = chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: '{"a' } }] });
    const { deps } = open(t, async (params, call) => {
      await call.progress?.({ values: [called] });
      return talking(params, derivedCall(call, { progress: () => {} }));
    });
    const answer = respond(deps, PARAMS, callOf({ progress: listen().progress }));
    const cancelled = deps.underWay.cancel("resp_1", undefined);
    await assert.rejects(answer, { kind: "cancelled" });
    assert.deepEqual((await cancelled)?.output, []);
  });
});

test("a stream leaves nothing on its caller's signal, which ends it while it lasts", async (t) => {
  const heard: unknown[] = [];
  const { deps } = open(t, async (_, call) => {
    call.signal.addEventListener("abort", () => heard.push(call.signal.reason));
    await call.progress?.({ values: CHUNKS });
    if (controller.signal.aborted) throw call.signal.reason;
    return ANSWER;
  });
  const controller = new AbortController();
  const { signal } = controller;
  await respond(deps, PARAMS, callOf({ signal, progress: listen().progress }));
  assert.deepEqual(getEventListeners(signal, "abort"), []);
  const gone = new BrokerError("cancelled");
  const progress = (): void => controller.abort(gone);
  await assert.rejects(respond(deps, PARAMS, callOf({ signal, progress })), gone);
  assert.deepEqual(heard, [gone]);
  assert.deepEqual(getEventListeners(signal, "abort"), []);
});

test("how the call was routed is told and not kept", async (t) => {
  const route = { requested: "m", strategy: "priority", candidates: [] };
  const { deps, responses } = open(t, async () => ({ ...ANSWER, route }));
  assert.deepEqual((await respond(deps, PARAMS, callOf())).route, route);
  assert.equal(responses.get("resp_1", "key_a").route, undefined);
});

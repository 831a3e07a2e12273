// The waist: it never rejects, shows no bug's details, admits by scope, validates, counts and drains. The handlers here are
// scripted; everything else is real.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import pino from "pino";
import type { Call, Receipt } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { Secret } from "../../src/core/secret.ts";
import { createAuthenticator } from "../../src/dispatch/authenticate.ts";
import { createDispatcher, type Handlers, type Waist } from "../../src/dispatch/dispatch.ts";
import type { Caller, DispatchRequest, Outcome } from "../../src/dispatch/request.ts";
import { METHODS } from "../../src/generated/methods.ts";
import type { MethodName } from "../../src/generated/types.ts";
import { sessionMethods } from "../../src/methods/session.ts";
import { LEAST_PARAMS } from "../support/least-params.ts";

const TOKEN = "the-admin-token";
const CHAT = { model: "m", messages: [{ role: "user", content: "Hello!" }] };
const LOOPBACK: Caller = { ip: "127.0.0.1", loopback: true, trusted: false };

type Handler = (params: object, call: Call) => unknown;

let lines: Record<string, unknown>[];
let passed: string[];
let seen: { params: Record<string, unknown>; call: Call }[];

beforeEach(() => {
  lines = [];
  seen = [];
  passed = [];
});

/** A waist whose handlers note what they get and do as `script` says; `{}` otherwise. */
function waist(
  script: Readonly<Record<string, Handler>> = {},
  more: { mode?: "optional" | "required"; maxInFlight?: number } = {},
): Waist {
  const handlers = Object.fromEntries(
    Object.keys(METHODS).map((method) => [
      method,
      (params: Record<string, unknown>, call: Call) => {
        seen.push({ params, call });
        return script[method]?.(params, call) ?? {};
      },
    ]),
  ) as unknown as Handlers;
  let clock = 1000;
  let ids = 0;
  return createDispatcher({
    handlers: { ...handlers, ...(script["session.authenticate"] ? {} : sessionMethods()) },
    authenticator: createAuthenticator({
      adminSecrets: [new Secret(TOKEN)],
      keys: { find: () => undefined },
      jwtSecret: undefined,
      mode: more.mode ?? "optional",
      now: () => clock,
    }),
    log: pino({ level: "debug", base: null }, { write: (line: string) => lines.push(JSON.parse(line)) }),
    now: () => clock++,
    newRequestId: () => `req_${++ids}`,
    maxInFlight: more.maxInFlight ?? 10,
    failed: () => {},
    pass: (call) => passed.push(call.ip),
  });
}

function request(method: string, params?: unknown, more: Partial<DispatchRequest> = {}): DispatchRequest {
  return { method, params, caller: { ...LOOPBACK }, signal: new AbortController().signal, ...more };
}

function errorOf(outcome: Outcome): BrokerError {
  assert.ok(!outcome.ok, `it must fail, gave ${JSON.stringify(outcome)}`);
  assert.ok(outcome.error instanceof BrokerError);
  return outcome.error;
}

function bugOf(line: Record<string, unknown> | undefined): { message: string; stack: string } {
  assert.ok(line?.err, JSON.stringify(line));
  return line.err as { message: string; stack: string };
}

describe("a call", () => {
  test("gives the handler's result under a request id", async () => {
    const outcome = await waist({ "system.health": () => ({ status: "healthy" }) }).dispatch(request("system.health"));
    assert.deepEqual(outcome, { ok: true, requestId: "req_1", result: { status: "healthy" }, receipt: undefined });
  });

  test("keeps the request id that its entry gave", async () => {
    const outcome = await waist().dispatch(request("system.health", {}, { requestId: "mine" }));
    assert.equal(outcome.requestId, "mine");
  });

  test("tells the handler who calls, from where, since when, and how to stop", async () => {
    const { signal } = new AbortController();
    const progress = (): void => {};
    await waist().dispatch(request("chat.completions.create", CHAT, { signal, progress }));
    const { call, params } = seen[0]!;
    assert.deepEqual(params, CHAT);
    assert.deepEqual(
      [call.method, call.ip, call.startedAt, call.requestId],
      ["chat.completions.create", "127.0.0.1", 1000, "req_1"],
    );
    assert.deepEqual([call.principal.name, call.signal, call.progress], ["anonymous", signal, progress]);
  });

  test("passes receipts on at once, and the last one with the outcome, whether it ends well or not", async () => {
    const receipt = (costNanoUsd?: number): Receipt => ({
      model: "m",
      provider: "p",
      attempts: 1,
      costNanoUsd: costNanoUsd as NanoUsd | undefined,
    });
    for (const fails of [false, true]) {
      const told: Receipt[] = [];
      const served = waist({
        "chat.completions.create": (_, call) => {
          call.tellReceipt(receipt());
          call.tellReceipt(receipt(5));
          if (fails) throw new BrokerError("stream_cut");
          return {};
        },
      });
      const outcome = await served.dispatch(
        request("chat.completions.create", CHAT, { onReceipt: (each) => told.push(each) }),
      );
      assert.equal(outcome.ok, !fails);
      assert.deepEqual(told, [receipt(), receipt(5)]);
      assert.deepEqual(outcome.receipt, receipt(5));
    }
  });
});

describe("what a caller says about the call itself", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  test("reaches the handler from headers and from _meta", async () => {
    const house = waist();
    await house.dispatch(request("chat.completions.create", CHAT, { timeoutMs: 500, explain: true, traceparent }));
    const _meta = { deadline_ms: 500, explain: true, traceparent };
    await house.dispatch(request("chat.completions.create", { ...CHAT, _meta }));
    for (const { call } of seen) {
      assert.deepEqual([call.explain, call.traceparent], [true, traceparent]);
      assert.equal((call.deadline ?? 0) - call.startedAt, 500);
    }
    await house.dispatch(request("chat.completions.create", CHAT));
    assert.deepEqual([seen[2]?.call.explain, seen[2]?.call.deadline], [false, undefined]);
  });

  test("a deadline that passes aborts the signal with its own error, and the caller's signal still counts", async () => {
    const ended: unknown[] = [];
    const house = waist({
      "chat.completions.create": async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        ended.push((signal.reason as BrokerError).kind);
        throw signal.reason;
      },
    });
    const late = await house.dispatch(request("chat.completions.create", CHAT, { timeoutMs: 5 }));
    assert.equal(errorOf(late).status, 504);
    const hangUp = new AbortController();
    const call = house.dispatch(request("chat.completions.create", CHAT, { timeoutMs: 60_000, signal: hangUp.signal }));
    hangUp.abort(new BrokerError("cancelled"));
    assert.equal(errorOf(await call).kind, "cancelled");
    assert.deepEqual(ended, ["deadline_exceeded", "cancelled"]);
  });

  test("is refused by its path where it is malformed", async () => {
    const outcome = await waist().dispatch(request("models.list", { _meta: { deadline_ms: "soon" } }));
    assert.equal(errorOf(outcome).facts.param, "/_meta/deadline_ms");
  });
});

test("calls for inference that cost nothing are counted for their address, public and admin ones are not", async () => {
  const house = waist();
  for (const method of ["models.list", "system.health", "chat.completions.create"]) {
    await house.dispatch(request(method, method.startsWith("chat") ? CHAT : {}));
  }
  assert.deepEqual(passed, ["127.0.0.1"]);
});

describe("dispatch never rejects, and a bug shows nothing of itself:", () => {
  const SECRET = "detail-that-must-not-leak";
  const bugs: Readonly<Record<string, Handler>> = {
    "throws at once": () => {
      throw new TypeError(SECRET);
    },
    rejects: () => Promise.reject(new Error(SECRET)),
    "rejects late": async () => {
      await new Promise((resolve) => setImmediate(resolve));
      throw new RangeError(SECRET);
    },
    "throws a string": () => {
      throw SECRET;
    },
    "rejects with nothing": () => Promise.reject(),
    "rejects with null": () => Promise.reject(null),
    "throws an object of its own": () => {
      throw { message: SECRET, kind: "unauthorized", code: 1 };
    },
    "throws an object that can't be read": () => {
      throw new Proxy(
        {},
        {
          get: () => {
            throw new Error(SECRET);
          },
        },
      );
    },
    "throws a proxy of no prototype": () => {
      throw Object.create(null);
    },
  };

  for (const [name, handler] of Object.entries(bugs)) {
    for (const method of ["system.health", "chat.completions.create"] as const) {
      test(`a handler of ${method} that ${name}`, async () => {
        const served = waist({ [method]: handler });
        const error = errorOf(await served.dispatch(request(method, method === "system.health" ? {} : CHAT)));
        assert.equal(error.kind, "internal");
        assert.equal(error.message, "Internal error");
        assert.deepEqual(error.facts, {});
        assert.equal(served.inFlight, 0);
      });
    }
  }

  test("its stack is in the log, under the request id", async () => {
    await waist({ "system.health": bugs.rejects! }).dispatch(request("system.health"));
    const [line] = lines;
    assert.equal(line?.level, 50);
    assert.equal(line?.request_id, "req_1");
    const { message, stack } = bugOf(line);
    assert.equal(message, SECRET);
    assert.match(stack, /dispatch\.test\.ts:\d+/);
  });

  test("a bug that a use case has wrapped keeps its stack for the log too", async () => {
    const wrapped = new BrokerError("internal");
    wrapped.cause = new Error("the cause");
    const handler = (): never => {
      throw wrapped;
    };
    const error = errorOf(await waist({ "system.health": handler }).dispatch(request("system.health")));
    assert.equal(error, wrapped);
    assert.equal(bugOf(lines[0]).message, "the cause");
  });

  test("a BrokerError passes as it is", async () => {
    const thrown = new BrokerError("model_not_found", "no such", { param: "model" });
    const error = errorOf(
      await waist({ "models.list": () => Promise.reject(thrown) }).dispatch(request("models.list")),
    );
    assert.equal(error, thrown);
  });

  test("a result that comes after the client hung up is still one outcome", async () => {
    const abort = new AbortController();
    let finish: (value: object) => void = () => {};
    const served = waist({ "chat.completions.create": () => new Promise((resolve) => (finish = resolve)) });
    const outcome = served.dispatch(request("chat.completions.create", CHAT, { signal: abort.signal }));
    abort.abort(new BrokerError("cancelled"));
    assert.equal(served.inFlight, 1, "the slot stays taken until the handler has ended");
    finish({ late: true });
    assert.equal((await outcome).ok, true);
    assert.equal(served.inFlight, 0);
  });
});

describe("methods", () => {
  for (const name of [
    "",
    "chat",
    "system.helth",
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "$/cancelRequest",
  ]) {
    test(`"${name}" is none`, async () => {
      const error = errorOf(await waist().dispatch(request(name)));
      assert.equal(error.kind, "method_not_found");
      assert.equal(error.code, -32601);
      assert.ok(error.message.includes(`"${name}"`));
      assert.equal(seen.length, 0);
    });
  }

  test("of names without end are cut, in message and log", async () => {
    const error = errorOf(await waist().dispatch(request("x".repeat(1e6))));
    assert.ok(error.message.length < 200);
    assert.ok(JSON.stringify(lines).length < 1000);
  });
});

describe("params", () => {
  const params = async (method: string, given: unknown): Promise<unknown> => {
    const outcome = await waist().dispatch(request(method, given, { credential: TOKEN }));
    return outcome.ok ? seen[0]?.params : [outcome.error.kind, outcome.error.facts.param, outcome.error.message];
  };

  test("by name, or none", async () => {
    assert.deepEqual(await params("models.list", { usable: true }), { usable: true });
    for (const none of [undefined, null]) {
      seen = [];
      assert.deepEqual(await params("models.list", none), {});
    }
  });

  test("by position", async () => {
    assert.deepEqual(await params("models.retrieve", ["gpt4o"]), { model: "gpt4o" });
    seen = [];
    assert.deepEqual(await params("models.list", []), {});
    seen = [];
    assert.deepEqual(await params("chat.completions.create", ["m", CHAT.messages]), CHAT);
  });

  for (const [name, method, given, kind, param] of [
    ["too many", "models.retrieve", ["a", "b"], "invalid_params", ""],
    ["any for a method without", "system.health", [1], "invalid_params", ""],
    ["of the wrong type", "models.retrieve", [5], "invalid_params", "/model"],
    ["too few", "models.retrieve", [], "invalid_params", "/model"],
  ] as const) {
    test(`by position, ${name}: refused`, async () => {
      assert.deepEqual(((await params(method, given)) as unknown[]).slice(0, 2), [kind, param]);
    });
  }

  for (const given of ["text", 5, true, 0, ""]) {
    test(`that are ${JSON.stringify(given)}: refused`, async () => {
      assert.deepEqual(((await params("system.health", given)) as unknown[]).slice(0, 2), ["invalid_params", ""]);
    });
  }

  test("are checked before the handler sees them", async () => {
    const error = errorOf(await waist().dispatch(request("chat.completions.create", { model: "m" })));
    assert.deepEqual([error.kind, error.facts.param], ["invalid_params", "/messages"]);
    assert.equal(seen.length, 0);
  });

  test("called like members of every object do nothing", async () => {
    const hostile = JSON.parse('{"__proto__":{"_meta":{"token":"the-admin-token"}},"constructor":1}');
    const error = errorOf(await waist().dispatch(request("system.info", hostile)));
    assert.equal(error.kind, "forbidden", "a token in the prototype is no token");
  });
});

describe("scopes", () => {
  const callers: Readonly<Record<string, { scopes: readonly string[]; caller: Caller; credential?: string }>> = {
    "a remote caller without credential": { scopes: ["public"], caller: { ...LOOPBACK, loopback: false } },
    "a local caller without credential": { scopes: ["public", "inference"], caller: LOOPBACK },
    "an admin": {
      scopes: ["public", "inference", "admin"],
      caller: { ...LOOPBACK, loopback: false },
      credential: TOKEN,
    },
    "the owner of the Unix socket": {
      scopes: ["public", "inference", "admin"],
      caller: { ...LOOPBACK, trusted: true },
    },
  };
  for (const [name, { scopes, caller, credential }] of Object.entries(callers)) {
    for (const method of Object.keys(METHODS) as MethodName[]) {
      const { scope } = METHODS[method];
      const allowed = scopes.includes(scope);
      const kind = scopes.includes("inference") ? "forbidden" : "unauthorized";
      test(`${name} ${allowed ? "may" : `may not (${kind})`} call ${method}`, async () => {
        const outcome = await waist().dispatch(
          request(method, LEAST_PARAMS[method] ?? {}, { caller: { ...caller }, credential }),
        );
        if (allowed) assert.equal(outcome.ok, true, JSON.stringify(outcome));
        else assert.equal(errorOf(outcome).kind, kind);
      });
    }
  }

  test("are checked before params, so that a stranger learns nothing of them", async () => {
    assert.equal(errorOf(await waist().dispatch(request("system.info", { colour: 1 }))).kind, "forbidden");
  });

  test("an open row is open for callers of this machine only", async () => {
    const open = (caller: Caller) => waist().dispatch(request("system.metrics", {}, { caller, open: "loopback" }));
    assert.equal((await open(LOOPBACK)).ok, true);
    assert.equal(errorOf(await open({ ...LOOPBACK, loopback: false })).kind, "unauthorized");
  });
});

describe("credentials", () => {
  test("may come in _meta.token", async () => {
    const outcome = await waist().dispatch(request("system.info", { _meta: { token: TOKEN } }));
    assert.equal(outcome.ok, true);
    const wrong = await waist({}, { mode: "required" }).dispatch(
      request("system.health", { _meta: { token: "wrong" } }),
    );
    assert.equal(errorOf(wrong).kind, "unauthorized");
  });

  test("of the request go before _meta.token", async () => {
    const served = waist({}, { mode: "required" });
    const given = { _meta: { token: TOKEN } };
    assert.equal(
      errorOf(await served.dispatch(request("system.info", given, { credential: "wrong" }))).kind,
      "unauthorized",
    );
  });

  for (const meta of [null, 5, "text", [], { token: 5 }, { token: null }, { token: { toString: () => TOKEN } }]) {
    test(`_meta ${JSON.stringify(meta)} is no credential`, async () => {
      assert.equal(errorOf(await waist().dispatch(request("system.info", { _meta: meta }))).kind, "forbidden");
    });
  }

  test("are in no log line", async () => {
    const served = waist();
    await served.dispatch(request("system.info", { _meta: { token: TOKEN } }, { credential: TOKEN }));
    await served.dispatch(request("session.authenticate", { token: TOKEN }));
    await served.dispatch(request("session.authenticate", { token: "sk-ab-wrongwrongwrong" }));
    assert.equal(lines.length, 3);
    assert.ok(!JSON.stringify(lines).match(/the-admin-token|wrongwrong/));
  });
});

const sessionOf = (caller: Caller): string | undefined => caller.session?.reveal();

describe("session.authenticate", () => {
  test("binds the principal to the connection's later calls", async () => {
    const served = waist({}, { mode: "required" });
    const caller: Caller = { ...LOOPBACK, loopback: false };
    assert.equal(errorOf(await served.dispatch(request("models.list", {}, { caller }))).kind, "unauthorized");
    const outcome = await served.dispatch(request("session.authenticate", { token: TOKEN }, { caller }));
    assert.deepEqual(outcome.ok && outcome.result, { principal: "admin", scopes: ["public", "inference", "admin"] });
    assert.equal((await served.dispatch(request("system.info", {}, { caller }))).ok, true);
    const other: Caller = { ...LOOPBACK, loopback: false };
    assert.equal(errorOf(await served.dispatch(request("system.info", {}, { caller: other }))).kind, "unauthorized");
  });

  test("with a bad token binds nothing, and keeps what was bound", async () => {
    const served = waist({}, { mode: "required" });
    const caller: Caller = { ...LOOPBACK };
    const bad = { token: "wrong" };
    assert.equal(errorOf(await served.dispatch(request("session.authenticate", bad, { caller }))).kind, "unauthorized");
    assert.equal(sessionOf(caller), undefined);
    await served.dispatch(request("session.authenticate", { token: TOKEN }, { caller }));
    assert.equal(errorOf(await served.dispatch(request("session.authenticate", bad, { caller }))).kind, "unauthorized");
    assert.equal(sessionOf(caller), TOKEN);
  });

  test("with a foreign token where anonymous calls are allowed is anonymous", async () => {
    const outcome = await waist().dispatch(request("session.authenticate", { token: "not-needed" }));
    assert.deepEqual(outcome.ok && outcome.result, { principal: "anonymous", scopes: ["public", "inference"] });
  });
});

describe("load", () => {
  /** Chat calls that wait until they are let go. */
  function slow(maxInFlight: number) {
    const gates: (() => void)[] = [];
    const served = waist(
      { "chat.completions.create": () => new Promise((resolve) => gates.push(() => resolve({}))) },
      { maxInFlight },
    );
    return { served, gates, chat: () => served.dispatch(request("chat.completions.create", CHAT)) };
  }

  test("beyond the limit is refused at once, and taken again when a call has ended", async () => {
    const { served, gates, chat } = slow(2);
    const running = [chat(), chat()];
    assert.equal(served.inFlight, 2);
    const error = errorOf(await chat());
    assert.deepEqual([error.kind, error.facts.retry_after_ms], ["overloaded", 1000]);
    assert.equal((await served.dispatch(request("system.health"))).ok, true, "what costs nothing is served on");
    gates[0]?.();
    await running[0];
    assert.equal(served.inFlight, 1);
    const next = chat();
    for (const open of gates) open();
    assert.deepEqual(await Promise.all([running[1], next]).then((all) => all.map((each) => each?.ok)), [true, true]);
    assert.equal(served.inFlight, 0);
  });

  test("takes no slot for calls that are refused", async () => {
    const { served } = slow(1);
    await served.dispatch(request("chat.completions.create", {}));
    await served.dispatch(request("chat.completions.create", CHAT, { caller: { ...LOOPBACK, loopback: false } }));
    assert.equal(served.inFlight, 0);
  });

  test("while draining: no new billable call, the others and those under way go on", async () => {
    const { served, gates, chat } = slow(2);
    const running = chat();
    assert.equal(served.draining, false);
    served.drain();
    assert.equal(served.draining, true);
    const error = errorOf(await chat());
    assert.deepEqual([error.kind, error.facts.retry_after_ms, error.retryable], ["draining", 1000, true]);
    assert.equal((await served.dispatch(request("system.health"))).ok, true);
    gates[0]?.();
    assert.equal((await running).ok, true);
  });
});

describe("the log line of a call", () => {
  test("has who, what, where, how long, how it ended and what it cost, and no content", async () => {
    const receipt = { model: "gpt4o", provider: "openai", attempts: 2, costNanoUsd: 7_500_000 as NanoUsd };
    const served = waist({
      "chat.completions.create": (_, call) => {
        call.tellReceipt(receipt);
        return { choices: "the answer" };
      },
    });
    await served.dispatch(request("chat.completions.create", CHAT));
    const { time: _, ...line } = lines[0] ?? {};
    assert.deepEqual(line, {
      level: 30,
      request_id: "req_1",
      method: "chat.completions.create",
      ip: "127.0.0.1",
      principal: "anonymous",
      ms: 1,
      outcome: "ok",
      model: "gpt4o",
      provider: "openai",
      attempts: 2,
      cost_usd: 0.0075,
      msg: "call",
    });
  });

  test("names the error's kind, and is one line a call", async () => {
    const served = waist();
    await served.dispatch(request("nope"));
    await served.dispatch(request("models.retrieve", {}));
    await served.dispatch(request("system.health"));
    assert.deepEqual(
      lines.map(({ level, method, outcome }) => [level, method, outcome]),
      [
        [30, "nope", "method_not_found"],
        [30, "models.retrieve", "invalid_params"],
        [20, "system.health", "ok"],
      ],
    );
  });
});

// One metered tool call: whatever becomes of it, one row, with its price if and only if the server may have begun.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { type CallToolDeps, callTool } from "../../src/broker/call-tool.ts";
import { Gate } from "../../src/broker/gate.ts";
import type { Call, Receipt } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { Key } from "../../src/core/key.ts";
import type { CallEnd } from "../../src/core/ledger.ts";
import { fromUsd, ZERO } from "../../src/core/money.ts";
import type { Tool, ToolServers } from "../../src/core/tool.ts";
import type { ErrorKind, McpToolResult } from "../../src/generated/types.ts";
import { open } from "../store/open-ledger.ts";
import { tempDir } from "../support/temp.ts";

const COST = fromUsd(0.25);
const TOOL: Tool = {
  shown: { name: "s__t", server: "s", tool: "t", inputSchema: { type: "object" } },
  cost: COST,
};

interface Bench {
  readonly ends: CallEnd[];
  readonly receipts: Receipt[];
  readonly gate: Gate;
  call(params?: object, key?: Partial<Key>): Promise<McpToolResult>;
  rows(): unknown[];
  readonly controller: AbortController;
}

function bench(t: TestContext, answer: ToolServers["call"], begins = true): Bench {
  const { ledger, db } = open(t, join(tempDir(t), "requests.db"));
  const ends: CallEnd[] = [];
  const receipts: Receipt[] = [];
  const gate = new Gate({
    ...{ globalBudget: undefined, ipBudget: undefined, ipRequestsPerMinute: undefined },
    spending: { spent: () => ZERO, version: 0 },
    ...{ now: Date.now, ticks: () => performance.now(), onAlert: () => {}, onRefusal: () => {} },
  });
  const tools: Partial<ToolServers> = {
    tool(name) {
      if (name !== "s__t" && name !== "t") throw new BrokerError("tool_not_found");
      return TOOL;
    },
    call(tool, args, order) {
      if (begins) order.onBegun?.();
      return answer(tool, args, order);
    },
  };
  const deps: CallToolDeps = {
    ...{ ledger, gate, tools: tools as ToolServers, now: Date.now, ticks: () => performance.now() },
    onEnd: (_start, end) => ends.push(end),
  };
  const controller = new AbortController();
  const call = {
    ...{ requestId: "req_1", method: "mcp.tools.call", ip: "127.0.0.1", startedAt: Date.now() },
    signal: controller.signal,
    tellReceipt: (receipt: Receipt) => receipts.push(receipt),
  };
  return {
    ...{ ends, receipts, gate, controller },
    call: (params = {}, key) => {
      const principal = { name: "key_1", keyId: "key_1", key: key as Key | undefined, scopes: new Set() };
      return callTool(deps, { name: "t", ...params }, { ...call, principal } as unknown as Call);
    },
    rows: () =>
      db.prepare("SELECT model_served, provider, model_id, status, error_kind, cost_nano_usd FROM request_logs").all(),
  };
}

test("a call that went well tells its cost and what served it", async (t) => {
  const it = bench(t, async (tool, args, order) => {
    assert.deepEqual([tool, args, order.owner], [TOOL, { a: 1 }, "key_1"]);
    return { content: [{ type: "text", text: "yes" }] };
  });
  assert.deepEqual(await it.call({ arguments: { a: 1 } }), {
    content: [{ type: "text", text: "yes" }],
    usage: { cost: 0.25 },
  });
  assert.deepEqual(it.rows(), [
    { model_served: "s__t", provider: "s", model_id: "t", status: "ok", error_kind: null, cost_nano_usd: COST },
  ]);
  assert.deepEqual(it.receipts, [{ model: "s__t", provider: "s", attempts: 1, costNanoUsd: COST }]);
});

test("a tool that failed by its own word is a call that went well", async (t) => {
  const it = bench(t, async () => ({ content: [], isError: true }));
  assert.equal((await it.call()).isError, true);
  assert.equal(it.ends[0]?.status, "ok");
});

describe("a call that went wrong costs", () => {
  for (const [kind, begins] of [
    ["mcp_server_unavailable", false],
    ["mcp_server_not_found", false],
    ["invalid_params", false],
    ["mcp_server_failed", false],
    ["mcp_server_failed", true],
    ["mcp_server_timeout", true],
    ["mcp_rejected", true],
  ] as const satisfies readonly (readonly [ErrorKind, boolean])[]) {
    const cost = begins ? COST : 0;
    test(`${begins ? "its price, as the server may have begun" : "nothing, as it has not"}: ${kind}`, async (t) => {
      const fails = async (): Promise<never> => {
        throw new BrokerError(kind);
      };
      const it = bench(t, fails, begins);
      await assert.rejects(it.call(), { kind });
      assert.deepEqual(it.rows(), [
        { model_served: "s__t", provider: "s", model_id: "t", status: "error", error_kind: kind, cost_nano_usd: cost },
      ]);
    });
  }

  test("its price, where the caller left: the server had begun", async (t) => {
    const it = bench(t, (_tool, _args, { signal }) => {
      queueMicrotask(() => it.controller.abort(new BrokerError("cancelled")));
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await assert.rejects(it.call(), { kind: "cancelled" });
    assert.deepEqual([it.ends[0]?.status, it.ends[0]?.costNanoUsd], ["cancelled", COST]);
  });

  test("nothing, where the caller had left before", async (t) => {
    const it = bench(t, async () => assert.fail("it was called"));
    it.controller.abort(new BrokerError("cancelled"));
    await assert.rejects(it.call(), { kind: "cancelled" });
    const [end] = it.ends;
    assert.deepEqual([end?.status, end?.costNanoUsd, end?.attempts], ["cancelled", 0, 0]);
    assert.equal(it.rows().length, 1);
  });

  test("nothing that a bug has made: it is told as one, and has its row", async (t) => {
    const it = bench(t, async () => {
      throw new TypeError("oh");
    });
    await assert.rejects(it.call());
    assert.equal(it.ends.length, 1);
  });
});

describe("a call that may not be is refused with a row, and does not reach the server:", () => {
  for (const [kind, params, key] of [
    ["tool_not_found", { name: "none" }, undefined],
    ["tool_not_allowed", {}, { tools: ["other__*"] }],
    ["max_cost_exceeded", { max_cost: 0.2 }, undefined],
  ] as const) {
    test(kind, async (t) => {
      const it = bench(t, async () => assert.fail("it was called"));
      const limits = { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined };
      await assert.rejects(it.call(params, key && { id: "key_1", models: undefined, budgets: [], limits, ...key }), {
        kind,
      });
      assert.equal(it.ends[0]?.costNanoUsd, 0);
      assert.equal(it.ends[0]?.attempts, 0);
      assert.equal(it.rows().length, 1);
    });
  }
});

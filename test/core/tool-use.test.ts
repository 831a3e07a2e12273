// The pure parts of tools in chat: what requests exempt from approval, what a model is given to read, what comes to what.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromUsd } from "../../src/core/money.ts";
import { mcpOutput } from "../../src/core/responses/mcp-item.ts";
import type { Tool } from "../../src/core/tool.ts";
import { ToolAnswer } from "../../src/core/tool-use/answer.ts";
import { Bill } from "../../src/core/tool-use/bill.ts";
import { toFunction } from "../../src/core/tool-use/choose.ts";
import { CallIds, laterChoice, turnsOf } from "../../src/core/tool-use/conversation.ts";
import { stepsOf, toolName } from "../../src/core/tool-use/event.ts";
import { bounded, OutputRoom, outputOf } from "../../src/core/tool-use/output.ts";
import { approvalOf, namedTools } from "../../src/core/tool-use/param.ts";

function toolOf(tool: string, more: object = {}): Tool {
  const shown = { name: `s__${tool}`, server: "s", tool, inputSchema: { type: "object" }, ...more };
  return { shown, cost: fromUsd(0) };
}

const READS = toolOf("reads", { annotations: { readOnlyHint: true } });
const WRITES = toolOf("writes");
const PARAM = { type: "mcp", server_label: "s" };

describe("require_approval", () => {
  const exempt: [rule: unknown, reads: boolean, writes: boolean][] = [
    ["never", true, true],
    ["always", false, false],
    [undefined, false, false],
    [{ never: { tool_names: ["reads"] } }, true, false],
    [{ never: { tool_names: ["s__writes"] } }, false, true],
    [{ never: { tool_names: ["reads", "writes"] }, always: { tool_names: ["writes"] } }, true, false],
    [{ never: { read_only: true } }, false, false],
    [{ never: null }, false, false],
  ];
  for (const [rule, reads, writes] of exempt) {
    test(`${JSON.stringify(rule)} lets the broker run ${[reads && "reads", writes && "writes"].filter(Boolean).join(", ") || "nothing"}`, () => {
      const param = { ...PARAM, require_approval: rule };
      assert.equal(approvalOf(param, READS, "/tools/0", "handed back"), reads);
      assert.equal(approvalOf(param, WRITES, "/tools/0", "handed back"), writes);
      if (!writes) assert.throws(() => approvalOf(param, WRITES, "/tools/0", "refused"), { kind: "invalid_params" });
    });
  }
});

test("an approval that means nothing is refused, not taken for one that is required", () => {
  for (const wrong of ["sometimes", "", true, 1, ["never"]]) {
    const param = { ...PARAM, require_approval: wrong };
    assert.throws(() => approvalOf(param, READS, "/tools/0", "handed back"), {
      kind: "invalid_params",
      message: /^\/tools\/0\/require_approval: must be "always"/,
    });
  }
});

test("allowed_tools are names, or a filter of names and of what only reads", () => {
  const named = (allowed_tools: unknown): string[] =>
    namedTools({ ...PARAM, allowed_tools }, [READS, WRITES], "/tools/0").map(({ shown }) => shown.tool);
  assert.deepEqual(named(undefined), ["reads", "writes"]);
  assert.deepEqual(named(["writes"]), ["writes"]);
  assert.deepEqual(named({ tool_names: ["s__writes"] }), ["writes"]);
  assert.deepEqual(named({ read_only: true }), ["reads"]);
  for (const wrong of ["writes", { tool_names: "writes" }, ["nope"], [1]]) {
    assert.throws(() => named(wrong), { kind: "invalid_params" });
  }
});

test("a tool is told as a function whose schema says what it holds", () => {
  const inputSchema = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
  assert.deepEqual(toFunction(toolOf("t", { inputSchema, title: "Titled" })), {
    type: "function",
    function: { name: "s__t", description: "Titled", parameters: { type: "object", properties: {} } },
  });
});

test("a choice that forces a call is let go after the first round", () => {
  const forced = { type: "function", function: { name: "f" } };
  const allowed = { type: "allowed_tools", allowed_tools: { mode: "required", tools: [forced] } };
  assert.deepEqual(
    [undefined, "auto", "none", "required", forced, allowed].map((choice) => laterChoice(choice)),
    [undefined, "auto", "none", "auto", "auto", { ...allowed, allowed_tools: { mode: "auto", tools: [forced] } }],
  );
});

test("calls without an id, or with one that was taken, get their own", () => {
  const ids = new CallIds("req_1");
  const own = (id: string): string => ids.own({ id, type: "function" }).id;
  assert.deepEqual(["a", "", "a", "b"].map(own), ["a", "call_req_1_1", "call_req_1_2", "b"]);
});

test("a turn keeps proofs of thoughts, and leaves what belongs to an answer alone", () => {
  const call = { id: "c", type: "function", extra_content: { google: { thought_signature: "x" } } };
  const message = {
    ...{ role: "assistant" as const, content: null, refusal: null, annotations: [], reasoning_content: "Hm." },
    ...{ reasoning_signature: "sig", audio: null, tool_calls: [call] },
  };
  assert.deepEqual(turnsOf(message, [call], [])[0], {
    ...{ role: "assistant", content: null, reasoning_content: "Hm.", reasoning_signature: "sig", tool_calls: [call] },
  });
});

test("pictures are given to models that see, as far as they are pictures and not too large", () => {
  const picture = { type: "image", data: "QUJD", mimeType: "image/png" };
  const give = (block: object, sees: boolean) => outputOf({ content: [block as never] }, sees).pictures.length;
  assert.equal(give(picture, true), 1);
  assert.equal(give(picture, false), 0);
  assert.equal(give({ ...picture, mimeType: "image/svg+xml" }, true), 0);
  assert.equal(give({ ...picture, data: "A".repeat(8_388_609) }, true), 0);
  assert.equal(outputOf({ content: Array.from({ length: 20 }, () => picture) }, true).pictures.length, 16);
});

test("a text beyond its bound says that it was cut", () => {
  assert.equal(bounded("abc", 3), "abc");
  assert.equal(bounded("abcd", 3), "abc\n[Cut: the result has 4 characters.]");
  assert.equal(bounded("abcd", 0), "\n[Cut: the result has 4 characters.]");
});

test("a bill sums tokens of every kind, and what is not sure of one round is not sure of the whole", () => {
  const bill = new Bill();
  bill.addTokens({
    ...{ prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: null },
  });
  bill.addTokens({
    ...{ prompt_tokens: 20, completion_tokens: 3, total_tokens: 23, estimated: true },
    ...{ prompt_tokens_details: { cached_tokens: 5 }, completion_tokens_details: { reasoning_tokens: 1 } },
  });
  bill.pay(fromUsd(0.5));
  bill.pay(fromUsd(0.25));
  assert.deepEqual(bill.usage(), {
    ...{ prompt_tokens: 30, completion_tokens: 5, total_tokens: 35, estimated: true, cost: 0.75 },
    ...{ prompt_tokens_details: { cached_tokens: 9 }, completion_tokens_details: { reasoning_tokens: 1 } },
    ...{ rounds: 0, tool_calls: 0 },
  });
});

test("calls of earlier turns have names that every vendor takes", () => {
  assert.equal(toolName("memory", "recall"), "memory__recall");
  assert.match(toolName("a.b", "c d"), /^[a-zA-Z0-9_-]{1,64}$/);
  assert.match(toolName("s", "x".repeat(100)), /^[a-zA-Z0-9_-]{1,64}$/);
});

test("a later turn tells what a tool of an item gave, or why it gave nothing", () => {
  const content = [{ type: "text", text: "no" }];
  assert.equal(mcpOutput({ output: "yes" }), "yes");
  assert.equal(mcpOutput({ output: null, error: null }), "");
  assert.equal(mcpOutput({ error: { type: "mcp_tool_execution_error", content } }), "Error: no");
  assert.equal(mcpOutput({ error: { type: "mcp_protocol_error", code: 1, message: "gone" } }), "Error: gone");
  assert.equal(mcpOutput({ error: "as text" }), "Error: as text");
});

test("all results of a request have so much room together, text and pictures, and say what did not fit", () => {
  const room = new OutputRoom();
  const picture = { type: "image_url" as const, image_url: { url: "x".repeat(8_000_000) } };
  const fits = Array.from({ length: 6 }, () => room.fit({ text: "a".repeat(1_000_000), pictures: [picture] }));
  assert.deepEqual(
    fits.map(({ pictures }) => pictures.length),
    [1, 1, 1, 1, 0, 0],
  );
  assert.match(fits[5]?.text ?? "", /\[Too large: 1 of the pictures\]$/);
  const more = Array.from({ length: 20 }, () => room.fit({ text: "a".repeat(1_000_000), pictures: [] }).text);
  assert.match(more[0] ?? "", /^a{262144}\n\[Cut: /);
  assert.match(more.at(-1) ?? "", /^\n\[Cut: /);
});

test("progress of tools is told and not kept", () => {
  const answer = new ToolAnswer({ tools: new Map(), auto: true, own: new Set(), maxRounds: 8 }, true, []);
  const of = { id: "1", server: "s", tool: "t", name: "s__t" };
  answer.begin(false);
  answer.event({ type: "call", ...of, arguments: "{}" });
  for (let progress = 0; progress < 100; progress++) {
    const told = answer.event({
      type: "progress",
      ...of,
      progress: { method: "notifications/progress", params: { progress } },
    });
    assert.ok("mcp" in told);
  }
  answer.event({ type: "result", ...of, output: "", is_error: false });
  assert.equal(stepsOf(answer.completion())?.length, 2);
});

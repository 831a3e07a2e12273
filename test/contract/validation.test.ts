// What the validators say: one fault gives one error that names its JSON pointer, and never repeats the value. Chat keeps
// members that it does not know; every other method refuses them by name.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { validate } from "../../src/dispatch/validate.ts";
import { METHODS } from "../../src/generated/methods.ts";
import type { MethodName } from "../../src/generated/types.ts";
import { LEAST_PARAMS } from "../support/least-params.ts";

const CHAT = "chat.completions.create";
const USER = { role: "user", content: "Hello!" };
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };
const good = (more: object = {}): object => ({ model: "m", messages: [USER], ...more });
const said = (...messages: unknown[]): object => ({ model: "m", messages });
const parts = (...content: unknown[]): object => said({ role: "user", content });

function faultOf(method: MethodName, params: object): BrokerError | undefined {
  try {
    validate(method, params);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof BrokerError, String(error));
    return error;
  }
}

const BAD: readonly [name: string, params: object, pointer: string, message: RegExp][] = [
  ["no params", {}, "/model", /is required/],
  ["no messages", { model: "m" }, "/messages", /is required/],
  ["model of another type", { model: 5, messages: [USER] }, "/model", /must be string/],
  ["empty model", { model: "", messages: [USER] }, "/model", /fewer than 1/],
  ["a model name without end", { model: "x".repeat(257), messages: [USER] }, "/model", /more than 256/],
  ["no message", said(), "/messages", /fewer than 1/],
  ["messages as text", { model: "m", messages: "Hello!" }, "/messages", /must be array/],
  ["a message that is text", said("Hello!"), "/messages/0", /must be object/],
  ["a message that is null", said(USER, null), "/messages/1", /must be object/],
  ["no role", said({ content: "Hello!" }), "/messages/0/role", /is required/],
  ["unknown role", said({ role: "wizard", content: "Hello!" }), "/messages/0/role", /is not a known role/],
  ["role of another type", said({ role: 1, content: "Hello!" }), "/messages/0/role", /is not a known role/],
  ["no content", said({ role: "user" }), "/messages/0/content", /is required/],
  ["content of another type", said({ role: "user", content: 5 }), "/messages/0/content", /must be string,array/],
  ["content null from a user", said({ role: "user", content: null }), "/messages/0/content", /must be string,array/],
  ["no part", parts(), "/messages/0/content", /fewer than 1/],
  ["a part that is text", parts("Hello!"), "/messages/0/content/0", /must be object/],
  ["unknown part type", parts({ type: "smell" }), "/messages/0/content/0/type", /is not a known type/],
  ["part without type", parts({ text: "Hello!" }), "/messages/0/content/0/type", /is required/],
  ["text part without text", parts({ type: "text" }), "/messages/0/content/0/text", /is required/],
  [
    "the second part is at fault",
    parts({ type: "text", text: "a" }, { type: "text", text: 1 }),
    "/messages/0/content/1/text",
    /must be string/,
  ],
  ["image without url", parts({ type: "image_url", image_url: {} }), "/messages/0/content/0/image_url/url", /required/],
  [
    "image as text",
    parts({ type: "image_url", image_url: "http://x" }),
    "/messages/0/content/0/image_url",
    /must be object/,
  ],
  [
    "unknown image detail",
    parts({ type: "image_url", image_url: { url: "http://x", detail: "sharp" } }),
    "/messages/0/content/0/image_url/detail",
    /must be one of "auto", "low", "high"/,
  ],
  [
    "audio without format",
    parts({ type: "input_audio", input_audio: { data: "AA==" } }),
    "/messages/0/content/0/input_audio/format",
    /is required/,
  ],
  [
    "an image in a system message",
    said({ role: "system", content: [{ type: "image_url", image_url: { url: "http://x" } }] }),
    "/messages/0/content/0/text",
    /is required/,
  ],
  ["tool message without id", said({ role: "tool", content: "4" }), "/messages/0/tool_call_id", /is required/],
  ["function message without name", said({ role: "function", content: "4" }), "/messages/0/name", /is required/],
  [
    "tool call without arguments",
    said({ role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "f" } }] }),
    "/messages/0/tool_calls/0/function/arguments",
    /is required/,
  ],
  [
    "tool arguments as an object",
    said({ role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: {} } }] }),
    "/messages/0/tool_calls/0/function/arguments",
    /must be string/,
  ],
  ["tools as an object", good({ tools: {} }), "/tools", /must be array/],
  ["a tool without function", good({ tools: [{ type: "function" }] }), "/tools/0/function", /is required/],
  ["a tool without name", good({ tools: [{ ...TOOL, function: {} }] }), "/tools/0/function/name", /is required/],
  ["a tool without type", good({ tools: [{ function: { name: "f" } }] }), "/tools/0/type", /is required/],
  ["unknown tool_choice", good({ tool_choice: "maybe" }), "/tool_choice", /must be one of "none", "auto", "required"/],
  ["tool_choice without type", good({ tool_choice: {} }), "/tool_choice/type", /is required/],
  ["tool_choice as a list", good({ tool_choice: [] }), "/tool_choice", /must be string,object,null/],
  [
    "tool_choice without a name",
    good({ tool_choice: { type: "function", function: {} } }),
    "/tool_choice/function/name",
    /is required/,
  ],
  [
    "tool_choice of a function that is not said",
    good({ tool_choice: { type: "function" } }),
    "/tool_choice/function",
    /is required/,
  ],
  ["response_format as text", good({ response_format: "json" }), "/response_format", /must be object,null/],
  ["unknown response_format", good({ response_format: { type: "xml" } }), "/response_format/type", /must be one of/],
  [
    "json_schema without its schema",
    good({ response_format: { type: "json_schema" } }),
    "/response_format/json_schema",
    /is required/,
  ],
  [
    "json_schema without a name",
    good({ response_format: { type: "json_schema", json_schema: { schema: {} } } }),
    "/response_format/json_schema/name",
    /is required/,
  ],
  ["stream as text", good({ stream: "true" }), "/stream", /must be boolean,null/],
  ["too many stops", good({ stop: Array.from({ length: 17 }, String) }), "/stop", /more than 16/],
  ["a stop that is a number", good({ stop: ["a", 2] }), "/stop/1", /must be string/],
  ["no tokens", good({ max_tokens: 0 }), "/max_tokens", />= 1/],
  ["negative tokens", good({ max_completion_tokens: -5 }), "/max_completion_tokens", />= 1/],
  ["half a token", good({ max_tokens: 1.5 }), "/max_tokens", /must be integer,null/],
  ["tokens as text", good({ max_tokens: "10" }), "/max_tokens", /must be integer,null/],
  ["temperature too high", good({ temperature: 2.1 }), "/temperature", /<= 2/],
  ["temperature that is no number", good({ temperature: Number.NaN }), "/temperature", /must be/],
  ["top_p below 0", good({ top_p: -0.1 }), "/top_p", />= 0/],
  ["n of 129", good({ n: 129 }), "/n", /<= 128/],
  ["a seed that lost its digits", good({ seed: 2 ** 60 }), "/seed", /<= 9007199254740991/],
  ["penalty too strong", good({ presence_penalty: -3 }), "/presence_penalty", />= -2/],
  ["a bias that is text", good({ logit_bias: { 50256: "no" } }), "/logit_bias/50256", /must be number/],
  ["too many logprobs", good({ top_logprobs: 21 }), "/top_logprobs", /<= 20/],
  ["unknown effort", good({ reasoning_effort: "heroic" }), "/reasoning_effort", /must be one of "none"/],
  ["unknown modality", good({ modalities: ["smell"] }), "/modalities/0", /must be one of "text"/],
  ["metadata that is no text", good({ metadata: { a: 1 } }), "/metadata/a", /must be string/],
  ["a member with a slash", good({ metadata: { "a/b~c": 1 } }), "/metadata/a~1b~0c", /must be string/],
  ["_meta as text", good({ _meta: "x" }), "/_meta", /must be object/],
  ["a token that is a list", good({ _meta: { progressToken: [] } }), "/_meta/progressToken", /must be string,integer/],
];

describe("a bad chat request has one fault, named by its pointer", () => {
  for (const [name, params, pointer, message] of BAD) {
    test(name, () => {
      const fault = faultOf(CHAT, params);
      assert.ok(fault, "it must be refused");
      assert.equal(fault.kind, "invalid_params");
      assert.equal(fault.facts.param, pointer);
      assert.match(fault.message, message);
      assert.ok(fault.message.startsWith(pointer), fault.message);
      assert.ok(!fault.message.includes("\n"), "one line");
    });
  }

  test("and the fault never repeats what was sent", () => {
    const secret = "sk-live-0123456789abcdef";
    const cases = [good({ temperature: secret }), good({ tool_choice: secret }), said({ role: secret, content: "" })];
    for (const params of cases) assert.ok(!JSON.stringify(faultOf(CHAT, params)?.message).includes(secret));
  });
});

const GOOD: readonly [name: string, params: object][] = [
  ["the smallest", good()],
  ["null where OpenAI takes null", good({ stop: null, tools: null, temperature: null, seed: null, logit_bias: null })],
  ["a developer message", said({ role: "developer", content: "Be brief." }, USER)],
  ["a system message in parts", said({ role: "system", content: [{ type: "text", text: "Be brief." }] }, USER)],
  [
    "every part",
    parts(
      { type: "text", text: "" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
      { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
      { type: "file", file: { file_id: "f" } },
    ),
  ],
  [
    "a tool round",
    {
      ...said(
        USER,
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "" } }],
        },
        { role: "tool", tool_call_id: "a", content: "" },
      ),
      tools: [TOOL, { type: "web_search" }],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
    },
  ],
  ["an assistant without content", said(USER, { role: "assistant" }, USER)],
  ["an assistant that refused", said(USER, { role: "assistant", content: [{ type: "refusal", refusal: "no" }] }, USER)],
  [
    "a recursive schema",
    good({
      response_format: {
        type: "json_schema",
        json_schema: { name: "tree", strict: true, schema: { type: "array", items: { $ref: "#" } } },
      },
    }),
  ],
  ["tool_choice of another type", good({ tool_choice: { type: "allowed_tools", allowed_tools: {} } })],
  ["a custom tool that is chosen", good({ tool_choice: { type: "custom", custom: { name: "grep" } } })],
  ["members of other vendors", good({ top_k: 5, provider: { order: ["a"] }, cache_prompt: true })],
  ["unknown members deeper down", said({ ...USER, cache_control: { type: "ephemeral" } })],
];

describe("a good chat request passes:", () => {
  for (const [name, params] of GOOD) test(name, () => assert.equal(faultOf(CHAT, params), undefined));
});

describe("members that are not known", () => {
  for (const method of Object.keys(METHODS) as MethodName[]) {
    const keeps =
      (METHODS[method].billable && method !== "mcp.tools.call") ||
      method === "models.route" ||
      method === "messages.countTokens";
    test(`${method} ${keeps ? "keeps" : "refuses by name"}`, () => {
      const params = LEAST_PARAMS[method] ?? {};
      assert.equal(faultOf(method, params), undefined);
      const fault = faultOf(method, { ...params, colour: "red" });
      if (keeps) return assert.equal(fault, undefined);
      assert.equal(fault?.facts.param, "/colour");
      assert.match(fault.message, /^\/colour: is not a known param$/);
    });
  }

  test("are named no longer than 128 characters", () => {
    const fault = faultOf("system.health", { ["x".repeat(5000)]: 1 });
    assert.ok((fault?.message.length ?? 0) < 200);
  });
});

describe("prototype keys", () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    test(`${key} as a param is refused where members are known`, () => {
      assert.equal(faultOf("system.health", JSON.parse(`{"${key}": {}}`))?.facts.param, `/${key}`);
    });
    test(`${key} in a chat request changes nothing`, () => {
      const params = JSON.parse(
        `{"model":"m","messages":[{"role":"user","content":"a","${key}":{"x":1}}],"${key}":{"x":1}}`,
      );
      assert.equal(faultOf(CHAT, params), undefined);
      assert.equal(({} as { x?: number }).x, undefined);
    });
    test(`${key} is no role and no part type`, () => {
      assert.equal(faultOf(CHAT, said({ role: key, content: "a" }))?.facts.param, "/messages/0/role");
      assert.equal(faultOf(CHAT, parts({ type: key }))?.facts.param, "/messages/0/content/0/type");
    });
  }

  test("do not stand in for params that are missing", () => {
    const params = JSON.parse('{"__proto__": {"model": "m", "messages": [{"role": "user", "content": "a"}]}}');
    assert.equal(faultOf(CHAT, params)?.facts.param, "/model");
  });
});

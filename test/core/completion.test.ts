// Chunks folded equal the completion in one piece, and usage is kept back from a stream without harming its bytes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ChunkRun, CompletionFold, withoutUsage } from "../../src/core/completion.ts";
import type { ChatChunk, ChatCompletion } from "../../src/generated/types.ts";
import { resultValidator } from "../support/document.ts";

const HEAD = { id: "c1", created: 7, model: "up", system_fingerprint: "fp" };
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

type Delta = Record<string, unknown>;

const chunk = (choices: unknown[], more: object = {}): ChatChunk =>
  ({ ...HEAD, object: "chat.completion.chunk", choices, ...more }) as ChatChunk;
const delta = (value: Delta, finish_reason: string | null = null, index = 0): ChatChunk =>
  chunk([{ index, delta: value, finish_reason }]);
const tool = (value: Delta): ChatChunk => delta({ tool_calls: [value] });
const END = delta({}, "stop");

const whole = (message: Delta, finish_reason: string | null = "stop"): object => ({
  choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason }],
});
const called = (name: string, args: string, id = "a"): Delta => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

function fold(chunks: readonly ChatChunk[]): CompletionFold {
  const fold = new CompletionFold();
  for (const each of chunks) fold.add(each);
  return fold;
}

const STREAMS: readonly [name: string, chunks: readonly ChatChunk[], completion: object][] = [
  [
    "text in pieces",
    [delta({ role: "assistant", content: "" }), delta({ content: "Hel" }), delta({ content: "lo" }), END],
    whole({ content: "Hello" }),
  ],
  [
    "text and its end in one chunk",
    [delta({ role: "assistant", content: "Hi" }, "length")],
    whole({ content: "Hi" }, "length"),
  ],
  ["empty text is not null", [delta({ content: "" }), END], whole({ content: "" })],
  ["nothing but an end", [END], whole({})],
  [
    "null members say nothing",
    [delta({ content: "a", refusal: null, tool_calls: null }), END],
    whole({ content: "a" }),
  ],
  [
    "thinking beside text",
    [delta({ reasoning_content: "Hm" }), delta({ reasoning_content: "m." }), delta({ content: "4" }), END],
    whole({ reasoning_content: "Hmm.", content: "4" }),
  ],
  ["a refusal", [delta({ refusal: "I " }), delta({ refusal: "won't" }), END], whole({ refusal: "I won't" })],
  [
    "tool arguments split",
    [
      tool({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }),
      tool({ index: 0, function: { arguments: '{"x"' } }),
      tool({ index: 0, function: { arguments: ":1}" } }),
      delta({}, "tool_calls"),
    ],
    whole({ tool_calls: [called("f", '{"x":1}')] }, "tool_calls"),
  ],
  [
    "tool arguments in one piece",
    [
      tool({ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }),
      delta({}, "tool_calls"),
    ],
    whole({ tool_calls: [called("f", '{"x":1}')] }, "tool_calls"),
  ],
  [
    "no tool arguments at all",
    [tool({ index: 0, id: "a", function: { name: "f" } }), delta({}, "tool_calls")],
    whole({ tool_calls: [called("f", "")] }, "tool_calls"),
  ],
  [
    "arguments null, name repeated, id told late",
    [
      tool({ index: 0, function: { name: "f", arguments: null } }),
      tool({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
      tool({ index: 0, id: "", function: { name: "" } }),
      delta({}, "tool_calls"),
    ],
    whole({ tool_calls: [called("f", "{}")] }, "tool_calls"),
  ],
  [
    "parallel tool calls, mixed",
    [
      tool({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }),
      tool({ index: 1, id: "b", type: "function", function: { name: "g", arguments: "{" } }),
      tool({ index: 0, function: { arguments: "[]" } }),
      tool({ index: 1, function: { arguments: "}" } }),
      delta({}, "tool_calls"),
    ],
    whole({ tool_calls: [called("f", "[]"), called("g", "{}", "b")] }, "tool_calls"),
  ],
  [
    "two tool calls in one delta, the first index left out by the provider",
    [
      delta({
        tool_calls: [
          { index: 1, id: "a", function: { name: "f", arguments: "" } },
          { index: 3, id: "b", function: { name: "g", arguments: "" } },
        ],
      }),
      delta({}, "tool_calls"),
    ],
    whole({ tool_calls: [called("f", ""), called("g", "", "b")] }, "tool_calls"),
  ],
  [
    "a custom tool, and members of other vendors on a call",
    [
      tool({ index: 0, id: "a", type: "custom", custom: { name: "grep", input: "" } }),
      tool({ index: 0, custom: { input: "-r" } }),
      tool({ index: 0, custom: { input: " x" } }),
      tool({
        index: 1,
        id: "b",
        type: "function",
        extra_content: { signature: "s" },
        function: { name: "f", arguments: "{}" },
      }),
      delta({}, "tool_calls"),
    ],
    whole(
      {
        tool_calls: [
          { id: "a", type: "custom", custom: { name: "grep", input: "-r x" } },
          { ...called("f", "{}", "b"), extra_content: { signature: "s" } },
        ],
      },
      "tool_calls",
    ),
  ],
  [
    "the older form of a tool call",
    [
      delta({ function_call: { name: "f", arguments: "" } }),
      delta({ function_call: { arguments: '{"x"' } }),
      delta({ function_call: { arguments: ":1}" } }),
      delta({}, "function_call"),
    ],
    whole({ function_call: { name: "f", arguments: '{"x":1}' } }, "function_call"),
  ],
  [
    "audio with its transcript",
    [
      delta({ audio: { id: "audio_1", data: "AA" } }),
      delta({ audio: { id: "audio_1", transcript: "Hel" } }),
      delta({ audio: { transcript: "lo", data: "BB" } }),
      delta({ audio: { expires_at: 9 } }),
      END,
    ],
    whole({ audio: { id: "audio_1", data: "AABB", transcript: "Hello", expires_at: 9 } }),
  ],
  [
    "lists of other vendors are extended",
    [delta({ annotations: [{ url: "a" }] }), delta({ annotations: [{ url: "b" }] }), END],
    whole({ annotations: [{ url: "a" }, { url: "b" }] }),
  ],
  [
    "logprobs",
    [
      chunk([
        {
          index: 0,
          delta: { content: "a" },
          finish_reason: null,
          logprobs: { content: [{ token: "a", logprob: -1 }], refusal: null },
        },
      ]),
      chunk([
        {
          index: 0,
          delta: { content: "b" },
          finish_reason: "stop",
          logprobs: { content: [{ token: "b", logprob: -2 }], refusal: null },
        },
      ]),
    ],
    {
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab" },
          finish_reason: "stop",
          logprobs: {
            content: [
              { token: "a", logprob: -1 },
              { token: "b", logprob: -2 },
            ],
            refusal: null,
          },
        },
      ],
    },
  ],
  [
    "several choices, mixed, the second first",
    [delta({ content: "B" }, null, 1), delta({ content: "A" }), delta({}, "length", 1), delta({}, "stop")],
    {
      choices: [
        { index: 0, message: { role: "assistant", content: "A" }, finish_reason: "stop" },
        { index: 1, message: { role: "assistant", content: "B" }, finish_reason: "length" },
      ],
    },
  ],
  [
    "usage in a chunk of its own",
    [
      delta({ content: "a" }),
      chunk([{ index: 0, delta: {}, finish_reason: "stop" }], { usage: null }),
      chunk([], { usage: USAGE }),
    ],
    { ...whole({ content: "a" }), usage: USAGE },
  ],
  [
    "usage beside the end",
    [chunk([{ index: 0, delta: { content: "a" }, finish_reason: "stop" }], { usage: USAGE })],
    { ...whole({ content: "a" }), usage: USAGE },
  ],
];

describe("a stream folded equals the completion in one piece:", () => {
  for (const [name, chunks, completion] of STREAMS) {
    test(name, () => {
      const before = structuredClone(chunks);
      const folded = fold(chunks).completion();
      assert.deepEqual(folded, { ...HEAD, object: "chat.completion", ...completion });
      resultValidator("chat.completions.create")(folded);
      assert.deepEqual(chunks, before, "chunks are never changed: they also go to the client");
    });
  }

  test("whole and folded again is the same", () => {
    for (const [, chunks] of STREAMS) {
      const once = fold(chunks).completion() as ChatCompletion;
      assert.deepEqual(fold(chunks).completion(), once);
    }
  });
});

describe("a provider that counts badly", () => {
  const bad = [-1, 1e9, 0.5, Number.NaN, Infinity, "0", null, {}, 128];

  for (const index of bad) {
    test(`a choice at ${JSON.stringify(index) ?? "no index"} is passed over`, () => {
      const completion = fold([
        delta({ content: "a" }),
        delta({ content: "x" }, "stop", index as number),
        END,
      ]).completion();
      assert.deepEqual(completion.choices, (whole({ content: "a" }) as ChatCompletion).choices);
    });
  }

  for (const index of bad.filter((each) => each !== 128).concat(512)) {
    test(`a tool call at ${JSON.stringify(index)} is passed over`, () => {
      const completion = fold([
        delta({ content: "a" }),
        tool({ index, id: "x", function: { name: "x" } }),
        END,
      ]).completion();
      assert.deepEqual(completion.choices, (whole({ content: "a" }) as ChatCompletion).choices);
    });
  }

  test("deltas of odd shapes break nothing", () => {
    const odd = [
      chunk([{ index: 0 }]),
      chunk([{ index: 0, delta: null, finish_reason: null }]),
      delta({ tool_calls: [null] }),
      delta({ tool_calls: "x" }),
      delta({ content: "a", reasoning_details: { deep: { deeper: 1 } } }),
      delta(JSON.parse('{"__proto__":{"polluted":true},"constructor":"x"}')),
    ];
    const { choices } = fold([...odd, END]).completion();
    assert.equal(choices[0]?.message.content, "a");
    assert.equal(({} as Delta).polluted, undefined);
    assert.equal(choices[0]?.message.polluted, undefined);
  });
});

describe("what a fold knows before its end", () => {
  test("started with the first choice, finished when every choice has its reason", () => {
    const state = new CompletionFold();
    const states: [boolean, boolean][] = [];
    for (const each of [chunk([]), delta({ content: "a" }), delta({ content: "b" }, "stop", 1), END]) {
      state.add(each);
      states.push([state.started, state.finished]);
    }
    assert.deepEqual(states, [
      [false, false],
      [true, false],
      [true, false],
      [true, true],
    ]);
  });

  test("text() is all that the model wrote, for estimates", () => {
    const all = fold([
      delta({ role: "assistant", reasoning_content: "Hm." }),
      delta({ content: "Hi" }),
      tool({ index: 1, id: "a", function: { name: "f", arguments: "{}" } }),
      delta({ content: "B" }, null, 2),
    ]).text();
    assert.deepEqual([...all].sort(), [..."Hm.Hif{}B"].sort());
  });

  test("without any chunk it is an empty completion", () => {
    assert.deepEqual(new CompletionFold().completion().choices, []);
  });
});

describe("withoutUsage", () => {
  const sse = (chunks: readonly ChatChunk[]): string =>
    chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
  const run = (...values: ChatChunk[]): ChunkRun => ({ values, sse: sse(values) });
  const plain = delta({ content: "a" });
  const nulled = { ...plain, usage: null } as ChatChunk;
  const told = chunk([], { usage: USAGE });

  test("a run without usage passes as it is, the very same object", () => {
    const given = run(plain, plain);
    assert.equal(withoutUsage(given, false), given);
    assert.equal(withoutUsage(given, true), given);
  });

  test("a client that asked keeps the nulls, bytes untouched", () => {
    const given = run(nulled, plain);
    assert.equal(withoutUsage(given, true), given);
  });

  test("for others the nulls leave values and bytes", () => {
    const shown = withoutUsage(run(nulled, plain, nulled), false);
    assert.deepEqual(shown?.values, [plain, plain, plain]);
    assert.equal(shown?.sse, sse([plain, plain, plain]));
  });

  test("bytes stay bytes, and letters of every script stay whole", () => {
    const letters = delta({ content: "Grüße, 世界 🌍" });
    const bytes = Buffer.from(sse([{ ...letters, usage: null } as ChatChunk, letters]));
    const shown = withoutUsage({ values: [{ ...letters, usage: null } as ChatChunk, letters], sse: bytes }, false);
    assert.ok(shown?.sse instanceof Uint8Array);
    assert.deepEqual(Buffer.from(shown.sse), Buffer.from(sse([letters, letters])));
  });

  for (const text of [
    ',"usage":null',
    '{"a":1,"usage":null}',
    '{"usage":null}',
    '{"usage":null,',
    "{",
    ",",
    '"usage":null',
  ]) {
    test(`text that says ${text} stays`, () => {
      const quoting = delta({ content: text, tool_calls: [{ index: 0, function: { arguments: text } }] });
      const given = run({ ...quoting, usage: null } as ChatChunk);
      const shown = withoutUsage(given, false);
      assert.deepEqual(shown?.values, [quoting]);
      assert.equal(shown?.sse, sse([quoting]));
    });
  }

  for (const [name, bytes, expected] of [
    ["with blanks", '{"id": "c1", "usage" : null, "choices": []}', '{"id": "c1", "choices": []}'],
    ["as the last member", '{"id":"c1","usage":null}', '{"id":"c1"}'],
    ["as the first member", '{"usage":null,"id":"c1"}', '{"id":"c1"}'],
    ["as the only member", '{ "usage": null }', "{}"],
  ] as const) {
    test(`null usage ${name} leaves the bytes`, () => {
      const shown = withoutUsage({ values: [nulled], sse: `data: ${bytes}\n\n` }, false);
      assert.equal(shown?.sse, `data: ${expected}\n\n`);
    });
  }

  test("a chunk that holds usage alone disappears", () => {
    assert.equal(withoutUsage(run(told), false), undefined);
    assert.equal(withoutUsage(run(told), true), undefined);
  });

  test("a chunk that holds usage and more keeps the more, and what was glued to it", () => {
    const both = { ...plain, usage: USAGE } as ChatChunk;
    assert.deepEqual(withoutUsage(run(nulled, both, told), false), { values: [plain, plain] });
    assert.deepEqual(withoutUsage(run(nulled, both, told), true), { values: [nulled, plain] });
  });

  test("works for providers that send no bytes", () => {
    assert.deepEqual(withoutUsage({ values: [nulled] }, false), { values: [plain] });
  });

  test("never changes what it was given", () => {
    const values = [nulled, told];
    const before = structuredClone(values);
    withoutUsage({ values }, false);
    assert.deepEqual(values, before);
  });
});

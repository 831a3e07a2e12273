// What goes up to a provider of OpenAI's dialect: the caller's own bytes where they say the right thing, the same written
// anew where they don't; never a member that could be read in two ways.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keepText, placeOf, textBehind, withValue } from "../../src/core/json-text.ts";
import type { ProviderCall } from "../../src/core/provider.ts";
import { streamBody, wholeBody } from "../../src/providers/openai/body.ts";
import { pick as pickOf, seeded } from "../support/random.ts";
import { createCall, createTarget } from "../support/target.ts";

function callOf(text: string, modelId = "m", maxTokens?: number): ProviderCall {
  const bytes = Buffer.from(text);
  const params = JSON.parse(text);
  keepText(params, bytes);
  return { ...createCall(createTarget({ url: "http://x", modelId })), params, maxTokens };
}

const textOf = (body: Uint8Array | string): string => Buffer.from(body as string).toString();
const MESSAGES = '"messages":[{"role":"user","content":"say \\"model\\": é\\\\"}]';
const SPACED = `{ "temperature" : 1.0 ,\n "model" : "m" , ${MESSAGES} , "seed" : 12345678901234567890 }`;

describe("the caller's bytes", () => {
  test("go up as they are where the model's name is the vendor's too", () => {
    assert.equal(textOf(wholeBody(callOf(SPACED))), SPACED);
    const stream = SPACED.replace("{", '{"stream":true,"stream_options":{"include_usage":true},');
    assert.equal(textOf(streamBody(callOf(stream))), stream);
  });

  test("go up with the vendor's name of the model", () => {
    const expected = SPACED.replace(' : "m" ', ':"v/\\"1\\""');
    assert.equal(textOf(wholeBody(callOf(SPACED, 'v/"1"'))), expected);
  });

  const written: readonly (readonly [why: string, text: string, maxTokens?: number])[] = [
    ["a model named twice", `{"model":"m","model":"m",${MESSAGES}}`],
    ["a model named twice, once with escapes", `{"mod\\u0065l":"x","model":"m",${MESSAGES}}`],
    ["any member named twice", `{"model":"m","max_tokens":9,"max_tokens":9,${MESSAGES}}`],
    ["a model's name written with escapes", `{"mod\\u0065l":"m",${MESSAGES},"metadata":{"model":"x"}}`],
    ["members of the broker's own", `{"model":"m",${MESSAGES},"models":["n"]}`],
    ["a price limit", `{"model":"m",${MESSAGES},"max_cost":1}`],
    ["a token in _meta", `{"model":"m",${MESSAGES},"_meta":{"token":"secret"}}`],
    ["a broker's own output limit", `{"model":"m",${MESSAGES}}`, 7],
    ["options of a stream for one piece", `{"model":"m",${MESSAGES},"stream_options":null}`],
  ];
  for (const [why, text, maxTokens] of written) {
    test(`are written anew for ${why}`, () => {
      const body = JSON.parse(textOf(wholeBody(callOf(text, "m", maxTokens))));
      const { models, max_cost, _meta, stream_options, ...expected } = JSON.parse(text);
      assert.deepEqual(body, { ...expected, model: "m", ...(maxTokens ? { max_tokens: maxTokens } : {}) });
      assert.notEqual(textOf(wholeBody(callOf(text, "m", maxTokens))), text);
    });
  }

  test("are written anew for a stream that does not ask for usage, and for one piece that asks for a stream", () => {
    const text = `{"model":"m",${MESSAGES},"stream":true}`;
    assert.deepEqual(JSON.parse(textOf(streamBody(callOf(text)))), {
      ...JSON.parse(text),
      stream_options: { include_usage: true },
    });
    const { stream, ...rest } = JSON.parse(text);
    assert.deepEqual(JSON.parse(textOf(wholeBody(callOf(text)))), rest);
  });

  test("are not those of a copy, nor kept when they are many", () => {
    const { params } = callOf(SPACED);
    assert.equal(textBehind(params)?.length, Buffer.byteLength(SPACED));
    assert.equal(textBehind({ ...params }), undefined);
    assert.deepEqual(params, JSON.parse(SPACED));
    const long = callOf(`{"model":"m","messages":[{"role":"user","content":"${"x".repeat(300_000)}"}]}`);
    assert.equal(textBehind(long.params), undefined);
  });
});

test("a value that is put in a member's place is the only change, whatever the object", () => {
  const random = seeded(7);
  const pick = <T>(from: readonly T[]): T => pickOf(random, from);
  const space = (): string => pick(["", "", " ", "\n\t"]);
  const names = ["a", "model", "modelx", "b\\", 'c"', "é", "model "];
  const json = (depth: number): string => {
    const kind = depth > 3 ? 0 : Math.floor(random() * 4);
    if (kind === 1) return `[${list(() => json(depth + 1))}]`;
    if (kind === 2) return object(depth + 1);
    return pick(['"model"', '"\\\\"', '"{,[\\""', "1", "-1.5e3", "null", "true", '""', '"é,:"']);
  };
  const list = (item: () => string): string =>
    Array.from({ length: Math.floor(random() * 4) }, () => `${space()}${item()}${space()}`).join(",");
  const object = (depth: number): string =>
    `{${list(() => `${JSON.stringify(pick(names))}${space()}:${space()}${json(depth)}`)}${space()}}`;
  let found = 0;
  for (let round = 0; round < 5000; round++) {
    const text = object(0);
    const value = JSON.parse(text) as Record<string, unknown>;
    const place = placeOf(text, "model");
    assert.equal(place !== undefined, "model" in value, text);
    if (place?.members !== Object.keys(value).length) continue;
    found++;
    assert.deepEqual(JSON.parse(withValue(text, place, '{"new":1}')), { ...value, model: { new: 1 } }, text);
  }
  assert.ok(found > 100);
});

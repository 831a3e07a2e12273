// Where messages begin and end, whatever way their bytes are cut.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import type { Framing } from "../../src/rpc/framing.ts";
import { jsonDepth, parseJson } from "../../src/rpc/json.ts";
import { LspFraming } from "../../src/rpc/lsp-framing.ts";
import { RawFraming } from "../../src/rpc/raw-framing.ts";

const LIMITS = { messageBytes: 1000, depth: 64 };

/** Values as they are, faults by kind. */
function drain(framing: Framing): unknown[] {
  const found: unknown[] = [];
  for (let value = framing.next(); value !== undefined; value = framing.next()) {
    found.push(value instanceof BrokerError ? value.kind : value);
  }
  return found;
}

function read(framing: Framing, ...chunks: (string | Buffer)[]): unknown[] {
  const found: unknown[] = [];
  for (const chunk of chunks) {
    framing.push(Buffer.from(chunk as string));
    found.push(...drain(framing));
  }
  framing.finish();
  return [...found, ...drain(framing)];
}

const pretty = JSON.stringify({ a: { b: [1, { c: 'x"}]\\' }] }, d: null }, null, 2);
const prettyValue = JSON.parse(pretty);
const cut = '{"a": {"b": "c"';

/** [what, bytes, values and kinds of faults] */
const RAW: readonly [string, string | Buffer, unknown[]][] = [
  ["one a line", '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ["the last without line end", '{"a":1}\n{"b":2}', [{ a: 1 }, { b: 2 }]],
  ["CRLF and blank lines", '\r\n\n{"a":1}\r\n \t\r\n{"b":2}\r\n\n', [{ a: 1 }, { b: 2 }]],
  ["over many lines", `${pretty}\n${pretty}\n[\n]\n`, [prettyValue, prettyValue, []]],
  ["nothing between them", `{"a":1}[2]{"b":"}{"}${pretty}{}`, [{ a: 1 }, [2], { b: "}{" }, prettyValue, {}]],
  ["blanks between them", '{"a":1} [2]\t{"b":3}\n', [{ a: 1 }, [2], { b: 3 }]],
  [
    "strings with brackets, quotes and backslashes",
    '{"a":"\\\\\\"}{[\\\\"}{"b":"\\u0022"}',
    [{ a: '\\"}{[\\' }, { b: '"' }],
  ],
  ["a long string with escapes", `["${"\\\\x".repeat(60)}\\""]\n[1]`, [[`${"\\x".repeat(60)}"`], [1]]],
  ["text beyond ASCII", '{"a":"žluťoučký 🐎"}["€"]\n', [{ a: "žluťoučký 🐎" }, ["€"]]],
  ["values that are no objects", ' 17\n"a"\nnull\ntrue\n', [17, "a", null, true]],
  ["a bad line", 'hello\n{"a":1}\n', ["parse_error", { a: 1 }]],
  ["a bad line that begins well", '{"a":1,}\n{"b":2}\n', ["parse_error", { b: 2 }]],
  ["a bad line after a message on it", '{"a":1} hello {"c":3}\n{"b":2}\n', [{ a: 1 }, "parse_error", { b: 2 }]],
  ["two scalars on a line", ' 1 2\n{"b":2}\n', ["parse_error", { b: 2 }]],
  ["an open string", '{"a":"b\n{"b":2}\n', ["parse_error", { b: 2 }]],
  ["a wrong bracket", '{"a":[1}]\n{"b":2}\n', ["parse_error", { b: 2 }]],
  ["a closing bracket alone", '}\n{"b":2}\n', ["parse_error", { b: 2 }]],
  ["a cut message, then a good one", `${cut}\n{"b":2}\n`, ["parse_error", { b: 2 }]],
  ["a cut batch, then a good message", '[{"a":1}\n{"b":2}\n', ["parse_error", { b: 2 }]],
  [
    "many lines with a fault are one fault",
    `{\n  "a": [1, 2}\n  "b": 3,\n}\n${pretty}\n`,
    ["parse_error", prettyValue],
  ],
  ["many lines without a comma", '[\n  {"a": 1}\n  {"b": 2}\n]\n{"c":3}\n', ["parse_error", { c: 3 }]],
  ["a list written flush left", '[\n{"a":1},\n{"b":2}\n]\n', [[{ a: 1 }, { b: 2 }]]],
  ["half a message at the end", cut, ["parse_error"]],
  ["bytes that are not UTF-8", Buffer.from('{"a":"\xff"}\n{"b":2}\n', "latin1"), ["parse_error", { b: 2 }]],
  ["a character cut in half", Buffer.from('{"a":"\xe2\x82"}\n{"b":2}\n', "latin1"), ["parse_error", { b: 2 }]],
  ["the replacement character itself", '{"a":"\uFFFD"}\n', [{ a: "\uFFFD" }]],
  ["too deep", `${"[".repeat(65)}${"]".repeat(65)}\n{"b":2}\n`, ["invalid_request", { b: 2 }]],
  ["just not too deep", `${"[".repeat(64)}${"]".repeat(64)}\n`, [JSON.parse(`${"[".repeat(64)}${"]".repeat(64)}`)]],
  ["a member __proto__", '{"a":{"__proto__":1}}\n{"b":2}\n', ["invalid_request", { b: 2 }]],
  ["as long as may be", `["${"x".repeat(996)}"]\n[]\n`, [["x".repeat(996)], []]],
  ["one byte too long", `["${"x".repeat(997)}"]\n[]\n`, ["too_large"]],
  ["a line without end", `[1]\nhello ${"x".repeat(1000)}`, [[1], "too_large"]],
];

for (const [what, bytes, expected] of RAW) {
  test(`raw JSON, in one piece, cut at every byte and byte by byte: ${what}`, () => {
    const whole = Buffer.from(bytes as string);
    assert.deepEqual(read(new RawFraming(LIMITS), whole), expected);
    for (let at = 1; at < whole.length; at++) {
      const found = read(new RawFraming(LIMITS), whole.subarray(0, at), whole.subarray(at));
      assert.deepEqual(found, expected, `cut at ${at}`);
    }
    assert.deepEqual(read(new RawFraming(LIMITS), ...Array.from(whole, (byte) => Buffer.of(byte))), expected);
  });
}

test("a message without line end is found at once", () => {
  const framing = new RawFraming(LIMITS);
  framing.push(Buffer.from('{"a":1}'));
  assert.deepEqual(drain(framing), [{ a: 1 }]);
  assert.equal(framing.partial, false);
  framing.push(Buffer.from('{"a":'));
  assert.deepEqual(drain(framing), []);
  assert.equal(framing.partial, true);
});

test("messages that are not asked for stay where they are", () => {
  const framing = new RawFraming(LIMITS);
  framing.push(Buffer.from('{"a":1}\n{"a":2}\n{"a"'));
  assert.deepEqual(framing.next(), { a: 1 });
  framing.push(Buffer.from(":3}\n"));
  assert.deepEqual(drain(framing), [{ a: 2 }, { a: 3 }]);
});

test("sixteen megabytes in small pieces take linear time", () => {
  const limits = { messageBytes: 2 ** 25, depth: 64 };
  const piece = Buffer.from(`"${"x\\\\".repeat(300)}",`);
  const framing = new RawFraming(limits);
  framing.push(Buffer.from("["));
  for (let size = 0; size < 2 ** 24; size += piece.length) {
    framing.push(piece);
    assert.equal(framing.next(), undefined);
  }
  framing.push(Buffer.from("1]"));
  const [value] = drain(framing) as [unknown[]];
  assert.equal(value.length, Math.ceil(2 ** 24 / piece.length) + 1);
});

const lsp = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

const LSP: readonly [string, string, unknown[]][] = [
  ["messages", lsp('{"a":1}') + lsp(pretty) + lsp('["€"]'), [{ a: 1 }, prettyValue, ["€"]]],
  ["other headers", `Content-Type: x\r\ncontent-length:2 \r\nX: y\r\n\r\n[]${lsp("[1]")}`, [[], [1]]],
  ["bad JSON", lsp('{"a"') + lsp("") + lsp("[1]"), ["parse_error", "parse_error", [1]]],
  ["too deep", lsp(`${"[".repeat(65)}${"]".repeat(65)}`) + lsp("[1]"), ["invalid_request", [1]]],
  ["no length", "Content-Type: x\r\n\r\n[]", ["parse_error"]],
  ["a length that is no number", "Content-Length: 2x\r\n\r\n[]", ["parse_error"]],
  ["two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n[] ", ["parse_error"]],
  ["too long", `${lsp("[1]")}Content-Length: 1001\r\n\r\n[]`, [[1], "too_large"]],
  ["a header without end", `Content-Length: 2\r\n${"x".repeat(9000)}`, ["parse_error"]],
];

for (const [what, text, expected] of LSP) {
  test(`Content-Length, in one piece, cut at every byte and byte by byte: ${what}`, () => {
    const whole = Buffer.from(text);
    assert.deepEqual(read(new LspFraming(LIMITS), whole), expected);
    const step = whole.length > 2000 ? 501 : 1;
    for (let at = 1; at < whole.length; at += step) {
      const found = read(new LspFraming(LIMITS), whole.subarray(0, at), whole.subarray(at));
      assert.deepEqual(found, expected, `cut at ${at}`);
    }
    assert.deepEqual(read(new LspFraming(LIMITS), ...Array.from(whole, (byte) => Buffer.of(byte))), expected);
  });
}

test("depth counts brackets outside strings only", () => {
  for (const [text, depth] of [
    ["1", 0],
    ["[]", 1],
    ['{"a":[{}],"b":[]}', 3],
    ['["[[[[\\"[[\\\\"]', 1],
    [`["${"[\\\\".repeat(50)}\\"[",[]]`, 2],
  ] as const) {
    assert.equal(jsonDepth(Buffer.from(text)), depth, text);
  }
  assert.equal(jsonDepth(Buffer.alloc(2 ** 22, "["), 64), 65, "stops where it knows enough");
});

test("deep nesting is refused before it is parsed", () => {
  const before = process.memoryUsage().rss;
  const fault = parseJson(Buffer.alloc(2 ** 23, "["), 64);
  assert.equal((fault as BrokerError).kind, "invalid_request");
  assert.ok(process.memoryUsage().rss - before < 2 ** 26);
});

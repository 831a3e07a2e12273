// The examples of the JSON-RPC 2.0 specification, section 7, on every framing, and what jayson alone gets wrong.

import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import WebSocket from "ws";
import { type House, type Message, openHouse, wire } from "./house.ts";

const error = (code: number, id: unknown = null) => ({ code, id });

/** [what it shows, what is sent, what comes back: results by value, errors by code] */
const EXAMPLES: readonly [string, string, unknown][] = [
  [
    "positional parameters",
    '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
    { result: 19, id: 1 },
  ],
  [
    "positional parameters, the other way round",
    '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
    { result: -19, id: 2 },
  ],
  [
    "named parameters",
    '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
    { result: 19, id: 3 },
  ],
  [
    "named parameters in another order",
    '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
    { result: 19, id: 4 },
  ],
  ["a notification", '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', undefined],
  ["a notification of no method", '{"jsonrpc": "2.0", "method": "foobar"}', undefined],
  ["no such method", '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}', error(-32601, "1")],
  ["invalid JSON", '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', error(-32700)],
  ["an invalid request", '{"jsonrpc": "2.0", "method": 1, "params": "bar"}', error(-32600)],
  [
    "a batch of invalid JSON",
    '[\n  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},\n  {"jsonrpc": "2.0", "method"\n]',
    error(-32700),
  ],
  ["an empty batch", "[]", error(-32600)],
  ["a batch of one that is no request", "[1]", [error(-32600)]],
  ["a batch of what are no requests", "[1,2,3]", [error(-32600), error(-32600), error(-32600)]],
  [
    "a batch of all sorts",
    `[
      {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
      {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
      {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
      {"foo": "boo"},
      {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
      {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ]`,
    [
      { result: 7, id: "1" },
      { result: 19, id: "2" },
      error(-32600),
      error(-32601, "5"),
      { result: ["hello", 5], id: "9" },
    ],
  ],
  [
    "a batch of notifications",
    '[{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]}, {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}]',
    undefined,
  ],
];

/** Beyond the specification's examples: what jayson by itself answers otherwise, or not at all. */
const BEYOND: readonly [string, string, unknown][] = [
  ["a batch inside a batch", "[[]]", [error(-32600)]],
  [
    "a batch inside a batch beside a request",
    '[[1], {"jsonrpc":"2.0","method":"echo","id":1}]',
    [error(-32600), { result: {}, id: 1 }],
  ],
  ["null is an id", '{"jsonrpc":"2.0","method":"echo","id":null}', { result: {}, id: null }],
  ["null is an id in errors too", '{"jsonrpc":"2.0","method":"fail","id":null}', error(1201)],
  ["a waist that breaks its word", '{"jsonrpc":"2.0","method":"reject","id":1}', error(-32603, 1)],
  ["a result with a cycle", '{"jsonrpc":"2.0","method":"cycle","id":1}', error(-32603, 1)],
  ["a string", '"abc"', error(-32600)],
  ["a string of JSON", '"{\\"jsonrpc\\":\\"2.0\\",\\"method\\":\\"echo\\",\\"id\\":1}"', error(-32600)],
  ["a number", "17", error(-32600)],
  ["null", "null", error(-32600)],
  ["an id that lost digits", '{"jsonrpc":"2.0","method":"echo","id":12345678901234567890}', error(-32600)],
  [
    "the largest number as id",
    '{"jsonrpc":"2.0","method":"echo","id":9007199254740991}',
    { result: {}, id: 2 ** 53 - 1 },
  ],
  ["a fraction as id", '{"jsonrpc":"2.0","method":"echo","id":1.5}', { result: {}, id: 1.5 }],
  ["a negative id", '{"jsonrpc":"2.0","method":"echo","id":-1}', { result: {}, id: -1 }],
  ["a string of digits as id", '{"jsonrpc":"2.0","method":"echo","id":"1"}', { result: {}, id: "1" }],
  ["an object as id", '{"jsonrpc":"2.0","method":"echo","id":{}}', error(-32600)],
  ["params that are null", '{"jsonrpc":"2.0","method":"echo","params":null,"id":1}', error(-32600, 1)],
  ["another version", '{"jsonrpc":"1.0","method":"echo","id":"a"}', error(-32600, "a")],
  ["__proto__ as method", '{"jsonrpc":"2.0","method":"__proto__","id":1}', error(-32601, 1)],
  ["toString as method", '{"jsonrpc":"2.0","method":"toString","id":1}', error(-32601, 1)],
  [
    "__proto__ as member",
    '{"jsonrpc":"2.0","method":"echo","params":{"a":[{"__proto__":{"x":1}}]},"id":1}',
    error(-32600),
  ],
  [
    "__proto__ written otherwise",
    '{"jsonrpc":"2.0","method":"echo","params":{"\\u005f_proto__":1},"id":1}',
    error(-32600),
  ],
  [
    "__proto__ as text",
    '{"jsonrpc":"2.0","method":"echo","params":{"a":"__proto__"},"id":1}',
    { result: { a: "__proto__" }, id: 1 },
  ],
  ["an error with its facts", '{"jsonrpc":"2.0","method":"fail","id":"x"}', error(1201, "x")],
  ["a rpc. method", '{"jsonrpc":"2.0","method":"rpc.discover","id":1}', error(-32601, 1)],
  ["a response", '{"jsonrpc":"2.0","result":{},"id":1}', error(-32600, 1)],
  [
    "an id twice in a batch",
    '[{"jsonrpc":"2.0","method":"last","id":1},{"jsonrpc":"2.0","method":"echo","id":1}]',
    [{ result: {}, id: 1 }, error(-32600, 1)],
  ],
  ["a batch of 101", `[${Array(101).fill('{"jsonrpc":"2.0","method":"echo","id":1}').join()}]`, error(-32600)],
  ["65 levels", `{"jsonrpc":"2.0","method":"echo","params":${"[".repeat(64)}${"]".repeat(64)},"id":1}`, error(-32600)],
  [
    "64 levels",
    `{"jsonrpc":"2.0","method":"echo","params":${"[".repeat(63)}${"]".repeat(63)},"id":1}`,
    { result: JSON.parse(`${"[".repeat(63)}${"]".repeat(63)}`), id: 1 },
  ],
];

/** Sends one message; resolves to the answer, or nothing where none is given. */
type Ask = (t: TestContext, house: House, text: string) => Promise<Message | Message[] | undefined>;

const LAST = '{"jsonrpc":"2.0","method":"last","id":"last"}';
const lsp = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/** On a raw socket a further call tells that nothing came before its answer. */
function askRaw(to: (house: House) => object, write: (text: string) => string): Ask {
  return async (t, house, text) => {
    const client = wire(t, to(house) as { port: number });
    // A connection that begins otherwise than with a bracket or white space is not taken for JSON at all.
    if (/^[^[{]/.test(text)) client.send(write === lsp ? "" : "\n");
    client.send(write(text) + write(LAST));
    const received = await client.until((sofar) => sofar.includes('"last"'));
    const answers = received.split(/\r\n\r\n|\n|Content-Length: \d+/).filter((part) => part.trim() !== "");
    assert.equal(answers.length <= 2, true, `one answer at most: ${received}`);
    return answers.length === 1 ? undefined : JSON.parse(answers[0] as string);
  };
}

const askHttp: Ask = async (_t, house, text) => {
  const response = await fetch(`http://127.0.0.1:${house.port}/rpc`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
  assert.equal(response.status, response.headers.has("content-type") ? 200 : 204);
  const body = await response.text();
  return body === "" ? undefined : JSON.parse(body);
};

const askEvents: Ask = async (_t, house, text) => {
  const response = await fetch(`http://127.0.0.1:${house.port}/rpc`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: text,
  });
  const body = await response.text();
  return body === "" ? undefined : JSON.parse(body.replace(/^data: /, ""));
};

const askUnixHttp: Ask = (_t, house, text) =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json-rpc" };
    request({ socketPath: house.path, path: "/rpc", method: "POST", headers, agent: false }, async (response) => {
      let body = "";
      for await (const part of response.setEncoding("utf8")) body += part;
      resolve(body === "" ? undefined : JSON.parse(body));
    })
      .on("error", reject)
      .end(text);
  });

const askWebSocket: Ask = async (t, house, text) => {
  const socket = new WebSocket(`ws://127.0.0.1:${house.port}/rpc`);
  t.after(() => socket.terminate());
  const answers: string[] = [];
  await new Promise((resolve) => socket.on("open", resolve));
  socket.send(text);
  socket.send(LAST);
  await new Promise<void>((resolve) => {
    socket.on("message", (message) => {
      answers.push(String(message));
      if (String(message).includes('"last"')) resolve();
    });
  });
  socket.close();
  return answers.length === 1 ? undefined : JSON.parse(answers[0] as string);
};

const tcp = ({ port }: House) => ({ port, host: "127.0.0.1" });
const unix = ({ path }: House) => ({ path });
const oneLine = (text: string): string => `${text.replaceAll("\n", " ")}\n`;
const pretty = (text: string): string => {
  try {
    return `${JSON.stringify(
      JSON.parse(text, (key, value) => (key === "__proto__" ? undefined : value)),
      null,
      2,
    )}\n`;
  } catch {
    return `${text}\n`;
  }
};

const FRAMINGS: readonly [string, Ask][] = [
  ["one a line, TCP", askRaw(tcp, oneLine)],
  ["one a line, Unix socket", askRaw(unix, oneLine)],
  ["as written, over many lines, Unix socket", askRaw(unix, (text) => `${text}\n`)],
  ["Content-Length, TCP", askRaw(tcp, lsp)],
  ["Content-Length, Unix socket", askRaw(unix, lsp)],
  ["HTTP, TCP", askHttp],
  ["HTTP, Unix socket", askUnixHttp],
  ["server-sent events", askEvents],
  ["WebSocket", askWebSocket],
];

function shape(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(shape);
  if (answer === undefined) return undefined;
  const { jsonrpc, id, error: fault, ...rest } = answer as Message;
  assert.equal(jsonrpc, "2.0");
  if (!fault) return { ...rest, id };
  assert.equal(typeof fault.message, "string");
  assert.equal(typeof fault.data.kind, "string");
  assert.doesNotMatch(JSON.stringify(fault), /at .*\.ts|TypeError|waist/, "no stack and no inner message");
  return error(fault.code, id);
}

for (const [framing, ask] of FRAMINGS) {
  test(`the specification's examples and more: ${framing}`, async (t) => {
    const house = await openHouse(t);
    for (const [what, text, expected] of [...EXAMPLES, ...BEYOND]) {
      assert.deepEqual(shape(await ask(t, house, text)), expected, what);
    }
    assert.equal(({} as Record<string, unknown>).x, undefined, "no prototype was changed");
  });
}

for (const [framing, write] of [
  ["pretty-printed", pretty],
  ["with nothing between them", (text: string) => JSON.stringify(JSON.parse(text))],
] as const) {
  test(`the specification's examples that are JSON: ${framing}`, async (t) => {
    const house = await openHouse(t);
    for (const [what, text, expected] of [...EXAMPLES, ...BEYOND]) {
      if (!/^[[{]/.test(text) || what.startsWith("__proto__ ") || what === "65 levels" || !isJson(text)) continue;
      assert.deepEqual(shape(await askRaw(unix, write)(t, house, text)), expected, what);
    }
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

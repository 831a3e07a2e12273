// Forms as they come from SDKs, browsers and enemies: any order, any split, no end, too much of everything.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { METHODS, type RestRow } from "../../src/generated/methods.ts";
import { Form } from "../../src/rest/multipart.ts";
import { seeded } from "../support/random.ts";
import { openHouse } from "./house.ts";

const ROW = METHODS["audio.transcriptions.create"].rest[0] as RestRow;
const BOUNDARY = "----a-boundary";
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const MOST = 1_000;
const FILE = Buffer.from(Array.from({ length: 700 }, (_, index) => (index * 7) & 255));

interface Part {
  readonly name: string;
  readonly value: string | Buffer;
  readonly filename?: string;
}

const file = (value: Buffer, filename?: string): Part => ({ name: "file", value, ...(filename ? { filename } : {}) });

function body(parts: readonly Part[], boundary = BOUNDARY): Buffer {
  const pieces = parts.flatMap(({ name, value, filename }) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(filename === undefined ? "" : `; filename="${filename}"\r\nContent-Type: audio/wav`),
    Buffer.from("\r\n\r\n"),
    Buffer.from(value),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** `chunk` bytes at a time. */
async function read(bytes: Buffer, chunk = bytes.length, type = TYPE): Promise<Record<string, unknown>> {
  const form = new Form(ROW, type, MOST);
  for (let at = 0; at < bytes.length; at += chunk) form.add(bytes.subarray(at, at + chunk));
  return { ...(await form.params()) };
}

const kind =
  (expected: string, words = /./) =>
  (error: unknown): boolean =>
    error instanceof BrokerError && error.kind === expected && words.test(error.message);

const PARTS: readonly Part[] = [
  { name: "model", value: "whisper-1" },
  file(FILE, "hello.wav"),
  { name: "temperature", value: "0.5" },
  { name: "timestamp_granularities[]", value: "word" },
  { name: "timestamp_granularities[]", value: "segment" },
  { name: "prompt", value: "Ærlig talt — 日本語\r\n--not the boundary" },
  { name: "made_up", value: "kept" },
];
const PARAMS = {
  model: "whisper-1",
  file: FILE,
  filename: "hello.wav",
  temperature: 0.5,
  timestamp_granularities: ["word", "segment"],
  prompt: "Ærlig talt — 日本語\r\n--not the boundary",
  made_up: "kept",
};

describe("a form", () => {
  test("is typed by the document, keeps what it does not know, and has its file as bytes", async () => {
    assert.deepEqual(await read(body(PARTS)), PARAMS);
  });

  test("reads the same in any order and however it is split", async () => {
    const random = seeded(7);
    for (let round = 0; round < 40; round++) {
      const parts = [...PARTS];
      for (let at = parts.length - 1; at > 0; at--) {
        const other = Math.floor(random() * (at + 1));
        [parts[at], parts[other]] = [parts[other] as Part, parts[at] as Part];
      }
      const params = await read(body(parts), 1 + Math.floor(random() * 60));
      params.timestamp_granularities = (params.timestamp_granularities as string[]).sort().reverse();
      assert.deepEqual(params, PARAMS, `round ${round}`);
    }
    assert.deepEqual(await read(body(PARTS), 1), PARAMS, "byte by byte");
  });

  const lists = ["timestamp_granularities", "timestamp_granularities[]", "timestamp_granularities[0]"];
  for (const name of lists) {
    test(`${name} is a list`, async () => {
      const { timestamp_granularities } = await read(body([{ name, value: "word" }]));
      assert.deepEqual(timestamp_granularities, ["word"]);
    });
  }

  test("takes the last of what comes twice, and a quoted boundary", async () => {
    const twice = body([
      { name: "model", value: "a" },
      { name: "model", value: "b" },
    ]);
    assert.deepEqual(await read(twice, 9, `multipart/form-data; charset=utf-8; boundary="${BOUNDARY}"`), {
      model: "b",
    });
  });

  test("a field called __proto__ is a field", async () => {
    const form = await read(body([{ name: "__proto__", value: "x" }]));
    assert.deepEqual(Object.keys(form), ["__proto__"]);
    assert.equal(({} as { x?: unknown }).x, undefined);
  });

  test("a file without a name is a file, an empty one too", async () => {
    assert.deepEqual((await read(body([file(FILE)]))).file, FILE);
    assert.deepEqual((await read(body([file(Buffer.alloc(0), "x.wav")]))).file, Buffer.alloc(0));
  });
});

describe("what is refused", () => {
  const full = body(PARTS);
  const many = (count: number): Buffer =>
    body(Array.from({ length: count }, (_, at) => ({ name: `f${at}`, value: "" })));
  const rows: readonly [string, () => Promise<unknown>, (error: unknown) => boolean][] = [
    ["no form at all", () => read(Buffer.from("junk")), kind("invalid_request", /broken/)],
    ["nothing", () => read(Buffer.alloc(0)), kind("invalid_request", /broken/)],
    ["another boundary", () => read(body(PARTS, "other")), kind("invalid_request")],
    ["thousands of parts", () => read(many(5_000)), kind("invalid_request", /64 fields/)],
    ["two files", () => read(body([file(FILE, "a"), file(FILE, "b")])), kind("invalid_request", /one file/)],
    ["a name without end", () => read(body([{ name: "n".repeat(500), value: "" }])), kind("invalid_request", /name/)],
    [
      "a field of a megabyte",
      () => read(body([{ name: "prompt", value: "x".repeat(1e6) }])),
      kind("too_large", /field/),
    ],
    ["a file beyond the bound", () => read(body([file(Buffer.alloc(MOST + 1))]), 100), kind("too_large", /file holds/)],
    [
      "a boundary of a kilobyte",
      () => read(full, 99, `multipart/form-data; boundary=${"b".repeat(1_000)}`),
      kind("invalid_request", /boundary/),
    ],
    ["no boundary", () => read(full, 99, "multipart/form-data"), kind("invalid_request", /boundary/)],
    ["JSON", () => read(full, 99, "application/json"), kind("unsupported_media_type")],
  ];
  for (const [name, attempt, expected] of rows) test(name, () => assert.rejects(attempt, expected));

  test("a form that ends early, wherever it ends", async () => {
    const end = full.lastIndexOf(`--${BOUNDARY}--`);
    for (let length = 0; length < end; length += 13) {
      await assert.rejects(read(full.subarray(0, length)), kind("invalid_request"), `${length} bytes`);
    }
  });

  test("junk of every kind ends, one way or another", async () => {
    const random = seeded(11);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(full);
      for (let change = 0; change < 1 + random() * 8; change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      await read(bytes, 1 + Math.floor(random() * 200)).catch((error) =>
        assert.ok(error instanceof BrokerError, error),
      );
    }
  });
});

describe("a form over HTTP", () => {
  const PATH = "/v1/audio/transcriptions";
  const answer = (request: { readonly requestId?: string | undefined }) => ({
    ...{ ok: true as const, requestId: request.requestId ?? "" },
    ...{ result: { text: "WEBVTT" }, receipt: undefined },
  });
  const form = (fields: Readonly<Record<string, string>> = {}): FormData => {
    const data = new FormData();
    data.append("file", new Blob([FILE]), "x.wav");
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };

  test("reaches the waist as params, with the credential of its headers", async (t) => {
    const house = await openHouse(t, answer);
    const body = form({ model: "m", temperature: "0.25" });
    const response = await house.fetch(PATH, { method: "POST", body, headers: { authorization: "Bearer abc" } });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { text: "WEBVTT" });
    const [call] = house.calls;
    assert.deepEqual(call?.params, { file: FILE, filename: "x.wav", model: "m", temperature: 0.25 });
    assert.equal(call?.credential, "abc");
  });

  for (const [format, type] of [
    ["text", "text/plain; charset=utf-8"],
    ["srt", "text/plain; charset=utf-8"],
    ["vtt", "text/vtt; charset=utf-8"],
  ] as const) {
    test(`asking for ${format} is answered with that text alone`, async (t) => {
      const house = await openHouse(t, answer);
      const response = await house.fetch(PATH, { method: "POST", body: form({ response_format: format }) });
      assert.equal(response.headers.get("content-type"), type);
      assert.equal(await response.text(), "WEBVTT");
    });
  }

  test("that is none, or too large, never reaches the waist", async (t) => {
    const house = await openHouse(t, answer, { limits: { fileBytes: 500 } });
    const refused = async (init: RequestInit): Promise<unknown[]> => {
      const response = await house.fetch(PATH, { method: "POST", ...init });
      const { error } = (await response.json()) as { error: { code: string; param: string | null } };
      return [response.status, error.code, error.param];
    };
    assert.deepEqual(await refused({ body: form() }), [413, "too_large", "file"]);
    assert.deepEqual(await refused({ body: "{}", headers: { "content-type": "application/json" } }), [
      415,
      "unsupported_media_type",
      null,
    ]);
    assert.deepEqual(await refused({ body: "junk", headers: { "content-type": TYPE } }), [
      400,
      "invalid_request",
      null,
    ]);
    assert.deepEqual(await refused({ headers: { "content-type": TYPE } }), [400, "invalid_request", null]);
    assert.deepEqual(await refused({}), [415, "unsupported_media_type", null]);
    const huge = { "content-type": TYPE, "content-length": String(3 * 1024 * 1024) };
    assert.deepEqual(await refused({ body: Buffer.alloc(3 * 1024 * 1024), headers: huge }), [413, "too_large", null]);
    assert.deepEqual(house.calls, []);
  });
});

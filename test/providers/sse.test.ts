// Frames of server-sent events however they are cut into reads, and newline-delimited JSON likewise.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderFailure } from "../../src/core/provider.ts";
import { Lines } from "../../src/providers/lines.ts";
import { SseFrames } from "../../src/providers/sse.ts";
import { byteByByte, splitAt } from "../support/bytes.ts";

function framesOf(pieces: readonly (string | Uint8Array)[]): string[] {
  const frames = new SseFrames();
  return [...pieces.flatMap((piece) => frames.push(Buffer.from(piece))), ...frames.end()];
}

const STREAMS: { name: string; bytes: string; data: string[] }[] = [
  { name: "plain frames", bytes: 'data: {"a":1}\n\ndata: {"b":2}\n\n', data: ['{"a":1}', '{"b":2}'] },
  { name: "CRLF", bytes: "data: one\r\n\r\ndata: two\r\n\r\n", data: ["one", "two"] },
  { name: "CR", bytes: "data: one\r\rdata: two\r\r", data: ["one", "two"] },
  {
    name: "mixed line ends",
    bytes: "data: one\r\n\ndata: two\n\r\ndata: three\r\n\r\n",
    data: ["one", "two", "three"],
  },
  { name: "comments", bytes: ": ping\n\ndata: one\n: in between\n\n:\n\ndata: two\n\n", data: ["one", "two"] },
  { name: "other fields", bytes: "event: x\nid: 7\nretry: 10\ndata: one\n\nevent: y\n\n", data: ["one"] },
  { name: "data over many lines", bytes: "data: one\ndata: two\ndata\ndata:three\n\n", data: ["one\ntwo\n\nthree"] },
  { name: "no space after the colon", bytes: "data:one\n\ndata:  two\n\n", data: ["one", " two"] },
  { name: "a byte order mark", bytes: "\uFEFFdata: one\n\ndata: \uFEFFtwo\n\n", data: ["one", "\uFEFFtwo"] },
  { name: "no empty line at the end", bytes: "data: one\n\ndata: two\n", data: ["one", "two"] },
  { name: "no newline at the end", bytes: "data: one\n\ndata: two", data: ["one", "two"] },
  { name: "empty data", bytes: "data:\n\ndata: \n\n", data: ["", ""] },
  { name: "more empty lines", bytes: "\n\n\ndata: one\n\n\n\ndata: two\n\n", data: ["one", "two"] },
  { name: "characters of several bytes", bytes: "data: grüße 漢字 🙂\n\ndata: é\n\n", data: ["grüße 漢字 🙂", "é"] },
  { name: "nothing", bytes: "", data: [] },
];

describe("frames", () => {
  for (const { name, bytes, data } of STREAMS) {
    test(`${name}: the same in one read, split at every byte, and byte by byte`, () => {
      const all = Buffer.from(bytes);
      assert.deepEqual(framesOf([all]), data);
      for (let offset = 0; offset <= all.length; offset++) {
        assert.deepEqual(framesOf(splitAt(all, offset)), data, `split at ${offset}`);
      }
      assert.deepEqual(framesOf(byteByByte(all)), data);
    });
  }

  test("frames are given as soon as they are whole", () => {
    const frames = new SseFrames();
    assert.deepEqual(frames.push(Buffer.from("data: one\n\ndata: tw")), ["one"]);
    assert.deepEqual(frames.push(Buffer.from("o\n")), []);
    assert.deepEqual(frames.push(Buffer.from("\ndata: three\n\n")), ["two", "three"]);
    assert.deepEqual(frames.end(), []);
  });

  for (const [one, two, name] of [
    ["data: x\n", "\n", "LF"],
    ["data: x\r\n", "\r\n", "CRLF"],
    ["data: x\r\n\r", "\n", "CRLF within its last end"],
    ["data: x\r", "\r", "CR"],
  ] as const) {
    test(`an empty line that comes by itself ends a frame at once: ${name}`, () => {
      const frames = new SseFrames();
      assert.deepEqual([...frames.push(Buffer.from(one)), ...frames.push(Buffer.from(two))], ["x"]);
    });
  }

  test("a read of whole plain frames keeps its own bytes, uncopied", () => {
    const frames = new SseFrames();
    const read = Buffer.from("data: one\n\ndata: two\n\ndata: thr");
    frames.push(read);
    assert.equal(frames.plain?.toString(), "data: one\n\ndata: two\n\n");
    assert.equal(frames.plain?.buffer, read.buffer);
    frames.push(Buffer.from("ee\n\n"));
    assert.equal(frames.plain?.toString(), "data: three\n\n");
  });

  for (const bytes of [
    ": ping\n\ndata: one\n\n",
    "data: one\r\n\r\n",
    "event: a\ndata: one\n\n",
    "data:one\n\n",
    "data: one\ndata: two\n\n",
  ]) {
    test(`no bytes to pass on: ${JSON.stringify(bytes)}`, () => {
      const frames = new SseFrames();
      frames.push(Buffer.from(bytes));
      assert.equal(frames.plain, undefined);
    });
  }

  test("a frame without an end is bounded, and 8 MiB in small reads take no time", () => {
    const frames = new SseFrames();
    const piece = Buffer.alloc(4_096, "x");
    const feed = () => {
      for (let i = 0; i < 2_049; i++) frames.push(piece);
    };
    assert.throws(feed, (error: unknown) => error instanceof ProviderFailure && error.kind === "garbled");
  });
});

describe("lines", () => {
  const text = '{"a":"grüße"}\n\n{"b":2}\r\n{"c":"🙂"}';
  const lines = ['{"a":"grüße"}', '{"b":2}\r', '{"c":"🙂"}'];

  test("the same in one read, split at every byte, and byte by byte", () => {
    const all = Buffer.from(text);
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new Lines();
      return [...pieces.flatMap((piece) => reader.push(Buffer.from(piece))), ...reader.end()];
    };
    for (let offset = 0; offset <= all.length; offset++) assert.deepEqual(read(splitAt(all, offset)), lines);
    assert.deepEqual(read(byteByByte(all)), lines);
  });

  test("a line without an end is bounded", () => {
    const reader = new Lines();
    const piece = Buffer.alloc(1_048_576, "x");
    const feed = () => {
      for (let i = 0; i < 9; i++) reader.push(piece);
    };
    assert.throws(feed, (error: unknown) => error instanceof ProviderFailure && error.kind === "garbled");
  });
});

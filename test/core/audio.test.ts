// What recordings tell of themselves: format and length, whole, cut and made of junk; and the file of a request.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { durationOf } from "../../src/core/audio/duration.ts";
import { MOST_FILE_BYTES, recordingOf } from "../../src/core/audio/file.ts";
import { type AudioFormat, fileNameFor, formatOf } from "../../src/core/audio/format.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { flacOf, id3, mp3Of, mp4Of, opusOf, vorbisOf, wavOf, wavWith, webmOf } from "../support/audio.ts";
import { seeded } from "../support/random.ts";

const RECORDINGS: readonly [string, Buffer, AudioFormat, number][] = [
  ["wav", wavOf(1.5), "wav", 1.5],
  ["wav of 8 bits and two channels", wavWith({ bits: 8, channels: 2, samples: Buffer.alloc(32_000) }), "wav", 1],
  ["wav of a stream that knew no length", wavWith({ samples: Buffer.alloc(64_000), told: 0xffffffff }), "wav", 2],
  ["wav of a stream that said nothing", wavWith({ samples: Buffer.alloc(64_000), told: 0 }), "wav", 2],
  ["wav that was cut", wavOf(3).subarray(0, 44 + 32_000), "wav", 1],
  ["mp3", mp3Of(100), "mp3", (100 * 1_152) / 44_100],
  ["mp3 behind a tag", Buffer.concat([id3(3_000), mp3Of(10)]), "mp3", (10 * 1_152) / 44_100],
  ["mp3 with junk between", Buffer.concat([mp3Of(5), Buffer.from("junk!"), mp3Of(5)]), "mp3", (10 * 1_152) / 44_100],
  ["flac", flacOf(441_000, 44_100), "flac", 10],
  ["opus", opusOf(2.5), "ogg", 2.5],
  ["vorbis", vorbisOf(3, 44_100), "ogg", 3],
  ["m4a", mp4Of(44_100 * 7, 44_100), "mp4", 7],
  ["m4a of the 64-bit kind", mp4Of(9_000, 1_000, 1), "mp4", 9],
  ["webm", webmOf(4_250, true), "webm", 4.25],
  ["webm as browsers record it", webmOf(6_000, false), "webm", 6],
];

describe("a recording", () => {
  for (const [name, bytes, format, seconds] of RECORDINGS) {
    test(`${name} is ${format} of ${seconds.toFixed(2)} s`, () => {
      assert.equal(formatOf(bytes), format);
      assert.ok(Math.abs((durationOf(bytes, format) ?? 0) - seconds) < 0.001, String(durationOf(bytes, format)));
    });
  }

  test("in the midst of a larger buffer is read from its own beginning", () => {
    for (const [name, bytes, format, seconds] of RECORDINGS) {
      const larger = Buffer.concat([Buffer.alloc(13, 0xff), bytes]).subarray(13);
      assert.ok(Math.abs((durationOf(larger, format) ?? 0) - seconds) < 0.001, name);
    }
  });

  test("that says it is shorter than so many bytes can be is not believed", () => {
    const liar = wavWith({ rate: 4_000_000_000, bits: 8, samples: Buffer.alloc(768_000) });
    assert.ok((durationOf(liar, "wav") ?? 0) >= 1);
  });

  for (const [name, bytes] of [
    ["text", Buffer.from("This is no audio at all, however long it is.".repeat(100))],
    ["HTML", Buffer.from("<!doctype html><html>")],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    ["zeros", Buffer.alloc(10_000)],
    ["RIFF of another kind", Buffer.from("RIFF\0\0\0\0AVI LIST")],
    ["a few bytes", Buffer.of(0xff)],
  ] as const) {
    test(`${name} is none`, () => assert.equal(formatOf(bytes), undefined));
  }

  test("cut anywhere or changed at random has a length or none, soon, and never throws", () => {
    const random = seeded(5);
    for (const [name, bytes, format] of RECORDINGS) {
      for (let round = 0; round < 200; round++) {
        const copy = Buffer.from(bytes.subarray(0, Math.ceil(random() * bytes.length)));
        for (let change = 0; change < 6; change++)
          copy[Math.floor(random() * Math.min(copy.length, 400))] = random() * 256;
        const seconds = durationOf(copy, format);
        assert.ok(seconds === undefined || (seconds > 0 && Number.isFinite(seconds)), `${name}: ${seconds}`);
      }
    }
  });
});

test("a name keeps the ending that fits and gets one that does", () => {
  assert.equal(fileNameFor("wav", "hello.wav"), "hello.wav");
  assert.equal(fileNameFor("mp3", "hello.MPEG"), "hello.MPEG");
  assert.equal(fileNameFor("ogg", "hello.wav"), "hello.wav.ogg");
  assert.equal(fileNameFor("mp4", undefined), "audio.m4a");
  assert.equal(fileNameFor("webm", 'a"b\r\n/../c'), "a_b_.._c.webm");
});

describe("the file of a request", () => {
  const wav = wavOf(1);
  const faulty =
    (kind: string, words: RegExp) =>
    (error: unknown): boolean =>
      error instanceof BrokerError &&
      error.kind === kind &&
      words.test(error.message) &&
      /file/.test(error.facts.param ?? "");

  test("is the same as bytes and as base64 of either alphabet, padded or not", () => {
    const { format, name, seconds, exact } = recordingOf(wav, "x.wav");
    assert.deepEqual({ format, name, seconds, exact }, { format: "wav", name: "x.wav", seconds: 1, exact: true });
    for (const text of [wav.toString("base64"), wav.toString("base64url")]) {
      assert.deepEqual(Buffer.from(recordingOf(text, null).bytes), wav);
    }
  });

  test("whose length can't be read has one by its size", () => {
    const { seconds, exact } = recordingOf(flacOf(0, 44_100), undefined);
    assert.equal(exact, false);
    assert.ok(seconds > 0);
  });

  for (const [name, file, kind, words] of [
    ["empty bytes", new Uint8Array(), "invalid_params", /empty/],
    ["empty text", "", "invalid_params", /empty/],
    ["what is no base64", "UklGR*==", "invalid_params", /base64/],
    ["base64 that was cut", `${wav.toString("base64").slice(0, 41)}`, "invalid_params", /base64/],
    ["too much padding", "UklGRg=", "invalid_params", /base64/],
    ["an object", {} as never, "invalid_params", /base64/],
    ["no audio", Buffer.from("hello, hello, hello"), "invalid_params", /known format: flac/],
    [
      "one byte too many",
      Buffer.concat([wav, Buffer.alloc(MOST_FILE_BYTES - wav.length + 1)]),
      "too_large",
      /26214400/,
    ],
    ["a text of more than that", "A".repeat(MOST_FILE_BYTES * 2), "too_large", /26214400/],
  ] as const) {
    test(`is refused: ${name}`, () => {
      assert.throws(() => recordingOf(file, undefined), faulty(kind, words));
    });
  }
});

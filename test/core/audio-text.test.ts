// Subtitles from segments, and samples made into those of another rate.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toMono } from "../../src/core/audio/resample.ts";
import { SpokenPart } from "../../src/core/audio/spoken-part.ts";
import { toSrt, toVtt } from "../../src/core/audio/subtitles.ts";
import { readWav, writeWav } from "../../src/core/audio/wav.ts";
import { wavOf, wavWith } from "../support/audio.ts";

describe("subtitles", () => {
  const segments = [
    { id: 0, start: 0, end: 2.5, text: " Hello there." },
    { id: 1, start: 3661.0015, end: 3662, text: " A < B & C --> D\n\n\nsecond line" },
    { id: 2, start: 3663, end: 3664, text: "  " },
  ];

  test("as SubRip are numbered, with commas, and leave out what is empty", () => {
    assert.equal(
      toSrt({ text: "all", segments }, 9),
      "1\n00:00:00,000 --> 00:00:02,500\nHello there.\n\n" +
        "2\n01:01:01,002 --> 01:01:02,000\nA < B & C --> D\nsecond line\n\n",
    );
  });

  test("as WebVTT have a head, points, and nothing that reads as a tag", () => {
    assert.equal(
      toVtt({ text: "all", segments }, 9),
      "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nHello there.\n\n" +
        "01:01:01.002 --> 01:01:02.000\nA &lt; B &amp; C --&gt; D\nsecond line\n\n",
    );
  });

  test("without segments are one for all of it; of segments that are junk nothing breaks", () => {
    assert.equal(toSrt({ text: "all of it" }, 4.25), "1\n00:00:00,000 --> 00:00:04,250\nall of it\n\n");
    assert.equal(toVtt({ text: "" }, 4), "WEBVTT\n\n");
    assert.equal(
      toSrt({ text: "x", segments: [{ start: "a", end: -1, text: 7 }, { text: "y" }] }, 1),
      "1\n00:00:00,000 --> 00:00:00,000\ny\n\n",
    );
  });
});

describe("samples", () => {
  test("of 48 kHz become a third as many of 16 kHz, and sound the same", () => {
    const wav = readWav(wavOf(1, 48_000));
    assert.ok(wav);
    const samples = toMono(wav, 16_000);
    assert.equal(samples?.length, 16_000);
    const expected = readWav(wavOf(1, 16_000))!.samples;
    for (let at = 0; at < 16_000; at += 97) {
      assert.ok(Math.abs(samples![at]! - Buffer.from(expected).readInt16LE(at * 2)) < 40, `sample ${at}`);
    }
  });

  const half = { "1/8": [192], "1/16": [0, 64], "1/24": [0, 0, 64], "1/32": [0, 0, 0, 64], "3/32": [0, 0, 0, 63] };
  for (const [kind, sample] of Object.entries(half)) {
    test(`of kind ${kind} are read`, () => {
      const [encoding = 1, bits = 16] = kind.split("/").map(Number);
      const samples = Buffer.from(Array.from({ length: 100 }, () => sample).flat());
      const out = toMono(readWav(wavWith({ encoding, bits, samples }))!, 16_000);
      assert.equal(out?.length, 100);
      assert.ok(Math.abs(out![50]! - 16_384) < 200, String(out![50]));
    });
  }

  test("of two channels become their mean", () => {
    const frame = Buffer.alloc(4);
    frame.writeInt16LE(1_000, 0);
    frame.writeInt16LE(3_000, 2);
    const samples = Buffer.concat(Array.from({ length: 50 }, () => frame));
    const out = toMono(readWav(wavWith({ channels: 2, samples }))!, 16_000);
    assert.deepEqual([...new Set(out)], [2_000]);
  });

  test("that are compressed, of an odd kind, or would be hours long are not", () => {
    assert.equal(toMono(readWav(wavWith({ encoding: 85, samples: Buffer.alloc(99) }))!, 16_000), undefined);
    assert.equal(toMono(readWav(wavWith({ bits: 12, samples: Buffer.alloc(99) }))!, 16_000), undefined);
    assert.equal(toMono(readWav(wavWith({ rate: 100, bits: 8, samples: Buffer.alloc(1e6) }))!, 16_000), undefined);
  });

  test("written are read again", () => {
    const wav = readWav(writeWav(Int16Array.of(1, -2, 32_767), 8_000));
    assert.deepEqual([wav?.rate, wav?.channels, wav?.bits, wav?.samples.length], [8_000, 1, 16, 6]);
    assert.equal(readWav(Buffer.from("RIFF....WAVE")), undefined);
  });
});

test("a spoken part is base64 for who writes JSON", () => {
  const part = new SpokenPart(Buffer.from("xID3y").subarray(1, 4), "audio/mpeg");
  assert.equal(JSON.stringify(part), '{"audio":"SUQz"}');
});

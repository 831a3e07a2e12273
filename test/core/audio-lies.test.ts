// A recording that claims more than its bytes can hold has no length that could be billed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { durationOf } from "../../src/core/audio/duration.ts";

/** FLAC's header with so many samples at 44.1 kHz. */
function flac(samples: bigint, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.write("fLaC");
  bytes.writeBigUInt64BE((44_100n << 44n) | samples, 18);
  return bytes;
}

test("as long as its bytes allow, it is believed", () => {
  assert.equal(durationOf(flac(44_100n * 600n, 600 * 10_000), "flac"), 600);
});

test("hours in 256 bytes are not", () => {
  assert.equal(durationOf(flac(44_100n * 36_000n, 256), "flac"), undefined);
});

// Vendors' bytes may be cut anywhere between two reads, and nobody must notice: every golden stream cut in two at each of
// its bytes before its translation, and in many pieces at once through a whole broker.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventsOf as messageEvents, Told } from "../../src/core/messages/told.ts";
import { eventsOf as responseEvents } from "../../src/core/responses/told.ts";
import { proofOf } from "../../src/core/thought-proof.ts";
import type { ChatChunk } from "../../src/generated/types.ts";
import type { Translation } from "../../src/providers/answer.ts";
import { AnthropicTranslation } from "../../src/providers/anthropic/stream.ts";
import { ResponsesTranslation } from "../../src/providers/openai/responses-stream.ts";
import { OpenAiTranslation } from "../../src/providers/openai/stream.ts";
import { splitAt } from "../support/bytes.ts";
import { seeded } from "../support/random.ts";
import { exchange, type GoldenHouse, openGoldenHouse } from "./exchange.ts";
import { DIALECTS, type Dialect, section, streamed, transcripts } from "./transcript.ts";

const PEER = { name: "vendor", key: undefined };
const TRANSLATIONS: Readonly<Record<Dialect, () => Translation>> = {
  chat: () => new OpenAiTranslation(PEER),
  responses: () => new ResponsesTranslation(PEER),
  messages: () => new AnthropicTranslation(PEER, 0, new Told()),
};
/** Of one stream; longer ones are cut at as many places, evenly. */
const MOST_CUTS = 2_500;
const MOST_PIECES = 40;

/** All that the bytes say: chunks, what goes along with them, how they ended. */
function said(translation: Translation, pieces: readonly Uint8Array[]): string {
  const told: unknown[] = [];
  const add = (chunk: ChatChunk) => told.push(chunk, messageEvents(chunk), responseEvents(chunk), proofOf(chunk));
  for (const piece of pieces) {
    if (translation.over || translation.failure) break;
    translation.push(Buffer.from(piece))?.values.forEach(add);
  }
  if (!translation.over && !translation.failure) translation.end()?.values.forEach(add);
  return JSON.stringify([told, translation.over, translation.failure?.message]);
}

describe("cut in two at any byte", () => {
  for (const transcript of transcripts()) {
    for (const vendor of DIALECTS) {
      test(`${transcript.name}, from a vendor of ${vendor}`, () => {
        const bytes = Buffer.from(`${section(transcript, `${vendor} vendor streams`)}\n\n`);
        const whole = said(TRANSLATIONS[vendor](), [bytes]);
        const step = Math.max(1, bytes.length / MOST_CUTS);
        for (let at = 1; at < bytes.length; at += step) {
          const cut = said(TRANSLATIONS[vendor](), splitAt(bytes, Math.floor(at)));
          if (cut !== whole) assert.fail(`cut at ${Math.floor(at)}: ${cut} is not ${whole}`);
        }
      });
    }
  }
});

describe("cut in many pieces, a client is answered the same", () => {
  let house: GoldenHouse;
  before(async () => {
    house = await openGoldenHouse();
  });
  after(() => house.stop());

  const random = seeded(11);
  /** At random places. */
  function cut(bytes: Buffer): Uint8Array[] {
    const places = Array.from({ length: MOST_PIECES }, () => Math.floor(random() * bytes.length)).sort((a, b) => a - b);
    return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
  }

  for (const transcript of transcripts()) {
    test(transcript.name, async () => {
      for (const client of DIALECTS) {
        for (const vendor of DIALECTS) {
          const { answer } = await exchange(house, transcript, { client, vendor }, true, cut);
          const expected = section(transcript, `${client} over ${vendor}: stream`);
          assert.deepEqual(streamed(answer), streamed(expected), `${client} over ${vendor}`);
        }
      }
    });
  }
});

// Replays the golden transcripts over a whole broker: what a vendor is asked and what a client is answered is, to the
// member, what the transcripts say, for every pair of dialects, in one piece and streamed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Exchange, exchange, type GoldenHouse, openGoldenHouse, type Pair } from "./exchange.ts";
import { DIALECTS, headed, type Json, section, streamed, type Transcript, transcripts } from "./transcript.ts";

let house: GoldenHouse;
before(async () => {
  house = await openGoldenHouse();
});
after(() => house.stop());

const all = transcripts();
assert.ok(all.length >= 10, "the transcripts are gone");

for (const transcript of all) {
  describe(transcript.name, () => {
    for (const client of DIALECTS) {
      for (const vendor of DIALECTS) {
        const pair = { client, vendor };
        test(`a client of ${client} over a vendor of ${vendor}`, async () => {
          const whole = await exchange(house, transcript, pair, false);
          assert.deepEqual(headed(whole.request), headed(expected(transcript, pair, "request")));
          assert.deepEqual(headed(whole.answer), headed(expected(transcript, pair, "answer")));
          const stream = await exchange(house, transcript, pair, true);
          assert.deepEqual(asWhole(stream), headed(expected(transcript, pair, "request")));
          assert.deepEqual(streamed(stream.answer), streamed(expected(transcript, pair, "stream")));
        });
      }
    }
  });
}

function expected(transcript: Transcript, { client, vendor }: Pair, what: string): string {
  return section(transcript, `${client} over ${vendor}: ${what}`);
}

/** What asks for a stream, without the words that say so, where the same can be asked in one piece. */
function asWhole({ request }: Exchange): { head: string; value: Json } {
  const { head, value } = headed(request);
  if (head === "none") return { head, value };
  assert.equal(value.stream, true);
  if (head === "/v1/messages") return { head, value };
  if (head === "/v1/chat/completions") assert.deepEqual(value.stream_options, { include_usage: true });
  const { stream: _, stream_options: __, ...whole } = value;
  return { head, value: whole };
}

// Writes into the transcripts what every pair of client and vendor makes of them now: `node test/golden/record.ts`. What has
// changed is to be read before it is committed, against what the vendors document.

import { exchange, openGoldenHouse } from "./exchange.ts";
import { DIALECTS, transcripts, writeTranscript } from "./transcript.ts";

const house = await openGoldenHouse();
for (const transcript of transcripts()) {
  const { sections } = transcript;
  for (const title of sections.keys()) if (title.includes(" over ")) sections.delete(title);
  for (const client of DIALECTS) {
    for (const vendor of DIALECTS) {
      const whole = await exchange(house, transcript, { client, vendor }, false);
      const stream = await exchange(house, transcript, { client, vendor }, true);
      sections.set(`${client} over ${vendor}: request`, whole.request);
      sections.set(`${client} over ${vendor}: answer`, whole.answer);
      sections.set(`${client} over ${vendor}: stream`, stream.answer);
    }
  }
  writeTranscript(transcript);
}
await house.stop();

// A sentence spoken by the embedded voice and written down by a program of this machine: real speech both ways, without a
// key or a network, and both calls in the ledger with their prices.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { startBroker } from "../support/broker.ts";

const ENGINE = "/usr/bin/pocketsphinx_continuous";
const MODELS = `
models:
  tiny-broker:
    backends: [{ provider: embedded, model_id: tiny-broker, free: true }]
tts_models:
  flite:
    backends: [{ provider: embedded, model_id: flite, per_character: 0.000001 }]
stt_models:
  pocketsphinx:
    backends:
      - { provider: local, model_id: pocketsphinx, per_minute: 0.006, command: [${ENGINE}, -infile, "{file}", -logfn, /dev/null] }
`;
const SENTENCE = "The quick brown fox jumped over the lazy dog.";
const skip = existsSync(ENGINE) ? false : `${ENGINE} is not there: apt-get install pocketsphinx pocketsphinx-en-us`;

test("a spoken sentence is understood, and both calls are priced", { skip }, async () => {
  const broker = await startBroker({}, MODELS);
  try {
    const spoken = await fetch(`${broker.url}/v1/audio/speech`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "flite", voice: "alloy", input: SENTENCE }),
    });
    assert.equal(spoken.headers.get("content-type"), "audio/wav");
    const form = new FormData();
    form.append("file", new Blob([await spoken.arrayBuffer()]), "sentence.wav");
    form.append("model", "pocketsphinx");
    const written = await fetch(`${broker.url}/v1/audio/transcriptions`, { method: "POST", body: form });
    const { text } = (await written.json()) as { text: string };
    const heard = SENTENCE.toLowerCase()
      .match(/\w+/g)!
      .filter((word) => text.split(" ").includes(word));
    assert.ok(heard.length >= 7, `it understood "${text}"`);
    const [speech, transcription] = broker.rows();
    assert.deepEqual([speech?.method, speech?.characters, speech?.cost_nano_usd], ["audio.speech.create", 45, 45_000]);
    assert.equal(transcription?.method, "audio.transcriptions.create");
    const seconds = Number(transcription?.audio_seconds);
    assert.ok(seconds > 2 && seconds < 4, `${seconds} s`);
    assert.equal(transcription?.cost_nano_usd, Math.round(seconds * 100_000));
  } finally {
    await broker.stop();
  }
});

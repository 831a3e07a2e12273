// The least params with which each method can be called; methods that need none are not named.

import type { MethodName } from "../../src/generated/types.ts";

/** Ten milliseconds of silence, 16 kHz, as base64. */
const WAV = wav(160).toString("base64");
const KEY = { key: "key_1" };
const RESPONSE = { response_id: "resp_1" };

export const LEAST_PARAMS: Readonly<Partial<Record<MethodName, object>>> = {
  "session.authenticate": { token: "t" },
  "models.retrieve": { model: "m" },
  "models.route": { model: "m" },
  "completions.create": { model: "m", prompt: "Hello!" },
  "embeddings.create": { model: "m", input: "Hello!" },
  "moderations.create": { input: "Hello!" },
  "images.generations.create": { prompt: "A cat" },
  "audio.speech.create": { model: "m", input: "Hello!" },
  "audio.transcriptions.create": { model: "m", file: WAV },
  "audio.translations.create": { model: "m", file: WAV },
  "messages.create": { model: "m", max_tokens: 1, messages: [{ role: "user", content: "Hello!" }] },
  "messages.countTokens": { model: "m", messages: [{ role: "user", content: "Hello!" }] },
  "responses.create": { model: "m", input: "Hello!" },
  "responses.retrieve": RESPONSE,
  "responses.delete": RESPONSE,
  "responses.cancel": RESPONSE,
  "responses.inputItems.list": RESPONSE,
  "chat.completions.create": { model: "m", messages: [{ role: "user", content: "Hello!" }] },
  "mcp.servers.restart": { server: "s" },
  "mcp.tools.call": { name: "s__t" },
  "mcp.resources.read": { uri: "file:///a.txt" },
  "mcp.resources.subscribe": { uri: "file:///a.txt" },
  "mcp.prompts.get": { name: "s__p" },
  "mcp.complete": { ref: { type: "ref/prompt", name: "s__p" }, argument: { name: "a", value: "" } },
  "keys.create": { name: "k" },
  "keys.retrieve": KEY,
  "keys.update": KEY,
  "keys.rotate": KEY,
  "keys.revoke": KEY,
};

function wav(samples: number): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // mono
  bytes.writeUInt32LE(16_000, 24);
  bytes.writeUInt32LE(32_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples, 40);
  return bytes;
}

// Ollama's provider before a scripted upstream, for one test file.

import { createOllamaProvider } from "../../src/providers/ollama.ts";
import { ndjson, ollamaLines } from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { type Collected, collect } from "./collect.ts";
import { openHouse } from "./house.ts";

export const { upstream, provider } = await openHouse(createOllamaProvider);

/** What becomes of an answer of these messages. */
export async function streamed(messages: object[], last?: object): Promise<Collected> {
  upstream.script({
    pieces: [ndjson(ollamaLines(messages, last))],
    headers: { "content-type": "application/x-ndjson" },
  });
  return collect(provider.stream(createCall(createTarget({ url: upstream.url, dialect: "ollama" }))));
}

// The demo model, ready to run: read from the folder beside this file, in about 20 ms. Takes 10 MB, so only the model's
// own thread loads it.

import { readFileSync } from "node:fs";
import { Decoder, type ModelConfig } from "./forward.ts";
import { Tokenizer, type TokenizerFile } from "./tokenizer.ts";
import { readSafetensors } from "./weights.ts";

export interface LanguageModel {
  readonly tokenizer: Tokenizer;
  readonly decoder: Decoder;
  /** Tokens of prompt and answer together. */
  readonly context: number;
}

/** Throws when a file is missing or damaged. `folder` ends in a slash. */
export function loadModel(folder = new URL("model/", import.meta.url)): LanguageModel {
  const read = (name: string): Buffer => readFileSync(new URL(name, folder));
  const config = JSON.parse(read("config.json").toString()) as ModelConfig;
  const tokenizer = new Tokenizer(JSON.parse(read("tokenizer.json").toString()) as TokenizerFile);
  const decoder = new Decoder(config, readSafetensors(read("model.safetensors")));
  return { tokenizer, decoder, context: config.max_position_embeddings };
}

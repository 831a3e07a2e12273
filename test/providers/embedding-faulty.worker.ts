// The embedding model's thread where the model throws.

import { parentPort } from "node:worker_threads";
import type { Question } from "../../src/providers/embedded/asking-thread.ts";
import { EmbeddingService } from "../../src/providers/embedded/embedding-service.ts";
import type { SentenceEncoder } from "../../src/providers/embedded/use-lite.ts";

const faulty: SentenceEncoder = {
  tokens: (text) => text.length,
  embed: () => Promise.reject(new RangeError("faulty weights")),
};

if (parentPort) {
  const service = new EmbeddingService(parentPort, async () => faulty);
  parentPort.on("message", (question: Question<readonly string[]>) => void service.receive(question));
}

// The embedding model's thread where its packages are not installed.

import { parentPort } from "node:worker_threads";
import type { Question } from "../../src/providers/embedded/asking-thread.ts";
import { EmbeddingService } from "../../src/providers/embedded/embedding-service.ts";
import { loadUseLite } from "../../src/providers/embedded/use-lite.ts";

if (parentPort) {
  const service = new EmbeddingService(parentPort, () => loadUseLite("@energetic-ai/not-there"));
  parentPort.on("message", (question: Question<readonly string[]>) => void service.receive(question));
}

// Entry of the embedding model's thread. A fault ends the thread; the main thread starts another.

import { parentPort } from "node:worker_threads";
import type { Question } from "./asking-thread.ts";
import { EmbeddingService } from "./embedding-service.ts";
import { loadUseLite } from "./use-lite.ts";

if (parentPort) {
  const service = new EmbeddingService(parentPort, loadUseLite);
  parentPort.on("message", (question: Question<readonly string[]>) => void service.receive(question));
}

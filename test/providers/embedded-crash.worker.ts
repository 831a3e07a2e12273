// The model's thread, but one that dies: at once on a word in the prompt, or when the reader of its first call took a batch.

import { parentPort } from "node:worker_threads";
import "../../src/providers/embedded/worker.ts";
import type { Order } from "../../src/providers/embedded/protocol.ts";

parentPort?.on("message", (order: Order) => {
  const text = order.kind === "generate" ? order.request.turns.at(-1)?.text : undefined;
  if (text?.includes("die at once")) process.exit(3);
  if (order.kind === "taken" && order.id === 1) throw new RangeError("died on purpose");
});

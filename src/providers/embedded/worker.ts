// Entry of the model's thread: loads the model, then serves orders for as long as the process lives. Runs from source and
// from compiled JavaScript alike. A fault ends the thread; the main thread starts another.

import { parentPort } from "node:worker_threads";
import { loadModel } from "./model.ts";
import type { Order, Report } from "./protocol.ts";
import { Scheduler } from "./scheduler.ts";

if (parentPort) {
  const port = parentPort;
  const scheduler = new Scheduler(loadModel(), (report: Report) => port.postMessage(report));
  port.on("message", (order: Order) => scheduler.receive(order));
}

// Entry of the voice's thread: speaks one text after another. A fault ends the thread; the main thread starts another.

import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import type { Question } from "./asking-thread.ts";
import { loadFlite, type Speak, type SpeakAsk } from "./flite.ts";

/** `undefined`: the voice is not installed. */
export type VoiceAnswer = Uint8Array | undefined;

if (parentPort) {
  const port = parentPort;
  const waiting = new Map<number, SpeakAsk>();
  let speak: Speak | undefined;
  let isSpeaking = false;
  port.on("message", async ({ id, ask }: Question<SpeakAsk>) => {
    if (ask) waiting.set(id, ask);
    else waiting.delete(id);
    if (isSpeaking) return;
    isSpeaking = true;
    speak ??= await loadFlite();
    for (const [next, text] of waiting) {
      await nextTurn(); // what was taken back meanwhile is heard of here
      if (!waiting.delete(next)) continue;
      port.postMessage({ id: next, answer: await speak?.(text) });
    }
    isSpeaking = false;
  });
}

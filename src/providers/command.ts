// A local engine for speech to text: a program of the operator's own, started for each recording. Its standard output is
// the text. It gets no shell, no input, no environment of ours, and a bounded time.

import type { Backend } from "../core/model.ts";
import type { Provider, TranscriptionAsk, UnitCall } from "../core/provider.ts";
import type { Transcription } from "../generated/types.ts";
import { recordingIn } from "./command/recording.ts";
import { type Running, start } from "./command/run.ts";
import { peerOf, refusal } from "./failure.ts";
import { aborted, busy } from "./local-failure.ts";

/** Programs at a time: each takes a processor and the memory of a model. */
const MOST_RUNNING = 4;

type CommandProvider = Provider & Required<Pick<Provider, "transcribe" | "transcribeUnable">>;

/** Starts nothing before the first call; `close` ends what runs. */
export function createCommandProvider(): CommandProvider {
  const running = new Set<Running | undefined>();
  let count = 0;
  return {
    async transcribe(call) {
      const { name } = call.target.backend.provider;
      if (count >= MOST_RUNNING) throw busy(`${name} runs ${MOST_RUNNING} programs at a time`);
      count++;
      let run: Running | undefined;
      try {
        return await transcribe(call, (started) => {
          run = started;
          running.add(started);
        });
      } finally {
        count--;
        running.delete(run);
      }
    },
    transcribeUnable: ({ config, provider: { name } }, { format, translate }) => {
      if (!config.command) return `${name} has no command`;
      if (translate) return `${name} can't translate`;
      return format === "wav" || takesAny(config) ? undefined : `${name} takes wav, not ${format}`;
    },
    async close() {
      for (const run of running) run?.kill();
    },
  };
}

/** The command takes the recording as it came. */
function takesAny({ command }: Backend["config"]): boolean {
  return command?.some((part) => part.includes("{input}")) === true;
}

async function transcribe(call: UnitCall<TranscriptionAsk>, started: (run: Running) => void): Promise<Transcription> {
  const { target, params, signal } = call;
  const { config, provider } = target.backend;
  const peer = peerOf(target);
  const [program, ...parts] = config.command ?? [];
  if (program === undefined) throw refusal(peer, "its configuration has no command", "model");
  if (signal.aborted) throw aborted(signal);
  const recording = await recordingIn(params, takesAny(config));
  if (!recording) throw refusal(peer, "the recording is no WAV that can be read", "file");
  try {
    const run = start({
      name: provider.name,
      program,
      args: parts.map((part) => part.replaceAll(/\{(?:file|input)\}/g, () => recording.path)),
      folder: recording.folder,
      mostMs: provider.timeouts.firstByteMs,
      signal,
    });
    started(run);
    return { text: oneLine(await run.output) };
  } finally {
    await recording.remove();
  }
}

/** Programs write a line for each utterance. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

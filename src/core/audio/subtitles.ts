// SubRip and WebVTT from the segments of a transcription, so that every backend that tells segments has them.

import type { Transcription } from "../../generated/types.ts";

interface Cue {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** `seconds`: how long the recording is, for a transcription without segments. */
export function toSrt(transcription: Transcription, seconds: number): string {
  return cuesOf(transcription, seconds)
    .map(({ from, to, text }, index) => `${index + 1}\n${time(from, ",")} --> ${time(to, ",")}\n${text}\n\n`)
    .join("");
}

export function toVtt(transcription: Transcription, seconds: number): string {
  const cues = cuesOf(transcription, seconds).map(
    ({ from, to, text }) => `${time(from, ".")} --> ${time(to, ".")}\n${escaped(text)}\n\n`,
  );
  return `WEBVTT\n\n${cues.join("")}`;
}

function cuesOf({ segments, text }: Transcription, seconds: number): Cue[] {
  const whole = { start: 0, end: seconds, text };
  return (segments ?? [whole])
    .map((each) => ({ from: number(each.start), to: number(each.end), text: oneBlock(each.text) }))
    .filter((cue) => cue.text !== "");
}

function number(value: unknown): number {
  return typeof value === "number" && value >= 0 && value < 1e7 ? value : 0;
}

/** An empty line would end the cue. */
function oneBlock(text: unknown): string {
  return typeof text === "string" ? text.trim().replaceAll(/\s*\n\s*/g, "\n") : "";
}

/** In a cue `<` begins a tag, `&` an entity, and `-->` is of the frame. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("-->", "--&gt;");
}

/** `01:02:03,456`. */
function time(seconds: number, comma: "," | "."): string {
  const ms = Math.round(seconds * 1_000);
  const parts = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60];
  const clock = parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  return `${clock}${comma}${String(ms % 1_000).padStart(3, "0")}`;
}

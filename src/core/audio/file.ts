// The recording of a request, however it came in: bytes of a form, or base64 of a JSON-RPC call. Only what looks like audio
// goes on, and nothing that is larger than vendors take.

import type { AudioFile } from "../../generated/types.ts";
import { BrokerError } from "../errors.ts";
import { assumedDuration, durationOf } from "./duration.ts";
import { type AudioFormat, FORMATS, fileNameFor, formatOf } from "./format.ts";

/** Bytes: what OpenAI and Groq take. */
export const MOST_FILE_BYTES = 25 * 1_024 * 1_024;

export interface Recording {
  readonly bytes: Uint8Array;
  readonly format: AudioFormat;
  /** Its ending tells the format. */
  readonly name: string;
  /** Of audio; `exact`: told by the file, otherwise a guess by its size. */
  readonly seconds: number;
  readonly exact: boolean;
}

/** Throws `invalid_params` that name `/file`, or `too_large`. */
export function recordingOf(file: AudioFile, filename: string | null | undefined): Recording {
  const bytes = bytesOf(file);
  if (bytes.length === 0) throw fault("is empty");
  if (bytes.length > MOST_FILE_BYTES) throw fileTooLarge(MOST_FILE_BYTES);
  const format = formatOf(bytes);
  if (!format) throw fault(`is not audio of a known format: ${ENDINGS}`);
  const seconds = durationOf(bytes, format);
  return {
    ...{ bytes, format },
    name: fileNameFor(format, filename),
    seconds: seconds ?? assumedDuration(bytes),
    exact: seconds !== undefined,
  };
}

export function fileTooLarge(most: number): BrokerError {
  return new BrokerError("too_large", `A file holds at most ${most} bytes`, { param: "file", limit: most });
}

const ENDINGS = Object.values(FORMATS)
  .flatMap(({ endings }) => endings)
  .sort()
  .join(", ");
const BASE64 = /^[\w+/-]*={0,2}$/;

function bytesOf(file: AudioFile): Uint8Array {
  if (typeof file !== "string") {
    if (file instanceof Uint8Array) return file;
    throw fault("must be base64");
  }
  if (Math.floor((file.length / 4) * 3) - 2 > MOST_FILE_BYTES) throw fileTooLarge(MOST_FILE_BYTES);
  const unpadded = file.endsWith("==") ? file.length - 2 : file.endsWith("=") ? file.length - 1 : file.length;
  const isPadded = unpadded === file.length || file.length % 4 === 0;
  if (!BASE64.test(file) || unpadded % 4 === 1 || !isPadded) throw fault("is not valid base64");
  return Buffer.from(file, "base64");
}

function fault(words: string): BrokerError {
  return new BrokerError("invalid_params", `/file: ${words}`, { param: "/file" });
}

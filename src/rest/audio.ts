// Spoken audio as the bytes that it is, sent as it comes. There is no place in it for an error, so an answer that was cut
// ends with its connection: every client sees that as a broken download.

import { SpokenPart } from "../core/audio/spoken-part.ts";
import type { ProgressRun } from "../core/call.ts";
import { AnswerStream } from "./answer-stream.ts";

export class AudioStream extends AnswerStream {
  #contentType = "application/octet-stream";

  protected override headers(): string[] {
    return ["content-type", this.#contentType, "cache-control", "no-store"];
  }

  /** Values are SpokenParts; they come one at a time. */
  protected override encode({ values }: ProgressRun): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (const value of values) {
      if (!(value instanceof SpokenPart)) continue;
      this.#contentType = value.contentType;
      pieces.push(value.bytes);
    }
    const [first] = pieces;
    return first && pieces.length === 1 ? first : Buffer.concat(pieces);
  }

  protected override complete(): void {
    this.reply.end();
  }

  protected override cut(): void {
    this.reply.cut();
  }
}

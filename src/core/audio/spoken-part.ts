// One piece of spoken audio on its way to the client. Whoever writes JSON sees base64; whoever writes bytes takes them as
// they are, and nobody pays for the other.

import type { SpeechPart } from "../../generated/types.ts";

export class SpokenPart {
  readonly bytes: Uint8Array;
  /** Of the whole, for example `audio/mpeg`. */
  readonly contentType: string;

  constructor(bytes: Uint8Array, contentType: string) {
    this.bytes = bytes;
    this.contentType = contentType;
  }

  toJSON(): SpeechPart {
    return { audio: Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length).toString("base64") };
  }
}

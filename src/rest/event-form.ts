// How a streamed answer is written, by the dialect of its row: frames, what is sent while there is nothing to send, how an
// answer that was cut says so. None of these forms has a word for completeness that a cut answer could have too.

import type { BrokerError } from "../core/errors.ts";
import type { RestRow } from "../generated/methods.ts";
import { toAnthropicError, toOpenAiError } from "./error-shape.ts";

export interface EventForm {
  readonly frames: (values: readonly object[]) => string;
  readonly ping: string;
  /** `last`: the value that went out before. */
  readonly error: (error: BrokerError, requestId: string, last: object | undefined) => string;
}

const COMMENT = ": ping\n\n";

/** Nameless events. */
const OPENAI: EventForm = {
  frames: nameless,
  ping: COMMENT,
  error: (error, requestId) => nameless([toOpenAiError(error, requestId)]),
};

/** Events whose name is their type. */
const ANTHROPIC: EventForm = {
  frames: named,
  ping: named([{ type: "ping" }]),
  error: (error, requestId) => named([toAnthropicError(error, requestId)]),
};

/** OpenAI's responses: events are numbered too. */
const RESPONSES: EventForm = {
  frames: named,
  ping: COMMENT,
  error(error, requestId, last) {
    const { code, message, param } = toOpenAiError(error, requestId).error;
    const { sequence_number: before } = (last ?? {}) as { sequence_number?: unknown };
    const sequence_number = typeof before === "number" ? before + 1 : 0;
    return named([{ type: "error", code, message, param, sequence_number }]);
  },
};

export function eventForm(dialect: RestRow["dialect"]): EventForm {
  switch (dialect) {
    case "anthropic":
      return ANTHROPIC;
    case "responses":
      return RESPONSES;
    case undefined:
      return OPENAI;
  }
}

function nameless(values: readonly object[]): string {
  let frames = "";
  for (const value of values) frames += `data: ${JSON.stringify(value)}\n\n`;
  return frames;
}

function named(values: readonly object[]): string {
  let frames = "";
  for (const value of values) {
    frames += `event: ${(value as { type?: unknown }).type}\ndata: ${JSON.stringify(value)}\n\n`;
  }
  return frames;
}

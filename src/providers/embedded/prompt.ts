// Turns of a chat as the tokens that the model was trained on (ChatML): each turn in its marks, then the beginning of the
// assistant's. When not all fit, the newest turns stay whole and the oldest go.

import type { Turn } from "./protocol.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Tokens kept free for the answer while older turns are taken in. */
const ANSWER_ROOM = 128;

/** `undefined`: the newest turn alone leaves no room for even one token of an answer. */
export function buildPrompt(
  tokenizer: Tokenizer,
  turns: readonly Turn[],
  context: number,
  maxTokens = ANSWER_ROOM,
): number[] | undefined {
  const opening = [tokenizer.turnStart, ...tokenizer.encode("assistant\n")];
  let length = opening.length;
  const parts = [opening];
  for (const turn of turns.toReversed()) {
    const room = context - length - (parts.length === 1 ? 1 : Math.min(maxTokens, ANSWER_ROOM));
    const part = encodeTurn(tokenizer, turn, room);
    if (part.length > room) break;
    parts.push(part);
    length += part.length;
  }
  return parts.length === 1 ? undefined : parts.reverse().flat();
}

/** Complete when it is not longer than `limit`. */
function encodeTurn(tokenizer: Tokenizer, { role, text }: Turn, limit: number): number[] {
  return [
    tokenizer.turnStart,
    ...tokenizer.encode(`${role}\n`),
    ...tokenizer.encode(text, Math.max(limit, 0)),
    tokenizer.turnEnd,
    ...tokenizer.encode("\n"),
  ];
}

// Which target has served a conversation's beginning: the provider keeps a prompt cache there, so the next call with the
// same beginning goes there too. A preference of some minutes, never a promise.

import { hash } from "node:crypto";
import type { ChatCompletionsCreateParams } from "../generated/types.ts";

const KEPT_MS = 300_000;
const MOST = 10_000;
/** Characters of the beginning that count. */
const LONGEST_PREFIX = 4_096;

export class Sticky {
  readonly #now: () => number;
  readonly #targets = new Map<string, { readonly target: string; readonly until: number }>();

  constructor(deps: { readonly now: () => number }) {
    this.#now = deps.now;
  }

  /** The target's label. */
  of(key: string): string | undefined {
    const known = this.#targets.get(key);
    if (!known) return undefined;
    if (known.until > this.#now()) return known.target;
    this.#targets.delete(key);
    return undefined;
  }

  /** Counts for 5 minutes from now; where it is full the one used longest ago goes. */
  remember(key: string, target: string): void {
    this.#targets.delete(key);
    if (this.#targets.size >= MOST) this.#targets.delete(this.#targets.keys().next().value!);
    this.#targets.set(key, { target, until: this.#now() + KEPT_MS });
  }

  get size(): number {
    return this.#targets.size;
  }
}

/** Of whom, which model and what beginning: the leading system messages, else the first message; and how many tools. */
export function prefixKey(
  { messages, tools }: Pick<ChatCompletionsCreateParams, "messages" | "tools">,
  principal: string,
  asked: string,
): string {
  let prefix = "";
  for (const { role, content } of messages) {
    if (prefix !== "" && role !== "system" && role !== "developer") break;
    prefix += `${role}:${typeof content === "string" ? content.slice(0, LONGEST_PREFIX) : textOf(content)}\n`;
    if (prefix.length >= LONGEST_PREFIX || (role !== "system" && role !== "developer")) break;
  }
  const digest = hash("sha256", prefix.slice(0, LONGEST_PREFIX), "base64url");
  return `${principal}\n${asked}\n${tools?.length ?? 0}\n${digest}`;
}

function textOf(content: ChatCompletionsCreateParams["messages"][number]["content"]): string {
  let text = "";
  if (typeof content === "string" || !content) return text;
  for (const part of content) {
    if (part.type === "text") text += part.text.slice(0, LONGEST_PREFIX);
    if (text.length >= LONGEST_PREFIX) break;
  }
  return text;
}

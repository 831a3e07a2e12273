// Messages on a stream whose reader may be slow: what is waited for waits, changes of the same thing are told once, and a
// reader that has stopped is given up.

import { isObject } from "../../core/json-object.ts";
import type { HttpAnswer } from "../../rpc/http-answer.ts";
import type { Outlet } from "./wire.ts";

export interface WriterDeps {
  readonly stream: Pick<HttpAnswer, "write" | "destroyed" | "writableEnded" | "on" | "off">;
  /** A message as the stream has it. */
  readonly frame: (text: string) => string;
  /** The reader is waited for, or no longer: whoever calls this gives it up after a while. */
  readonly waiting: (waits: boolean) => void;
}

export class Writer implements Outlet {
  readonly #deps: WriterDeps;
  readonly #later = new Map<string, object>();
  #drained: Promise<void> | undefined;
  #ended = false;

  constructor(deps: WriterDeps) {
    this.#deps = deps;
  }

  /** Resolves when the reader has taken what waits; `undefined` where nothing does. */
  get blocked(): Promise<void> | undefined {
    return this.#drained;
  }

  /** Nothing happens once the stream has ended. */
  send(message: object): Promise<void> | undefined {
    if (this.#drained) {
      const key = changeOf(message);
      if (key !== undefined) {
        this.#later.set(key, message);
        return this.#drained;
      }
    }
    return this.write(this.#deps.frame(JSON.stringify(message)));
  }

  write(text: string): Promise<void> | undefined {
    const { stream } = this.#deps;
    if (this.#ended || stream.destroyed || stream.writableEnded) return undefined;
    if (stream.write(text)) return undefined;
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /** What waits is still written. */
  end(): void {
    this.#ended = true;
    this.#later.clear();
  }

  async #drain(): Promise<void> {
    const { stream, waiting } = this.#deps;
    waiting(true);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off("drain", done);
        stream.off("close", done);
        resolve();
      };
      stream.on("drain", done);
      stream.on("close", done);
    });
    waiting(false);
    this.#drained = undefined;
    const later = [...this.#later.values()];
    this.#later.clear();
    for (const message of later) void this.send(message);
  }
}

/** The same for notifications that say the same. */
function changeOf(message: object): string | undefined {
  const { method, params } = message as { readonly method?: string; readonly params?: unknown };
  if (method === undefined || "id" in message) return undefined;
  if (method.endsWith("/list_changed")) return method;
  return method === "notifications/resources/updated" && isObject(params) ? `${method} ${params.uri}` : undefined;
}

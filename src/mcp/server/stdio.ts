// MCP over standard input and output, or any other pair of streams: a message a line, both eras at once. The one client is
// whoever started the process, and everything ends when its input does.

import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { BrokerError } from "../../core/errors.ts";
import type { Caller } from "../../dispatch/request.ts";
import { parseJson } from "../../rpc/json.ts";
import { Lines } from "../lines.ts";
import { answer } from "./answer.ts";
import type { Delivery } from "./ask.ts";
import { Calls } from "./calls.ts";
import { isModern } from "./envelope.ts";
import { faultMessage, toFault } from "./fault.ts";
import type { HttpDeps } from "./http-face.ts";
import { Session } from "./session.ts";
import { answerStateless } from "./stateless.ts";
import { idOf, type Message, type Request, readMessage } from "./wire.ts";
import { Writer } from "./writer.ts";

export interface StdioDeps extends Omit<HttpDeps, "ticks" | "limits"> {
  readonly input: Readable;
  readonly output: Writable;
  readonly caller: Caller;
}

/** Of one message. */
const LONGEST_BYTES = 32 * 1024 * 1024;
/** Arrays and objects inside one another. */
const DEEPEST = 64;
/** For what is under way when the input ends: whoever wrote it all at once still wants the answers. */
const LAST_MS = 1000;
/** A reader that takes nothing for so long has stopped. */
const STALLED_MS = 60_000;

/** Resolves when the input has ended or nobody reads the output. Rejects with `unauthorized`. */
export async function serveStdio(deps: StdioDeps): Promise<void> {
  const principal = await deps.identify(undefined, deps.caller);
  await new Stdio(deps, { caller: deps.caller, credential: undefined, principal, server: undefined }).run();
}

class Stdio {
  readonly #deps: StdioDeps;
  readonly #delivery: Delivery;
  readonly #session: Session;
  readonly #calls = new Calls();
  readonly #writer: Writer;
  readonly #over = Promise.withResolvers<void>();
  #stalled: NodeJS.Timeout | undefined;
  /** Messages that will be answered by themselves. */
  #open = 0;

  constructor(deps: StdioDeps, origin: Omit<Delivery, "outlet">) {
    const { output: stream } = deps;
    this.#deps = deps;
    this.#writer = new Writer({ stream, frame: (text) => `${text}\n`, waiting: (waits) => this.#wait(waits) });
    this.#delivery = { ...origin, outlet: this.#writer };
    this.#session = new Session(deps, "mcp:stdio", origin);
    this.#session.attach(this.#writer, () => {});
  }

  async run(): Promise<void> {
    const { input, output, tools } = this.#deps;
    const lines = new Lines({
      most: LONGEST_BYTES,
      take: (line) => this.#take(line),
      tooLong: () => this.#refuse(),
    });
    const over = (): void => this.#over.resolve();
    const stopChanges = tools.onChange((change) => this.#session.change(change));
    output.on("error", over).on("close", over);
    input.on("error", over).on("end", over).on("close", over);
    input.on("data", (chunk: Buffer) => lines.add(chunk));
    await this.#over.promise;
    for (const until = performance.now() + LAST_MS; this.#open > 0 && performance.now() < until; ) await sleep(5);
    stopChanges();
    clearTimeout(this.#stalled);
    this.#calls.cancelAll(new BrokerError("cancelled", "The client closed the connection"));
    this.#session.close();
  }

  #wait(waits: boolean): void {
    const { input } = this.#deps;
    clearTimeout(this.#stalled);
    if (!waits) input.resume();
    else {
      input.pause();
      this.#stalled = setTimeout(() => this.#over.resolve(), STALLED_MS);
    }
  }

  /** The line is longer than any message may be. */
  #refuse(): void {
    void this.#writer.send(faultMessage(null, { code: -32600, message: "The message is too large" }));
    this.#over.resolve();
  }

  #take(line: Buffer): void {
    const value = parseJson(line, DEEPEST);
    try {
      if (value instanceof BrokerError) throw value;
      void this.#receive(readMessage(value));
    } catch (cause) {
      const fault = toFault(cause, "legacy", this.#deps.newRequestId());
      if (fault) void this.#writer.send(faultMessage(idOf(value), fault));
      else throw cause;
    }
  }

  async #receive(message: Message): Promise<void> {
    const lasts = message.kind === "request" && message.method === "subscriptions/listen";
    if (!lasts) this.#open++;
    try {
      if (message.kind === "request" && isModern(message.params, undefined)) await this.#answer(message);
      else {
        if (message.kind === "notification" && message.method === "notifications/cancelled") {
          this.#calls.cancel(message.params.requestId);
        }
        await this.#session.receive(message, this.#delivery);
      }
    } finally {
      if (!lasts) this.#open--;
    }
  }

  #answer(request: Request): Promise<void> {
    const answering = { deps: this.#deps, calls: this.#calls, outlet: this.#writer, era: "modern" } as const;
    return answer(answering, request.id, (signal, requestId) =>
      answerStateless(this.#deps, request, this.#delivery, signal, requestId),
    );
  }
}

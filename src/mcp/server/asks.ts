// What a client with a session is asked in return (sampling, elicitation, roots) and has not answered yet.

import { BrokerError } from "../../core/errors.ts";
import { type Answer, notification, type Outlet } from "./wire.ts";

/** Of one session. */
const MOST_WAITING = 64;
/** People think before they answer. */
const LONGEST_MS = 10 * 60_000;

interface Waiting {
  settle(answer: Answer): void;
  fail(error: BrokerError): void;
}

export class Asks {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Rejects with the client's error as `mcp_rejected`, with the signal's reason, or with `mcp_server_timeout`. */
  async ask(outlet: Outlet, method: string, params: object, signal: AbortSignal): Promise<object> {
    signal.throwIfAborted();
    if (outlet.mute) throw new BrokerError("mcp_rejected", "The client can't be asked: it reads no streams");
    if (this.#waiting.size >= MOST_WAITING)
      throw new BrokerError("overloaded", "The client has too many questions open");
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const giveUp = (reason: unknown): void => {
      void outlet.send(notification("notifications/cancelled", { requestId: id }));
      reject(reason);
    };
    const aborted = (): void => giveUp(signal.reason);
    const timer = setTimeout(
      () => giveUp(new BrokerError("mcp_server_timeout", "The client did not answer")),
      LONGEST_MS,
    );
    signal.addEventListener("abort", aborted, { once: true });
    this.#waiting.set(id, {
      settle: ({ result, error }) => (result ? resolve(result) : reject(refusal(error))),
      fail: reject,
    });
    try {
      void outlet.send({ jsonrpc: "2.0", id, method, params });
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      this.#waiting.delete(id);
    }
  }

  /** An answer to nothing is no fault: the question may have been withdrawn. */
  settle(answer: Answer): void {
    this.#waiting.get(answer.id as number)?.settle(answer);
  }

  close(error: BrokerError): void {
    for (const waiting of this.#waiting.values()) waiting.fail(error);
  }
}

/** As the error of a server is told, so that it can be passed on like one. */
function refusal(error: Answer["error"]): BrokerError {
  const message = typeof error?.message === "string" ? error.message : "The client refused";
  const facts: Readonly<Record<string, unknown>> = { upstream: { ...error, message } };
  return new BrokerError("mcp_rejected", message, facts);
}

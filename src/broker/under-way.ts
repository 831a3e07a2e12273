// The responses that are being streamed, so that another call can end one: by its id, which its first event tells. Only for
// whoever may read it; to others it is as if it did not exist.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { JoinedSignal } from "../core/joined-signal.ts";
import { ownerOf, type Reader } from "../core/response-store.ts";
import type { Response } from "../generated/types.ts";

/** One of them, for the call that streams it. Its signal is aborted when the call itself is, and by `cancel`. */
export class UnderWay extends JoinedSignal {
  readonly owner: string;
  readonly #ended = Promise.withResolvers<Response | undefined>();
  readonly #forget: () => void;
  #cancelled = false;

  constructor(call: Call, forget: () => void) {
    super(call.signal);
    this.owner = ownerOf(call);
    this.#forget = forget;
  }

  /** Another call has ended it. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** On every exit; without a response it has come to none. */
  override end(response?: Response): void {
    super.end();
    this.#forget();
    this.#ended.resolve(response);
  }

  /** What it has come to, once its own call has ended. */
  cancel(): Promise<Response | undefined> {
    this.#cancelled = true;
    this.abort(new BrokerError("cancelled", "The response was cancelled"));
    return this.#ended.promise;
  }
}

export class ResponsesUnderWay {
  readonly #entries = new Map<string, UnderWay>();

  begin(id: string, call: Call): UnderWay {
    const entry = new UnderWay(call, () => this.#entries.delete(id));
    this.#entries.set(id, entry);
    return entry;
  }

  /** What it has come to, once its own call has ended; `undefined`: none of this reader's is under way, or it failed. */
  async cancel(id: string, reader: Reader): Promise<Response | undefined> {
    const entry = this.#entries.get(id);
    return entry && (reader === undefined || reader === entry.owner) ? entry.cancel() : undefined;
  }
}

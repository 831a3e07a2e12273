// The responses that are being streamed, so that another call can end one: by its id, which its first event tells. Only for
// whoever may read it; to others it is as if it did not exist.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { ownerOf, type Reader } from "../core/response-store.ts";
import type { Response } from "../generated/types.ts";

/** One of them, for the call that streams it. */
export interface UnderWay {
  /** Aborted when the call itself is, and by `cancel`. */
  readonly signal: AbortSignal;
  /** Another call has ended it. */
  readonly cancelled: boolean;
  /** On every exit; without a response it has come to none. */
  end(response?: Response): void;
}

interface Entry {
  readonly owner: string;
  readonly controller: AbortController;
  readonly ended: PromiseWithResolvers<Response | undefined>;
}

export class ResponsesUnderWay {
  readonly #entries = new Map<string, Entry>();

  begin(id: string, call: Call): UnderWay {
    const controller = new AbortController();
    const entry: Entry = { owner: ownerOf(call), controller, ended: Promise.withResolvers() };
    this.#entries.set(id, entry);
    return {
      signal: AbortSignal.any([call.signal, controller.signal]),
      get cancelled() {
        return controller.signal.aborted;
      },
      end: (response) => {
        this.#entries.delete(id);
        entry.ended.resolve(response);
      },
    };
  }

  /** What it has come to, once its own call has ended; `undefined`: none of this reader's is under way, or it failed. */
  async cancel(id: string, reader: Reader): Promise<Response | undefined> {
    const entry = this.#entries.get(id);
    if (!entry || (reader !== undefined && reader !== entry.owner)) return undefined;
    entry.controller.abort(new BrokerError("cancelled", "The response was cancelled"));
    return entry.ended.promise;
  }
}

// The model's thread: its calls are streams of deltas, delivered to the inbox of each.

import { ProviderFailure } from "../../core/provider.ts";
import { Inbox } from "./inbox.ts";
import type { GenerateRequest, Order, Report } from "./protocol.ts";
import { contextLengthExceeded } from "./request.ts";
import { type Ear, Thread } from "./thread.ts";

export class ModelThread {
  readonly #thread: Thread<Order, Report, Inbox>;

  /** `entry` is the thread's module. */
  constructor(entry: URL) {
    this.#thread = new Thread({ entry, called: "the embedded model" }, EAR);
  }

  /** Begins a call; `release` ends it. Throws a ProviderFailure when too many run. */
  open(request: GenerateRequest): Inbox {
    const thread = this.#thread;
    const inbox = thread.begin((id) => new Inbox(id, (count) => thread.send({ kind: "taken", id, count })));
    thread.send({ kind: "generate", id: inbox.id, request });
    return inbox;
  }

  /** Gives the place back; a generation that still runs is stopped. */
  release(inbox: Inbox): void {
    const wasOpen = this.#thread.end(inbox);
    if (wasOpen && !inbox.finished) this.#thread.send({ kind: "cancel", id: inbox.id });
  }

  /** Calls that run fail. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

const EAR: Ear<Inbox, Report> = {
  receive(inbox, report) {
    if (report.kind === "deltas") inbox.put(report.deltas, report.spent);
    else inbox.fail(contextLengthExceeded());
  },
  lose(inbox, message, cause) {
    inbox.fail(new ProviderFailure(inbox.started ? "cut" : "connect", message, { cause }));
  },
};

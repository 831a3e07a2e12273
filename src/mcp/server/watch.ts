// Resources that a client hears of when they change, each by one call of the waist that lasts as long.

import { BrokerError } from "../../core/errors.ts";
import type { Peer } from "../../core/tool.ts";
import type { Dispatcher } from "../../dispatch/request.ts";
import type { McpProgress } from "../../generated/types.ts";
import type { Origin } from "./ask.ts";

/** Of one session, or of one stream of changes. */
const MOST_WATCHED = 256;

export interface WatchesDeps {
  readonly dispatcher: Dispatcher;
  /** A resource has changed. A promise is waited for; what changes meanwhile is told once. */
  readonly changed: (params: object) => Promise<void> | undefined;
}

export class Watches {
  readonly #deps: WatchesDeps;
  readonly #open = new Map<string, AbortController>();

  constructor(deps: WatchesDeps) {
    this.#deps = deps;
  }

  /** Resolves once the server has been told. Rejects with what the waist answers, or with `overloaded`. */
  async add(uri: string, origin: Origin, peer: Peer | undefined, requestId: string): Promise<void> {
    if (this.#open.has(uri)) return;
    if (this.#open.size >= MOST_WATCHED) throw new BrokerError("overloaded", `At most ${MOST_WATCHED} subscriptions`);
    const controller = new AbortController();
    this.#open.set(uri, controller);
    const { caller, credential, server } = origin;
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const progress = ({ values }: { readonly values: readonly object[] }): Promise<void> | undefined => {
      begin(undefined);
      let slow: Promise<void> | undefined;
      for (const { params } of values as readonly McpProgress[]) slow = this.#deps.changed({ uri, ...params });
      return slow;
    };
    const params = { uri, stream: true, ...(server === undefined ? {} : { server }) };
    const request = { method: "mcp.resources.subscribe", params, requestId, caller, credential, progress, peer };
    const ended = this.#deps.dispatcher.dispatch({ ...request, signal: controller.signal }).finally(() => {
      if (this.#open.get(uri) === controller) this.#open.delete(uri);
    });
    const early = await Promise.race([begun, ended]);
    if (early && !early.ok) throw early.error;
  }

  delete(uri: string): void {
    this.#open.get(uri)?.abort(new BrokerError("cancelled"));
    this.#open.delete(uri);
  }

  close(): void {
    for (const uri of [...this.#open.keys()]) this.delete(uri);
  }
}

// One JSON-RPC request under way, in the form the waist takes.

import type { Progress, ProgressRun } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { Cancellable } from "../dispatch/cancellable.ts";
import type { Caller, DispatchRequest } from "../dispatch/request.ts";
import type { RpcId, RpcRequest } from "./request.ts";
import type { OpenCall, RpcSession } from "./session.ts";

export class RpcCall extends Cancellable implements DispatchRequest, OpenCall {
  readonly method: string;
  readonly params: unknown;
  readonly caller: Caller;
  readonly credential: string | undefined;
  readonly progress: Progress | undefined;
  readonly timeoutMs: number | undefined;
  readonly explain: boolean | undefined;
  readonly traceparent: string | undefined;
  /** `undefined`: a notification, nobody waits for an answer. */
  readonly id: RpcId | undefined;
  #ended = false;

  constructor(request: RpcRequest, session: RpcSession) {
    super();
    this.method = request.method;
    this.params = request.params;
    this.caller = session.caller;
    this.credential = session.credential;
    this.timeoutMs = session.asked?.timeoutMs;
    this.explain = session.asked?.explain;
    this.traceparent = session.asked?.traceparent;
    this.id = request.id;
    this.progress = session.notify && request.id !== undefined ? this.#progressTo(session.notify, request) : undefined;
  }

  /** Aborts the signal; the call still ends by its one response. */
  cancel(): void {
    if (!this.#ended) this.abort(new BrokerError("cancelled"));
  }

  /** After this no progress goes out. */
  end(): void {
    this.#ended = true;
  }

  /** `$/progress` notifications, where the request asks for them. */
  #progressTo(notify: NonNullable<RpcSession["notify"]>, request: RpcRequest): Progress | undefined {
    const token = progressToken(request);
    if (token === undefined) return undefined;
    const head = `{"jsonrpc":"2.0","method":"$/progress","params":{"token":${JSON.stringify(token)},"value":`;
    return (run: ProgressRun) => {
      let pending: Promise<void> | undefined;
      for (const value of run.values) {
        if (this.#ended) return;
        pending = notify(`${head}${JSON.stringify(value)}}}`) || pending;
      }
      return pending;
    };
  }
}

/** The token that the client gave, or else the id of a request that says `stream: true`. */
function progressToken({ id, params }: RpcRequest): RpcId | undefined {
  if (params === undefined) return undefined;
  const { stream, _meta } = params as { stream?: unknown; _meta?: { progressToken?: unknown } | null };
  const token = _meta?.progressToken;
  if (typeof token === "string" || typeof token === "number") return token;
  return stream === true ? id : undefined;
}

// One call of a REST row in the form the waist takes.

import type { Progress, Receipt } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { Cancellable } from "../dispatch/cancellable.ts";
import type { Caller, DispatchRequest } from "../dispatch/request.ts";
import type { Asked } from "../rpc/caller.ts";
import type { AnswerStream } from "./answer-stream.ts";
import type { Route } from "./routes.ts";

export interface CallSource {
  readonly requestId: string;
  readonly caller: Caller;
  readonly credential: string | undefined;
  readonly asked: Asked | undefined;
  readonly stream: AnswerStream | undefined;
}

export class RestCall extends Cancellable implements DispatchRequest {
  readonly method: string;
  readonly params: object;
  readonly requestId: string;
  readonly caller: Caller;
  readonly credential: string | undefined;
  readonly progress: Progress | undefined;
  readonly timeoutMs: number | undefined;
  readonly explain: boolean | undefined;
  readonly traceparent: string | undefined;
  readonly open: "loopback" | undefined;
  readonly onReceipt: ((receipt: Receipt) => void) | undefined;

  constructor({ method, row }: Route, params: object, { requestId, caller, credential, asked, stream }: CallSource) {
    super();
    this.method = method;
    this.params = params;
    this.requestId = requestId;
    this.caller = caller;
    this.credential = credential;
    this.progress = stream?.progress;
    this.timeoutMs = asked?.timeoutMs;
    this.explain = asked?.explain;
    this.traceparent = asked?.traceparent;
    this.open = row.open;
    this.onReceipt = stream?.onReceipt;
  }

  /** The client has gone: aborts the signal. */
  hangUp(): void {
    this.abort(new BrokerError("cancelled", "The client closed the connection"));
  }
}

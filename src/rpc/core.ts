// JSON-RPC 2.0, the same on every framing. jayson's Server is the protocol's engine: one method of it takes every name to
// the waist. Around it stands what it leaves open: nested batches, null as an id, bounds, calls under way, cancellation.
//
// The interface takes a callback because the hot path then costs one promise a call, the waist's own.

import { createRequire } from "node:module";
import type { JSONRPCRequestLike, MethodHandlerContext, Server } from "jayson";
import { BrokerError, toWireError } from "../core/errors.ts";
import type { Dispatcher, Outcome } from "../dispatch/request.ts";
import { Arriving, type Identify } from "./arriving.ts";
import { RpcCall } from "./call.ts";
import type { RpcLimits } from "./limits.ts";
import { faultOf, idOf, type RpcId, type RpcRequest } from "./request.ts";
import type { RpcSession } from "./session.ts";

const CANCEL = "$/cancelRequest";

/** Called exactly once a message: with the answer as one line of JSON, or with nothing where none is due. */
export type Done = (text: string | undefined) => void;

export interface RpcCore {
  readonly limits: RpcLimits;
  readonly arriving: Arriving;
  /** Answers one message: a parsed value, or the BrokerError of bytes that hold none. Never throws. */
  handle(message: unknown, session: RpcSession, done: Done): void;
}

type Callback = (error: unknown, result?: unknown) => void;

/** With its first message: jayson brings its clients along, and they would take 20 ms of every start. */
const load = createRequire(import.meta.url);

export function createRpcCore(dispatcher: Dispatcher, limits: RpcLimits, identify: Identify): RpcCore {
  return new Core(() => openServer(dispatcher), limits, new Arriving(limits, identify));
}

function openServer(dispatcher: Dispatcher): Server {
  const jayson = load("jayson") as typeof import("jayson");
  function toWaist(_params: unknown, call: object, callback: Callback): void {
    const settle = (outcome: Outcome): void => {
      if (outcome.ok) callback(null, outcome.result);
      else callback(toWireError(outcome.error, outcome.requestId));
    };
    const bug = (): void => callback(toWireError(new BrokerError("internal")));
    try {
      dispatcher.dispatch(call as RpcCall).then(settle, bug);
    } catch {
      bug();
    }
  }
  const method = new jayson.Method(toWaist as MethodHandlerContext, { useContext: true });
  return new jayson.Server({}, { router: () => method });
}

class Core implements RpcCore {
  readonly limits: RpcLimits;
  readonly arriving: Arriving;
  readonly #open: () => Server;
  #server: Server | undefined;

  constructor(open: () => Server, limits: RpcLimits, arriving: Arriving) {
    this.#open = open;
    this.limits = limits;
    this.arriving = arriving;
  }

  handle(message: unknown, session: RpcSession, done: Done): void {
    if (Array.isArray(message)) this.#batch(message, session, done);
    else this.#one(message, session, done);
  }

  #batch(messages: readonly unknown[], session: RpcSession, done: Done): void {
    const fault = faultOfBatch(messages, this.limits.batch);
    if (fault) {
      done(refusal(null, fault));
      return;
    }
    const answers: (string | undefined)[] = [];
    let open = messages.length;
    messages.forEach((message, index) => {
      this.#one(message, session, (text) => {
        answers[index] = text;
        if (--open > 0) return;
        const given = answers.filter((answer) => answer !== undefined);
        done(given.length > 0 ? `[${given.join()}]` : undefined);
      });
    });
  }

  #one(message: unknown, session: RpcSession, done: Done): void {
    const fault = message instanceof BrokerError ? message : (faultOf(message) ?? duplicate(message, session));
    if (fault) done(refusal(idOf(message), fault));
    else if ((message as RpcRequest).method === CANCEL) done(cancel(message as RpcRequest, session));
    else this.#call(message as RpcRequest, session, done);
  }

  #call(request: RpcRequest, session: RpcSession, done: Done): void {
    const { id } = request;
    const call = new RpcCall(request, session);
    session.begin(call);
    // To jayson null is no id, so it gets another and the answer is put right.
    const asked = (id === null ? { ...request, id: 0 } : request) as JSONRPCRequestLike;
    this.#server ??= this.#open();
    this.#server.call(asked, call, (error, success) => {
      session.end(call);
      const answer = error ?? success;
      if (id === undefined || !answer) done(undefined);
      else {
        if (id === null) (answer as { id: RpcId }).id = null;
        done(encode(answer, id));
      }
    });
  }
}

function faultOfBatch(messages: readonly unknown[], limit: number): BrokerError | undefined {
  if (messages.length === 0) return new BrokerError("invalid_request", "The batch is empty");
  if (messages.length <= limit) return undefined;
  const fault = `A batch holds at most ${limit} requests, not ${messages.length}`;
  return new BrokerError("invalid_request", fault, { limit });
}

function duplicate(message: unknown, session: RpcSession): BrokerError | undefined {
  const { id } = message as RpcRequest;
  if (id === undefined || !session.has(id)) return undefined;
  return new BrokerError("invalid_request", "A call with this id is under way on this connection", { param: "id" });
}

function cancel({ id, params }: RpcRequest, session: RpcSession): string | undefined {
  if (id !== undefined) {
    return refusal(id, new BrokerError("invalid_request", "$/cancelRequest is a notification: send it without an id"));
  }
  session.cancel(Array.isArray(params) ? params[0] : (params as { id?: unknown } | undefined)?.id);
  return undefined;
}

/** A result that JSON can't tell (a cycle, a BigInt) is a bug, shown as one. */
function encode(answer: unknown, id: RpcId): string {
  try {
    return JSON.stringify(answer);
  } catch {
    return refusal(id, new BrokerError("internal"));
  }
}

/** An error response as text. */
export function refusal(id: RpcId, fault: BrokerError): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: toWireError(fault) });
}

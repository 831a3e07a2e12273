// The waist: every call of every entry passes here. It names the caller, checks scope and params, runs the handler, turns
// whatever it throws into a BrokerError and writes the one log line. It never rejects.

import type { Call, Principal, Progress, Receipt } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { toUsd } from "../core/money.ts";
import type { Peer } from "../core/tool.ts";
import { type HandlersOf, METHODS } from "../generated/methods.ts";
import type { ErrorKind, MethodName } from "../generated/types.ts";
import type { Log } from "../log.ts";
import type { Authenticator } from "./authenticate.ts";
import { DeadlineSignal } from "./deadline.ts";
import type { Caller, Dispatcher, DispatchRequest, Outcome } from "./request.ts";
import { byName, methodName, validate } from "./validate.ts";

export type Handlers = HandlersOf<string, Call>;

export interface DispatchDeps {
  readonly handlers: Handlers;
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly now: () => number;
  readonly newRequestId: () => string;
  /** Billable calls at once; more are refused as `overloaded`. */
  readonly maxInFlight: number;
  /** Told of every call that fails. */
  readonly failed: (kind: ErrorKind) => void;
  /** Counts a call that costs nothing. Throws `rate_limited`. */
  readonly pass: (call: Pick<Call, "principal" | "ip">) => void;
}

export interface Waist extends Dispatcher {
  /** Billable calls under way. */
  readonly inFlight: number;
  /** From now on billable calls are refused. */
  drain(): void;
  readonly draining: boolean;
  /** For entries that keep sessions: who a message comes from. Throws or rejects as `Authenticator.principal` does. */
  identify(credential: string | undefined, caller: Caller): Principal | Promise<Principal>;
}

export function createDispatcher(deps: DispatchDeps): Waist {
  return new Dispatch(deps);
}

/** What the waist knows of one call; one object a request. */
class CallContext implements Call {
  readonly requestId: string;
  readonly startedAt: number;
  readonly ip: string;
  readonly parentId = undefined;
  readonly progress: Progress | undefined;
  deadline: number | undefined;
  explain: boolean;
  traceparent: string | undefined;
  method = "";
  principal!: Principal;
  receipt: Receipt | undefined;
  readonly #request: DispatchRequest;
  readonly #authenticator: Authenticator;
  #limited: DeadlineSignal | undefined;

  constructor(request: DispatchRequest, deps: DispatchDeps) {
    this.#request = request;
    this.#authenticator = deps.authenticator;
    this.requestId = request.requestId ?? deps.newRequestId();
    this.startedAt = deps.now();
    this.ip = request.caller.ip;
    this.progress = request.progress;
    this.explain = request.explain === true;
    this.traceparent = request.traceparent;
    if (request.timeoutMs !== undefined) this.deadline = this.startedAt + request.timeoutMs;
  }

  /** What framings without headers say beside the params. Not validated yet, so read with care. */
  readMeta(meta: Meta): void {
    if (typeof meta.deadline_ms === "number" && meta.deadline_ms > 0) {
      this.deadline = Math.min(this.deadline ?? Number.POSITIVE_INFINITY, this.startedAt + meta.deadline_ms);
    }
    if (meta.explain === true) this.explain = true;
    if (typeof meta.traceparent === "string") this.traceparent ??= meta.traceparent;
  }

  /** Entries make it when it is first asked for; most calls never do. */
  get signal(): AbortSignal {
    if (this.deadline === undefined) return this.#request.signal;
    this.#limited ??= new DeadlineSignal(this.#request.signal, this.deadline - this.startedAt);
    return this.#limited.signal;
  }

  end(): void {
    this.#limited?.end();
  }

  get peer(): Peer | undefined {
    return this.#request.peer;
  }

  tellReceipt(receipt: Receipt): void {
    this.receipt = receipt;
    this.#request.onReceipt?.(receipt);
  }

  authenticate(token: string): Promise<Principal> {
    return this.#authenticator.bind(token, this.#request.caller);
  }
}

class Dispatch implements Waist {
  inFlight = 0;
  draining = false;
  readonly #deps: DispatchDeps;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  drain(): void {
    this.draining = true;
  }

  identify(credential: string | undefined, caller: Caller): Principal | Promise<Principal> {
    return this.#deps.authenticator.principal(credential, caller, false);
  }

  async dispatch(request: DispatchRequest): Promise<Outcome> {
    const call = new CallContext(request, this.#deps);
    const { requestId } = call;
    try {
      const result = await this.#run(request, call);
      this.#logLine(request, call, undefined);
      return { ok: true, requestId, result, receipt: call.receipt };
    } catch (cause) {
      const error = cause instanceof BrokerError ? cause : new BrokerError("internal");
      this.#deps.failed(error.kind);
      this.#logLine(request, call, error, cause === error ? error.cause : cause);
      return { ok: false, requestId, error, receipt: call.receipt };
    } finally {
      call.end();
    }
  }

  async #run(request: DispatchRequest, call: CallContext): Promise<object> {
    const method = methodName(request.method);
    const row = METHODS[method];
    call.method = method;
    const params = byName(method, request.params);
    const meta = metaOf(params);
    if (meta) call.readMeta(meta);
    const credential = request.credential ?? (typeof meta?.token === "string" ? meta.token : undefined);
    // A session whose token is no longer good can be begun anew.
    const caller = method === "session.authenticate" ? { ...request.caller, session: undefined } : request.caller;
    const who = this.#deps.authenticator.principal(credential, caller, request.open === "loopback");
    call.principal = who instanceof Promise ? await who : who;
    this.#admit(method, call.principal);
    validate(method, params);
    const handler = this.#deps.handlers[method] as (params: object, call: Call) => object | Promise<object>;
    if (!row.billable) {
      if (row.scope === "inference") this.#deps.pass(call);
      return handler(params, call);
    }
    if (this.draining) throw new BrokerError("draining", undefined, { retry_after_ms: 1000 });
    if (this.inFlight >= this.#deps.maxInFlight)
      throw new BrokerError("overloaded", undefined, { retry_after_ms: 1000 });
    this.inFlight++;
    try {
      return await handler(params, call);
    } finally {
      this.inFlight--;
    }
  }

  #admit(method: MethodName, principal: Principal): void {
    const { scope } = METHODS[method];
    if (principal.scopes.has(scope)) return;
    if (!principal.scopes.has("inference")) {
      throw new BrokerError("unauthorized", "This broker needs a credential: send it as `Authorization: Bearer ...`");
    }
    throw new BrokerError("forbidden", `${method} needs the scope "${scope}"`);
  }

  #logLine(request: DispatchRequest, call: CallContext, error: BrokerError | undefined, bug?: unknown): void {
    const { log, now } = this.#deps;
    const { receipt } = call;
    // What costs nothing and went well is of interest to nobody but a developer.
    if (!receipt && !error && !log.isLevelEnabled("debug")) return;
    const line = {
      request_id: call.requestId,
      method: call.method || request.method.slice(0, 128),
      ip: call.ip,
      principal: call.principal?.name,
      ms: now() - call.startedAt,
      outcome: error?.kind ?? "ok",
      model: receipt?.model,
      provider: receipt?.provider,
      attempts: receipt?.attempts,
      upstream_status: error?.facts.upstream_status,
      reason: error?.facts.reason,
      cost_usd: receipt?.costNanoUsd === undefined ? undefined : toUsd(receipt.costNanoUsd),
    };
    if (error?.kind === "internal") logBug(log, line, bug);
    else if (receipt || error) log.info(line, "call");
    else log.debug(line, "call");
  }
}

/** Anything can be thrown, also what can't be printed; that must not end in a rejection. */
function logBug(log: Log, line: object, bug: unknown): void {
  try {
    log.error({ ...line, err: bug }, "bug");
  } catch {
    log.error(line, "bug that can't be printed");
  }
}

interface Meta {
  readonly token?: unknown;
  readonly deadline_ms?: unknown;
  readonly explain?: unknown;
  readonly traceparent?: unknown;
}

/** `_meta` as it came: it is read before validation. */
function metaOf(params: object): Meta | undefined {
  const meta = (params as { _meta?: unknown })._meta;
  return typeof meta === "object" && meta !== null ? meta : undefined;
}

// The waist: every call of every entry passes here. It names the caller, checks scope and params, runs the handler, turns
// whatever it throws into a BrokerError and writes the one log line. It never rejects.

import type { Call, Principal, Progress, Receipt } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { toUsd } from "../core/money.ts";
import { type HandlersOf, METHODS } from "../generated/methods.ts";
import type { MethodName } from "../generated/types.ts";
import type { Log } from "../log.ts";
import type { Authenticator } from "./authenticate.ts";
import type { Dispatcher, DispatchRequest, Outcome } from "./request.ts";
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
}

export interface Waist extends Dispatcher {
  /** Billable calls under way. */
  readonly inFlight: number;
  /** From now on billable calls are refused. */
  drain(): void;
  readonly draining: boolean;
}

export function createDispatcher(deps: DispatchDeps): Waist {
  return new Dispatch(deps);
}

/** What the waist knows of one call; one object a request. */
class CallContext implements Call {
  readonly requestId: string;
  readonly startedAt: number;
  readonly ip: string;
  readonly progress: Progress | undefined;
  method = "";
  principal!: Principal;
  receipt: Receipt | undefined;
  readonly #request: DispatchRequest;
  readonly #authenticator: Authenticator;

  constructor(request: DispatchRequest, deps: DispatchDeps) {
    this.#request = request;
    this.#authenticator = deps.authenticator;
    this.requestId = request.requestId ?? deps.newRequestId();
    this.startedAt = deps.now();
    this.ip = request.caller.ip;
    this.progress = request.progress;
  }

  /** Entries make it when it is first asked for; most calls never do. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }

  tellReceipt(receipt: Receipt): void {
    this.receipt = receipt;
    this.#request.onReceipt?.(receipt);
  }

  authenticate(token: string): Principal {
    const { caller } = this.#request;
    caller.session = this.#authenticator.principal(token, caller, false);
    return caller.session;
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

  async dispatch(request: DispatchRequest): Promise<Outcome> {
    const call = new CallContext(request, this.#deps);
    const { requestId } = call;
    try {
      const result = await this.#run(request, call);
      this.#logLine(request, call, undefined);
      return { ok: true, requestId, result, receipt: call.receipt };
    } catch (cause) {
      const error = cause instanceof BrokerError ? cause : new BrokerError("internal");
      this.#logLine(request, call, error, cause === error ? error.cause : cause);
      return { ok: false, requestId, error, receipt: call.receipt };
    }
  }

  async #run(request: DispatchRequest, call: CallContext): Promise<object> {
    const method = methodName(request.method);
    const row = METHODS[method];
    call.method = method;
    const params = byName(method, request.params);
    const credential = request.credential ?? metaToken(params);
    call.principal = this.#deps.authenticator.principal(credential, request.caller, request.open === "loopback");
    this.#admit(method, call.principal);
    validate(method, params);
    const handler = this.#deps.handlers[method] as (params: object, call: Call) => object | Promise<object>;
    if (!row.billable) return handler(params, call);
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

/** A credential for framings without headers. Read before validation, so with care. */
function metaToken(params: object): string | undefined {
  const meta = (params as { _meta?: unknown })._meta;
  if (typeof meta !== "object" || meta === null) return undefined;
  const token = (meta as { token?: unknown }).token;
  return typeof token === "string" ? token : undefined;
}

// One HTTP request from its header block to the last byte of its answer: is it allowed, what is asked, its body, the call,
// the answer. One object a request; a hang-up reaches the call at any moment.

import { BrokerError } from "../core/errors.ts";
import type { Caller, Dispatcher, Outcome } from "../dispatch/request.ts";
import type { Log } from "../log.ts";
import type { McpHttp } from "../mcp/server/http-request.ts";
import type { Arrival } from "../rpc/arriving.ts";
import type { RpcCore } from "../rpc/core.ts";
import type { HttpAnswer } from "../rpc/http-answer.ts";
import { handleHttpRpc } from "../rpc/http-rpc.ts";
import { watchLastBytes } from "../rpc/stall.ts";
import type { Turn, Waiting } from "../rpc/turn.ts";
import type { Admit } from "./admission.ts";
import { type Aim, findAim, shapeAt, shapeOf } from "./aim.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { askedOf, credentialIn } from "./asked.ts";
import { type Body, NO_BYTES, parseObject } from "./body.ts";
import { bodyOf } from "./body-of.ts";
import { type CallSource, RestCall } from "./call.ts";
import type { Connection, OpenExchange } from "./connection.ts";
import { type Cors, preflightOf, setHeaders } from "./cors.ts";
import type { ErrorShape } from "./error-shape.ts";
import type { RestLimits } from "./limits.ts";
import { lingerThenEnd } from "./linger.ts";
import { toMcpRequest } from "./mcp-request.ts";
import { Form } from "./multipart.ts";
import { collectParams } from "./params.ts";
import type { BodyFlow, BodyReader, RestRequest } from "./request.ts";
import { type Reply, sendError, sendResult } from "./respond.ts";
import type { Route, Router } from "./routes.ts";
import { streamOf } from "./stream-of.ts";

export interface ExchangeDeps {
  readonly dispatcher: Dispatcher;
  readonly rpc: RpcCore;
  readonly mcp: McpHttp;
  readonly log: Log;
  readonly limits: RestLimits;
  readonly router: Router;
  readonly cors: Cors;
  readonly newRequestId: () => string;
  readonly turn: Turn;
  readonly admit: Admit;
}

/** By whom a request is made and how. */
type From = Pick<CallSource, "credential" | "asked">;

const CLOSE = ["connection", "close"];

export class Exchange implements OpenExchange, Reply, BodyReader, Waiting {
  readonly response: HttpAnswer;
  readonly requestId: string;
  readonly cors: readonly string[];
  shape: ErrorShape = "openai";
  receiving = false;
  readonly #deps: ExchangeDeps;
  readonly #connection: Connection;
  readonly #request: RestRequest;
  #caller: Caller | undefined;
  #aim: Aim | undefined;
  #body: Body | Form | undefined;
  #flow: BodyFlow | undefined;
  #callOfRow: RestCall | undefined;
  /** Of JSON-RPC or MCP. */
  #session: { close(): void } | undefined;
  #stream: AnswerStream | undefined;
  /** Answered, or nobody is there to be answered. */
  #over = false;
  #lingers = false;
  #last: string | undefined;

  constructor(deps: ExchangeDeps, connection: Connection, request: RestRequest, response: HttpAnswer) {
    this.#deps = deps;
    this.#connection = connection;
    this.#request = request;
    this.response = response;
    this.requestId = deps.newRequestId();
    this.cors = deps.cors.headers(request.headers.origin);
    connection.open.add(this);
  }

  begin(): void {
    const { method = "", url = "" } = this.#request;
    try {
      const caller = this.#deps.admit(this.#request);
      if (caller instanceof BrokerError) throw caller;
      this.#caller = caller;
      this.#aim = findAim(this.#deps.router, method, url);
      this.shape = shapeOf(this.#aim);
      this.#receive(this.#aim);
    } catch (cause) {
      if (!this.#aim) this.shape = shapeAt(this.#deps.router, url);
      if (method !== "OPTIONS" || !this.#preflight(cause)) this.fail(cause);
    }
  }

  #preflight(cause: unknown): boolean {
    const headers = preflightOf(this.#deps.cors, this.#request.headers, cause);
    if (!headers) return false;
    this.response.writeHead(204, [...headers, ...this.cors, "x-request-id", this.requestId]);
    this.end("");
    return true;
  }

  #receive({ route }: Aim): void {
    this.#body = bodyOf(route, this.#request.headers, this.#deps.limits);
    this.receiving = this.#body !== undefined;
    if (this.receiving) this.#flow = this.#request.readBody(this);
    else this.#call(undefined);
  }

  arrival(): Arrival {
    const { rpc, limits } = this.#deps;
    return rpc.arriving.from(this.#caller as Caller, credentialIn(this.#request.headers, limits.credentialLength));
  }

  take(chunk: Buffer): void {
    this.#body?.add(chunk);
  }

  received(): void {
    this.receiving = false;
    if (this.#over) return;
    if (this.#body instanceof Form) void this.#callForm(this.#body);
    else this.#call(this.#body?.bytes());
  }

  async #callForm(form: Form): Promise<void> {
    try {
      const params = await form.params();
      if (!this.#over) this.#call(undefined, params);
    } catch (cause) {
      this.fail(cause);
    }
  }

  #call(bytes: Buffer | undefined, form?: object): void {
    this.#body = undefined;
    const { limits } = this.#deps;
    const { headers } = this.#request;
    const from = { credential: credentialIn(headers, limits.credentialLength), asked: askedOf(headers) };
    const { route, captured, query, mcp } = this.#aim as Aim;
    if (mcp !== undefined) this.#callMcp(bytes, from);
    else if (route) {
      const body = form ?? (bytes && parseObject(bytes, limits.depth));
      void this.#callRow(route, collectParams(route.row, captured, query, body, headers), from);
    } else this.#callRpc(bytes ?? NO_BYTES, from);
  }

  async #callRow(route: Route, params: object, from: From): Promise<void> {
    const stream = streamOf(this, this.#deps.limits, route, params);
    const { requestId } = this;
    const call = new RestCall(route, params, { requestId, caller: this.#caller as Caller, ...from, stream });
    this.#stream = stream;
    this.#callOfRow = call;
    try {
      const outcome = await this.#deps.dispatcher.dispatch(call);
      if (!this.#over) this.#answer(route, outcome);
    } catch (cause) {
      this.fail(cause);
    }
  }

  #answer(route: Route, outcome: Outcome): void {
    if (this.#stream) this.#stream.finish(outcome);
    else if (outcome.ok) sendResult(this, route, outcome.result, outcome.receipt, this.#callOfRow?.params);
    else sendError(this, outcome.error, outcome.receipt);
  }

  #callRpc(body: Buffer, from: From): void {
    setHeaders(this.response, this.cors);
    const request = { body, headers: this.#request.headers, caller: this.#caller as Caller, ...from };
    this.#session = handleHttpRpc(this.#deps.rpc, request, this.response, (text) => this.end(text));
  }

  #callMcp(bytes: Buffer | undefined, from: From): void {
    const { depth, stalledMs } = this.#deps.limits;
    const done = (): void => {
      this.#leave();
      watchLastBytes(this.response, stalledMs);
    };
    const ways = { done, fail: (cause: unknown) => this.fail(cause) };
    const request = { request: this.#request, caller: this.#caller as Caller, aim: this.#aim as Aim, ...from };
    this.#session = this.#deps.mcp.serve(toMcpRequest(this, { ...request, ...ways, bytes, depth }));
  }

  end(text?: string): void {
    this.#leave();
    this.#last = text;
    this.#deps.turn.wait(this);
  }

  turnEnds(): void {
    if (this.#lingers) lingerThenEnd(this.#request, this.response, this.#last ?? "", this.#deps.limits.lingerMs);
    else this.response.end(this.#last);
    watchLastBytes(this.response, this.#deps.limits.stalledMs);
  }

  /** By a reset, which no client takes for an end; HTTP/1.0 has no other sign. A Unix socket has none at all. */
  cut(): void {
    const { socket } = this.response;
    this.#leave();
    if (socket && !this.#caller?.ip.startsWith("unix:")) socket.resetAndDestroy();
    else this.response.destroy();
  }

  /** The call is over and need not hear of a hang-up; its last bytes may still be on their way. */
  #leave(): void {
    this.#over = true;
    this.#connection.open.delete(this);
  }

  hangUp(): void {
    this.#over = true;
    this.#body = undefined;
    this.#flow?.letGo();
    this.#stream?.hangUp();
    this.#session?.close();
    this.#callOfRow?.hangUp();
  }

  giveUp(error: BrokerError): void {
    this.#refuse(error, CLOSE);
  }

  fail(cause: unknown): void {
    const error = cause instanceof BrokerError ? cause : new BrokerError("internal");
    if (cause !== error) this.#deps.log.error({ request_id: this.requestId, err: cause }, "bug");
    if (this.#over) return;
    this.#lingers = error.kind === "too_large" || this.receiving;
    this.#refuse(error, this.#lingers ? CLOSE : []);
  }

  /** An answer that the waist has not seen, so it is logged here. */
  #refuse(error: BrokerError, more: readonly string[]): void {
    const { method: verb, url = "" } = this.#request;
    const path = url.split("?", 1)[0]?.slice(0, 128);
    const line = { request_id: this.requestId, ip: this.#caller?.ip, verb, path, outcome: error.kind };
    this.#deps.log.info(line, "refused");
    this.#flow?.letGo();
    this.#body = undefined;
    this.#stream?.hangUp();
    if (this.response.headersSent) this.response.destroy();
    else sendError(this, error, undefined, more);
  }
}

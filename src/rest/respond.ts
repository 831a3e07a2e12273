// Answers in one piece: one `writeHead` with a flat list of headers, one `end` with a string, which the server sends as
// one packet. Every answer names its request; what served it is told where something did.

import type { ServerResponse } from "node:http";
import type { RateStates, Receipt } from "../core/call.ts";
import { type BrokerError, KINDS, toWireError } from "../core/errors.ts";
import type { NanoUsd } from "../core/money.ts";
import type { MethodName } from "../generated/types.ts";
import { toOpenAiError } from "./error-shape.ts";
import { pushRates } from "./rates.ts";
import type { Route } from "./routes.ts";

/** Where an answer goes. */
export interface Reply {
  readonly response: ServerResponse;
  /** Writes the last bytes. */
  end(text?: string): void;
  /** Breaks the connection, so that what was written can't be taken for the whole. */
  cut(): void;
  readonly requestId: string;
  /** Flat list; the CORS headers of this answer. */
  readonly cors: readonly string[];
}

/** Results that say more by their status than 200. */
const RESULT_STATUS: { readonly [M in MethodName]?: (result: { readonly status?: unknown }) => number } = {
  "system.health": ({ status }) => (status === "draining" ? 503 : 200),
};

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Throws where the result is not JSON (a cycle, a BigInt); nothing is written then. */
export function sendResult(reply: Reply, { method, row }: Route, result: object, receipt: Receipt | undefined): void {
  const status = RESULT_STATUS[method]?.(result) ?? 200;
  if (row.response === "text") send(reply, status, TEXT_TYPE, (result as { text: string }).text, receipt);
  else send(reply, status, JSON_TYPE, JSON.stringify(result), receipt);
}

/** How an error is shown: OpenAI's way, or as a JSON-RPC response where the request was one. */
export type ErrorShape = "openai" | "rpc";

/** Headers: whether and when to try again, and what else the kind calls for. `more`: further ones, as a flat list. */
export function sendError(
  reply: Reply,
  error: BrokerError,
  receipt: Receipt | undefined,
  shape: ErrorShape = "openai",
  more: readonly string[] = [],
): void {
  const body =
    shape === "openai"
      ? JSON.stringify(toOpenAiError(error, reply.requestId))
      : JSON.stringify({ jsonrpc: "2.0", id: null, error: toWireError(error, reply.requestId) });
  send(reply, errorStatus(error), JSON_TYPE, body, receipt, [...errorHeaders(error, receipt), ...more]);
}

/** A provider's status is passed on only where it is one of an error. */
function errorStatus({ status, kind }: BrokerError): number {
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : KINDS[kind].status;
}

function errorHeaders(error: BrokerError, receipt: Receipt | undefined): string[] {
  const headers = ["x-should-retry", String(error.retryable)];
  const { retry_after_ms: wait, allow, rates } = error.facts;
  if (rates && !receipt?.rates) pushRates(headers, rates as RateStates);
  if (wait !== undefined) {
    headers.push("retry-after", String(Math.ceil(wait / 1000)), "retry-after-ms", String(Math.ceil(wait)));
  }
  if (error.kind === "unauthorized") headers.push("www-authenticate", "Bearer");
  if (typeof allow === "string") headers.push("allow", allow);
  if (error.kind === "draining") headers.push("connection", "close");
  return headers;
}

function send(
  reply: Reply,
  status: number,
  type: string,
  body: string,
  receipt: Receipt | undefined,
  more?: readonly string[],
): void {
  const headers = ["content-type", type, "content-length", String(Buffer.byteLength(body))];
  pushCommon(headers, reply, receipt);
  if (more) headers.push(...more);
  reply.response.writeHead(status, headers);
  reply.end(body);
}

/** What every answer tells: its request, and what served it. */
export function pushCommon(headers: string[], reply: Reply, receipt: Receipt | undefined): void {
  headers.push("x-request-id", reply.requestId);
  if (receipt) {
    headers.push("x-broker-model", headerText(receipt.model), "x-broker-provider", headerText(receipt.provider));
    headers.push("x-broker-attempts", String(receipt.attempts));
    if (receipt.costNanoUsd !== undefined) headers.push("x-broker-cost", decimalUsd(receipt.costNanoUsd));
    if (receipt.rates) pushRates(headers, receipt.rates);
  }
  if (reply.cors.length > 0) headers.push(...reply.cors);
}

/** Names come from the configuration and may hold anything; a header may not. */
function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

/** USD as a plain decimal, never with an exponent: 1 nano-USD is `0.000000001`. */
export function decimalUsd(amount: NanoUsd): string {
  const digits = String(Math.abs(amount)).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  const whole = digits.slice(0, -9);
  return `${amount < 0 ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

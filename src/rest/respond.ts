// Answers in one piece: one `writeHead` with a flat list of headers, one `end` with a string, which the server sends as
// one packet. Every answer names its request; what served it is told where something did.

import type { RateStates, Receipt } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import { textBehind } from "../core/json-text.ts";
import type { NanoUsd } from "../core/money.ts";
import type { MethodName } from "../generated/types.ts";
import type { HttpAnswer } from "../rpc/http-answer.ts";
import { type ErrorShape, errorStatus, toErrorBody } from "./error-shape.ts";
import { pushRates } from "./rates.ts";
import type { Route } from "./routes.ts";

/** Where an answer goes. */
export interface Reply {
  readonly response: HttpAnswer;
  /** Writes the last bytes. */
  end(text?: string): void;
  /** Breaks the connection, so that what was written can't be taken for the whole. */
  cut(): void;
  readonly requestId: string;
  readonly shape: ErrorShape;
  /** Flat list; the CORS headers of this answer. */
  readonly cors: readonly string[];
}

/** Results that say more by their status than 200. */
const RESULT_STATUS: { readonly [M in MethodName]?: (result: { readonly status?: unknown }) => number } = {
  "system.health": ({ status }) => (status === "draining" ? 503 : 200),
};

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Formats of a transcription whose body is its text. */
const TRANSCRIPT_TYPES: ReadonlyMap<unknown, string> = new Map([
  ["text", "text/plain; charset=utf-8"],
  ["srt", "text/plain; charset=utf-8"],
  ["vtt", "text/vtt; charset=utf-8"],
]);

/** Throws where the result is not JSON (a cycle, a BigInt); nothing is written then. */
export function sendResult(
  reply: Reply,
  { method, row }: Route,
  result: object,
  receipt: Receipt | undefined,
  params?: { readonly response_format?: unknown },
): void {
  const status = RESULT_STATUS[method]?.(result) ?? 200;
  const asText = row.response === "transcription" ? TRANSCRIPT_TYPES.get(params?.response_format) : undefined;
  if (asText) send(reply, status, asText, (result as { text: string }).text, receipt);
  else if (row.response === "text") send(reply, status, TEXT_TYPE, (result as { text: string }).text, receipt);
  else send(reply, status, JSON_TYPE, jsonOf(result), receipt);
}

/** What did not change is not written again. */
function jsonOf(result: object): string {
  const text = textBehind(result);
  return typeof text === "string" ? text : JSON.stringify(result);
}

/** Headers: whether and when to try again, and what else the kind calls for. `more`: further ones, as a flat list. */
export function sendError(
  reply: Reply,
  error: BrokerError,
  receipt: Receipt | undefined,
  more: readonly string[] = [],
): void {
  const { requestId, shape } = reply;
  const body = JSON.stringify(toErrorBody(error, requestId, shape));
  send(reply, errorStatus(error, shape), JSON_TYPE, body, receipt, [...errorHeaders(error, receipt), ...more]);
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
  if (reply.shape === "anthropic") headers.push("request-id", reply.requestId);
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

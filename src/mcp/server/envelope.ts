// What a request of 2026-07-28 tells about itself: in `_meta` which version it speaks, what its client can be asked and which
// log messages it wants; over HTTP the headers say some of it again and must agree.

import type { IncomingHttpHeaders } from "node:http";
import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import type { Again } from "../../core/tool.ts";
import { HEADER_MISMATCH, ProtocolFault, UNSUPPORTED_VERSION } from "./fault.ts";
import { isLevel, type Level } from "./level.ts";
import { LEGACY_VERSIONS, MODERN_VERSIONS, type Params, type Request } from "./wire.ts";

const PREFIX = "io.modelcontextprotocol/";
const VERSION = `${PREFIX}protocolVersion`;
const CAPABILITIES = `${PREFIX}clientCapabilities`;
const LOG_LEVEL = `${PREFIX}logLevel`;
const VERSIONS = [...MODERN_VERSIONS, ...LEGACY_VERSIONS];
export const SERVER_INFO_KEY = `${PREFIX}serverInfo`;
export const SUBSCRIPTION_KEY = `${PREFIX}subscriptionId`;

export interface Envelope {
  readonly capabilities: Params;
  readonly level: Level | undefined;
}

/** The message claims a version, or its header names one that has no handshake. */
export function isModern(params: Params, version: string | string[] | undefined): boolean {
  if (isObject(params._meta) && params._meta[VERSION] !== undefined) return true;
  return version !== undefined && !LEGACY_VERSIONS.includes(String(version));
}

/** Throws ProtocolFault: parts are missing, or nobody speaks that version. */
export function readEnvelope({ _meta }: Params): Envelope {
  const meta = isObject(_meta) ? _meta : {};
  const { [VERSION]: version, [CAPABILITIES]: capabilities, [LOG_LEVEL]: level } = meta;
  if (typeof version !== "string") throw missing(VERSION);
  if (!MODERN_VERSIONS.includes(version)) throw unsupported(version, MODERN_VERSIONS);
  if (!isObject(capabilities)) throw missing(CAPABILITIES);
  return { capabilities, level: isLevel(level) ? level : undefined };
}

/** What the client was asked the last time, and answers now. Throws `invalid_params`. */
export function readAgain({ inputResponses, requestState }: Params): Again {
  if (requestState !== undefined && typeof requestState !== "string") {
    throw new BrokerError("invalid_params", "/requestState: must be string", { param: "/requestState" });
  }
  if (inputResponses !== undefined && !(isObject(inputResponses) && Object.values(inputResponses).every(isObject))) {
    throw new BrokerError("invalid_params", "/inputResponses: must be an object of objects", {
      param: "/inputResponses",
    });
  }
  return {
    ...(inputResponses === undefined ? {} : { inputResponses: inputResponses as Params }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}

/** Throws ProtocolFault where a header is missing that must be there, or says something else than the body. */
export function checkHeaders(
  headers: IncomingHttpHeaders,
  { method, params }: Pick<Request, "method" | "params">,
): void {
  const claimed = isObject(params._meta) ? params._meta[VERSION] : undefined;
  const version = headers["mcp-protocol-version"];
  if (version === undefined || (claimed !== undefined && version !== claimed)) throw mismatch("MCP-Protocol-Version");
  if (claimed === undefined && !VERSIONS.includes(String(version))) throw unsupported(String(version), VERSIONS);
  if (headers["mcp-method"] !== method) throw mismatch("Mcp-Method");
  const name = NAMED[method];
  if (name !== undefined && decoded(headers["mcp-name"]) !== params[name]) throw mismatch("Mcp-Name");
}

const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/** A header's value; `undefined` where it is missing or not what base64 of UTF-8 looks like. */
export function decoded(value: string | string[] | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const base64 = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (base64 === undefined) return value;
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes.toString() : undefined;
}

export function mismatch(header: string): ProtocolFault {
  return new ProtocolFault(HEADER_MISMATCH, `Header mismatch: ${header} is missing or differs from the body`, 400);
}

function unsupported(requested: string, supported: readonly string[]): ProtocolFault {
  return new ProtocolFault(UNSUPPORTED_VERSION, "Unsupported protocol version", 400, { supported, requested });
}

function missing(key: string): ProtocolFault {
  return new ProtocolFault(-32602, `Invalid params: _meta lacks ${key}`, 400);
}

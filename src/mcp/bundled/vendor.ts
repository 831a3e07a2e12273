// A vendor as data: where it is, how it knows its caller, and its tools, each of them a schema and the request that the
// arguments become. One engine (engine.ts) runs all of them.

import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Secret } from "../../core/secret.ts";
import type { Schema } from "./schema.ts";

/** Arguments of a call that fit the tool's schema. */
export type Arguments = Readonly<Record<string, unknown>>;

interface ToolCard {
  readonly name: string;
  /** For the model that chooses: what it does, what it gives. */
  readonly description: string;
  readonly input: Schema;
  /** It can change something in the world. */
  readonly writes?: true;
}

/** A tool as it is served. */
export interface BundledTool extends ToolCard {
  /** Failures are results with `isError`; it rejects only when aborted, or by a bug. */
  run(args: Arguments, signal: AbortSignal): Promise<CallToolResult>;
}

/** A tool of a vendor. */
export interface VendorTool extends ToolCard {
  request(args: Arguments): VendorRequest;
}

export interface VendorRequest {
  /** GET, unless said otherwise. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH";
  /** Behind the base URL, with a leading slash. */
  readonly path: string;
  /** Where the path is found while the base URL is the vendor's own: some vendors have several hosts. */
  readonly home?: string;
  /** `undefined` is left out; lists are joined by commas. */
  readonly query?: Arguments;
  readonly json?: Arguments;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a good answer is: JSON, unless said otherwise. */
  readonly expects?: "json" | "any";
}

export interface Vendor {
  /** For messages. */
  readonly title: string;
  readonly baseUrl: string;
  /** For an answer to be there as a whole. */
  readonly timeoutMs: number;
  /** The header, or the member of the query, that carries the key. */
  readonly auth: { readonly header: string } | { readonly query: string };
  readonly tools: readonly VendorTool[];
  /** What a 2xx answer complains of, where vendors report failures so. */
  complaint?(answer: Arguments): string | undefined;
}

/** How the vendor is asked here. */
export interface VendorAccess {
  readonly key: Secret;
  readonly keyVariable: string;
  readonly baseUrl: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** A tool whose arguments are the query of a GET. */
export function get(path: string): VendorTool["request"] {
  return (query) => ({ path, query });
}

/** A tool whose arguments are the JSON body of a POST. */
export function post(path: string, home?: string): VendorTool["request"] {
  return (json) => ({ method: "POST", path, json, ...(home && { home }) });
}

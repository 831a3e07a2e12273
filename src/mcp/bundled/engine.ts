// Runs the tools of a vendor: arguments become a request, the answer a result. A vendor that refuses, fails, is late or
// can't be reached is a result with `isError` that says so; nothing is tried twice, since the vendor may have charged.

import type { CallToolResult } from "@modelcontextprotocol/server";
import { concealer } from "./conceal.ts";
import { faultOf } from "./fault.ts";
import { exchange, type HttpAnswer, type HttpRequest, NoAnswer } from "./http.ts";
import { NotShown, resultOf } from "./result.ts";
import type { Arguments, BundledTool, Vendor, VendorAccess, VendorRequest } from "./vendor.ts";

/** Characters of a request's URL and body. */
const MOST_URL = 32 * 1_024;
const MOST_BODY = 4 * 1_024 * 1_024;

export function toolsOf(vendor: Vendor, access: VendorAccess): readonly BundledTool[] {
  const conceal = concealer(access.key);
  return vendor.tools.map((tool) => ({
    ...tool,
    run: async (args, signal) => {
      const failed = (why: string): CallToolResult => {
        return { isError: true, content: [{ type: "text", text: conceal(`${vendor.title} ${why}`) }] };
      };
      const asked = tool.request(args);
      const request = httpRequest(vendor, access, asked, signal);
      if (request.url.href.length > MOST_URL || (request.body?.length ?? 0) > MOST_BODY) {
        return failed("was not asked: the arguments are too long");
      }
      try {
        return answered(vendor, asked, await exchange(request), { conceal, failed, access });
      } catch (cause) {
        if (cause instanceof NoAnswer || cause instanceof NotShown) return failed(cause.message);
        throw cause;
      }
    },
  }));
}

interface Telling {
  readonly access: VendorAccess;
  conceal(text: string): string;
  failed(why: string): CallToolResult;
}

function answered(vendor: Vendor, asked: VendorRequest, answer: HttpAnswer, telling: Telling): CallToolResult {
  if (answer.status < 200 || answer.status > 299) return telling.failed(faultOf(answer, telling.access.keyVariable));
  const result = resultOf(answer, asked.expects ?? "json", telling.conceal);
  const complaint = result.structuredContent && vendor.complaint?.(result.structuredContent as Arguments);
  return complaint === undefined ? result : telling.failed(`failed: ${complaint}`);
}

function httpRequest(vendor: Vendor, access: VendorAccess, asked: VendorRequest, signal: AbortSignal): HttpRequest {
  const url = new URL(
    access.baseUrl === undefined && asked.home ? asked.home : (access.baseUrl ?? vendor.baseUrl) + asked.path,
  );
  for (const [name, value] of Object.entries(asked.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value)); // of a list: its items, joined by commas
  }
  const headers: Record<string, string> = {
    accept: "application/json, */*",
    "user-agent": "aibroker",
    ...asked.headers,
  };
  if ("header" in vendor.auth) headers[vendor.auth.header] = access.key.reveal();
  else url.searchParams.set(vendor.auth.query, access.key.reveal());
  if (asked.json) headers["content-type"] = "application/json";
  return {
    method: asked.method ?? "GET",
    url,
    headers,
    body: asked.json ? JSON.stringify(asked.json) : asked.body,
    timeoutMs: access.timeoutMs ?? vendor.timeoutMs,
    signal,
  };
}

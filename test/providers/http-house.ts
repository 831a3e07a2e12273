// A scripted upstream and an HTTP client, both anew for each test of the file that imports them.

import { afterEach, beforeEach } from "node:test";
import type { Timeouts } from "../../src/core/model.ts";
import { createHttp, type Http, type HttpRequest } from "../../src/providers/http.ts";
import { createTarget } from "../support/target.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

export let upstream: Upstream;
export let http: Http;

beforeEach(async () => {
  upstream = await createUpstream();
  http = createHttp({ headers: { "x-title": "Test" } });
});

afterEach(async () => {
  await http.close();
  await upstream.close();
});

export function post(options: { url?: string; timeouts?: Partial<Timeouts>; signal?: AbortSignal } = {}): HttpRequest {
  const { backend, key } = createTarget({ url: options.url ?? upstream.url, timeouts: options.timeouts ?? {} });
  const headers = ["content-type", "application/json", "authorization", `Bearer ${key.secret?.reveal()}`];
  const signal = options.signal ?? new AbortController().signal;
  return { provider: backend.provider, key, method: "POST", path: "/x", headers, body: "{}", signal };
}

// A scripted upstream and the provider that speaks to it, for one test file; both end with its tests.

import { after } from "node:test";
import type { ChatProvider } from "../../src/core/provider.ts";
import { createHttp, type Http } from "../../src/providers/http.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

export interface House {
  readonly upstream: Upstream;
  readonly http: Http;
  readonly provider: ChatProvider;
}

export async function openHouse(create: (http: Http) => ChatProvider): Promise<House> {
  const upstream = await createUpstream();
  const http = createHttp();
  const provider = create(http);
  after(async () => {
    await provider.close();
    await upstream.close();
  });
  return { upstream, http, provider };
}

// Every dialect has its provider, and the embedded one loads with its first call.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dialect } from "../../src/generated/types.ts";
import type { EmbeddedProvider } from "../../src/providers/embedded.ts";
import { createHttp } from "../../src/providers/http.ts";
import { createProviders } from "../../src/providers/registry.ts";
import { createCall, createTarget } from "../support/target.ts";
import { collect } from "./collect.ts";

const call = createCall(createTarget({ url: "embedded:", dialect: "embedded", secret: null }));

test("a provider for every dialect", async () => {
  const providers = createProviders({ http: createHttp() });
  const dialects: Dialect[] = ["openai", "anthropic", "ollama", "embedded", "command"];
  assert.deepEqual(Object.keys(providers).sort(), [...dialects].sort());
  for (const dialect of dialects) await providers[dialect].close();
});

test("the embedded provider is loaded once, with the first call, and closed when it was loaded", async () => {
  let loads = 0;
  let closes = 0;
  const chunk = { id: "1", object: "chat.completion.chunk" as const, created: 1, model: "m", choices: [] };
  const embedded: EmbeddedProvider = {
    async *stream() {
      yield { values: [chunk] };
    },
    embed: () => assert.fail("nobody asked for vectors"),
    speak: () => assert.fail("nobody asked for speech"),
    close: async () => void closes++,
  };
  const load = async () => {
    loads++;
    if (loads === 1) throw new TypeError("not yet");
    return embedded;
  };
  const providers = createProviders({ http: createHttp(), loadEmbedded: load });
  assert.equal(loads, 0);
  await assert.rejects(collect(providers.embedded.stream(call)), /not yet/);
  assert.deepEqual((await collect(providers.embedded.stream(call))).chunks, [chunk]);
  await collect(providers.embedded.stream(call));
  assert.equal(loads, 2);
  await providers.embedded.close();
  assert.equal(closes, 1);
});

test("closing an embedded provider that was never used loads nothing", async () => {
  const providers = createProviders({ http: createHttp(), loadEmbedded: () => assert.fail("it was loaded") });
  await providers.embedded.close();
});

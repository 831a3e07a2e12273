// What a request asks of the backend itself: who can't meet it is passed over, and where nobody can the caller is told why.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenNeeds } from "../../src/broker/by-tokens.ts";
import { buildCatalogues } from "../../src/config/catalogue.ts";
import { readEnv } from "../../src/config/env.ts";
import type { Ask, Outlook } from "../../src/core/plan.ts";
import { route } from "../../src/core/route.ts";
import { NO_UNITS } from "../../src/core/usage.ts";

const voice = (model_id: string, more: object = {}) => ({ provider: "embedded", model_id, ...more });
const { speech } = buildCatalogues(
  {
    models: {},
    tts_models: {
      both: { backends: [voice("compressed", { free: true }), voice("plain", { free: true })] },
      one: { aliases: ["only"], backends: [voice("plain", { input_cost: 1, output_cost: 2 })] },
    },
  },
  readEnv({}),
  new Map(),
);
const outlook: Outlook = { now: () => 0, coolingUntil: () => undefined, speed: () => undefined };

function planOf(model: string) {
  const ask: Ask = {
    ...{ model, models: [], allowed: undefined, maxCost: undefined },
    ...{ unknownPrice: "flag", strategy: "priority", chance: () => 0 },
    needs: {
      capabilities: new Set(),
      promptTokens: 0,
      promptTokensAtMost: 0,
      maxTokens: 0,
      choices: 1,
      units: NO_UNITS,
    },
    requirement: {
      param: "response_format",
      unmet: ({ modelId }) => (modelId === "plain" ? "plain gives wav, not mp3" : undefined),
    },
  };
  return route(speech, ask, outlook);
}

test("a backend that can't meet the requirement is dropped with its reason", () => {
  const { candidates, dropped, refusal } = planOf("both");
  assert.deepEqual(
    candidates.map(({ backend }) => backend.modelId),
    ["compressed"],
  );
  assert.deepEqual(
    dropped.map(({ reason }) => reason),
    ["plain gives wav, not mp3"],
  );
  assert.equal(refusal, undefined);
});

test("where none can, the refusal names the param and the reason", () => {
  const { refusal } = planOf("one");
  assert.equal(refusal?.kind, "capability_missing");
  assert.equal(refusal?.facts.param, "response_format");
  assert.match(refusal?.message ?? "", /plain gives wav, not mp3/);
});

test("a call counts as tokens only at models that are billed by them, by alias too", () => {
  const estimate = { input: 2.1, output: 3 };
  assert.deepEqual(tokenNeeds(speech, ["both", "nobody"], estimate), { promptTokens: 0, maxTokens: 0 });
  assert.deepEqual(tokenNeeds(speech, ["both", "only"], estimate), { promptTokens: 3, maxTokens: 3 });
});

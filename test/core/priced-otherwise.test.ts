// What changes the price of a request in a way that no configuration tells.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pricedOtherwise, refuseLookAlikes } from "../../src/core/priced-otherwise.ts";

const tools = (...types: unknown[]) => ({ tools: types.map((type) => ({ type })) });

for (const [params, pointer] of [
  [{ model: "m", service_tier: "priority" }, "/service_tier"],
  [{ service_tier: "flex" }, "/service_tier"],
  [{ web_search_options: {} }, "/web_search_options"],
  [{ plugins: [{ id: "web" }] }, "/plugins"],
  [tools("function", "web_search_20260209"), "/tools/1/type"],
  [tools("code_interpreter"), "/tools/0/type"],
  [tools("bash"), "/tools/0/type"],
  [{ model: "m", service_tier: "auto", speed: null, tools: null }, undefined],
  [{ service_tier: "default" }, undefined],
  [tools("function", "custom", undefined, null, "bash_20250124", "text_editor_20250728", "local_shell"), undefined],
  [{}, undefined],
] as const) {
  test(`${JSON.stringify(params)}: ${pointer ?? "nothing"}`, () => assert.equal(pricedOtherwise(params), pointer));
}

test("a name that differs in case alone from one that is paid for is refused", () => {
  assert.throws(() => refuseLookAlikes({ Service_Tier: "priority" }), { kind: "invalid_params" });
  refuseLookAlikes({ service_tier: "priority", Custom: 1 });
});

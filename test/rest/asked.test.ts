// What headers ask of the broker itself: a time limit, the route, a trace context; for REST rows and for POST /rpc.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import type { DispatchRequest } from "../../src/dispatch/request.ts";
import { CHAT, echo, errorOf, failed, openHouse } from "./house.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const CALLS = [
  { path: CHAT, body: { model: "m" } },
  { path: "/rpc", body: { jsonrpc: "2.0", id: 1, method: "models.list" } },
];

function askedOf({ timeoutMs, explain, traceparent }: DispatchRequest): object {
  return { timeoutMs, explain, traceparent };
}

const NOTHING = { timeoutMs: undefined, explain: undefined, traceparent: undefined };
const ROWS: readonly (readonly [headers: Record<string, string>, expected: object])[] = [
  [{}, NOTHING],
  [{ "x-request-timeout-ms": "1" }, { ...NOTHING, timeoutMs: 1 }],
  [{ "x-request-timeout-ms": "86400000" }, { ...NOTHING, timeoutMs: 86_400_000 }],
  [{ "x-broker-explain": "true" }, { ...NOTHING, explain: true }],
  [{ "x-broker-explain": "false" }, NOTHING],
  [{ traceparent: TRACE }, { ...NOTHING, traceparent: TRACE }],
  [{ traceparent: `cc${TRACE.slice(2)}-later` }, { ...NOTHING, traceparent: `cc${TRACE.slice(2)}-later` }],
  [{ traceparent: `ff${TRACE.slice(2)}` }, NOTHING],
  [{ traceparent: TRACE.toUpperCase() }, NOTHING],
  [{ traceparent: "00-00000000000000000000000000000000-b7ad6b7169203331-01" }, NOTHING],
  [{ traceparent: "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01" }, NOTHING],
  [{ traceparent: `${TRACE},${TRACE}` }, NOTHING],
];

for (const { path, body } of CALLS) {
  describe(`POST ${path}`, () => {
    for (const [headers, expected] of ROWS) {
      test(`with ${JSON.stringify(headers)}`, async (t) => {
        const house = await openHouse(t, echo);
        assert.equal((await house.post(path, body, headers)).status, 200);
        assert.deepEqual(house.calls.map(askedOf), [expected]);
      });
    }

    for (const timeout of ["0", "-1", "1.5", "1e3", "86400001", "999999999999", "soon", "", "5, 6"]) {
      test(`refuses ${JSON.stringify(timeout)} as a time limit, by name`, async (t) => {
        const house = await openHouse(t, echo);
        const response = await house.post(path, body, { "x-request-timeout-ms": timeout });
        assert.equal(response.status, 400);
        const { error } = (await response.json()) as { error: { param?: string; data?: { param: string } } };
        assert.equal(error.param ?? error.data?.param, "x-request-timeout-ms");
        assert.equal(house.calls.length, 0);
      });
    }
  });
}

test("the calls of a batch share the request's headers", async (t) => {
  const house = await openHouse(t, echo);
  const call = { jsonrpc: "2.0", method: "models.list" };
  await house.post(
    "/rpc",
    [
      { ...call, id: 1 },
      { ...call, id: 2 },
    ],
    { "x-request-timeout-ms": "5" },
  );
  assert.deepEqual(
    house.calls.map(({ timeoutMs }) => timeoutMs),
    [5, 5],
  );
});

test("an error tells the route where the waist gives one, and no other fact", async (t) => {
  const error = new BrokerError("no_usable_target", "None", { route: { strategy: "cheapest" }, other: 1 });
  const house = await openHouse(t, (request) => failed(request, error));
  const told = await errorOf(await house.post(CHAT, { model: "m" }));
  assert.deepEqual(told.route, { strategy: "cheapest" });
  assert.deepEqual(Object.keys(told), ["message", "type", "param", "code", "request_id", "route"]);
});

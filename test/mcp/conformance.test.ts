// The official conformance suite against /mcp, with its fixtures in a server behind the broker: all that each revision of
// the specification requires of servers passes through. The table is printed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { conformance, faultsOf, table } from "./conformance.ts";
import { FIXTURES, type McpBroker, startMcpBroker } from "./server/house.ts";

describe("the broker as an MCP server conforms", () => {
  let broker: McpBroker;
  before(async () => {
    broker = await startMcpBroker({ fixtures: FIXTURES });
  });
  after(() => broker.stop());

  for (const revision of ["2025-11-25", "2026-07-28"]) {
    for (const path of ["/mcp", "/mcp/servers/fixtures"]) {
      test(`to ${revision} at ${path}`, async (t) => {
        const run = await conformance(["server", "--url", `${broker.url}${path}`], revision);
        t.diagnostic(`${revision} ${path}\n${table(run.verdicts)}`);
        assert.ok(run.verdicts.length > 25, run.output);
        assert.deepEqual(faultsOf(run, "server"), [], run.output);
      });
    }
  }
});

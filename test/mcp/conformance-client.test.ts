// The official conformance suite against the client side: the suite is the server, the broker's pool connects to it. The
// table is printed.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { conformance, faultsOf, table } from "./conformance.ts";
import { ROOT } from "./server/house.ts";

const COMMAND = `${process.execPath} ${join(ROOT, "test/mcp/conformance-client.ts")}`;

describe("the broker as an MCP client conforms", () => {
  for (const revision of ["2025-11-25", "2026-07-28"]) {
    test(`to ${revision}, but for OAuth`, async (t) => {
      const run = await conformance(["client", "--command", COMMAND], revision);
      t.diagnostic(`${revision}\n${table(run.verdicts)}`);
      assert.ok(run.verdicts.length > 15, run.output);
      assert.deepEqual(faultsOf(run, "client"), [], run.output);
    });
  }
});

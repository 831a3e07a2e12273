// The conformance suite's client scenarios against our client side. What we do not do is named, with the reason.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { describe, type TestContext, test } from "node:test";
import { tempDir } from "../../support/temp.ts";

const CLIENT = join(import.meta.dirname, "../../support/mcp-conformance-client.ts");
const SUITE = join(import.meta.dirname, "../../../node_modules/.bin/conformance");

/** All client scenarios but: `auth/*`, since servers are given their credentials as headers and we run no OAuth flow; */
/** `sep-2640-*`, an extension (skills) that we do not declare. */
const SCENARIOS = [
  ...["initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry", "request-metadata"],
  ...["sep-2322-client-request-state", "http-standard-headers", "http-custom-headers", "http-invalid-tool-headers"],
  ...["json-schema-ref-no-deref", "json-schema-2020-12-preservation"],
];

async function run(t: TestContext, args: readonly string[]): Promise<{ code: number; out: string }> {
  const child = spawn(execPath, [SUITE, ...args], {
    cwd: tempDir(t),
    env: { PATH: `${dirname(execPath)}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (out += text));
  const [code] = await once(child, "close");
  return { code, out };
}

describe("the conformance suite passes:", { timeout: 120_000 }, () => {
  for (const scenario of SCENARIOS) {
    test(scenario, async (t) => {
      const { code, out } = await run(t, ["client", "--command", `${execPath} ${CLIENT}`, "--scenario", scenario]);
      assert.equal(code, 0, out);
      assert.match(out, /OVERALL: PASSED/, out);
    });
  }

  test("there is no scenario that is neither here nor named as left out", async (t) => {
    const { out } = await run(t, ["list"]);
    const clients = out.slice(out.indexOf("Client scenarios"), out.indexOf("Authorization server scenarios"));
    const names = [...clients.matchAll(/^ {2}- (\S+) /gm)].map(([, name]) => name ?? "");
    const left = names.filter((name) => !/^(auth\/|sep-2640-)/.test(name));
    assert.deepEqual(left.sort(), [...SCENARIOS].sort());
  });
});

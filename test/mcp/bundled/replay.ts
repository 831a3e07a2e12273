// Runs a table of calls against a bundled server: what the vendor is asked, and what becomes of its documented answer.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { CANARY, type Child, child, textOf, variables } from "./child.ts";
import { type Answer, type Asked, type StandIn, standIn } from "./stand-in.ts";

export interface Case {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** What the vendor is asked, without the key. `json` is the body parsed. */
  readonly asks: Partial<Pick<Asked, "method" | "path" | "query" | "body">> & { readonly json?: unknown };
  readonly headers?: Readonly<Record<string, string>>;
  /** The documented answer. */
  readonly answer: Answer;
  /** A part of the result's text; the answer itself unless given. */
  readonly shows?: RegExp;
  readonly image?: { readonly mimeType: string; readonly data: string };
}

export async function started(
  context: TestContext,
  name: string,
  more: Record<string, string> = {},
): Promise<{ readonly vendor: StandIn; readonly server: Child }> {
  const vendor = await standIn(context);
  return { vendor, server: await child(context, name, variables(name, vendor.url, more)) };
}

/** `key` says where the vendor wants it. */
export function replay(
  name: string,
  key: { readonly header?: string; readonly query?: string },
  cases: readonly Case[],
) {
  describe(`${name} is asked as it documents, and its answers come through`, () => {
    test("by every tool it lists", async (context) => {
      const { vendor, server } = await started(context, name);
      const { tools } = await server.client.listTools();
      assert.deepEqual(tools.map((each) => each.name).sort(), [...new Set(cases.map(({ tool }) => tool))].sort());
      for (const each of cases) {
        await context.test(`${each.tool} ${JSON.stringify(each.args).slice(0, 80)}`, async () => {
          vendor.answers(each.answer);
          const result = await server.call(each.tool, each.args);
          assert.notEqual(result.isError, true, textOf(result));
          assert.equal(vendor.asked.length, 1);
          checkAsked(vendor.asked[0], each, key);
          checkResult(result, each);
          assert.ok(!JSON.stringify(result).includes(CANARY));
        });
      }
    });
  });
}

function checkAsked(asked: Asked | undefined, { asks, headers = {} }: Case, key: { header?: string; query?: string }) {
  assert.ok(asked);
  const { [key.query ?? ""]: inQuery, ...query } = asked.query;
  assert.equal(key.header ? asked.headers[key.header] : inQuery, CANARY);
  const { json, ...plain } = { method: "GET", query: {}, ...asks };
  const { method, path, body } = asked;
  assert.deepEqual({ method, query, ...(asks.path && { path }), ...("body" in asks && { body }) }, plain);
  if (json !== undefined) assert.deepEqual(JSON.parse(body), json);
  for (const [header, value] of Object.entries(headers)) assert.equal(asked.headers[header], value);
}

function checkResult(result: Awaited<ReturnType<Child["call"]>>, { answer, shows, image }: Case) {
  if (image) assert.deepEqual(result.content, [{ type: "image", ...image }]);
  else if (shows) assert.match(textOf(result), shows);
  else if (typeof answer.body === "string") assert.equal(textOf(result), answer.body);
  else {
    assert.deepEqual(JSON.parse(textOf(result)), answer.body);
    assert.deepEqual(result.structuredContent, Array.isArray(answer.body) ? undefined : answer.body);
  }
}

// What goes wrong at a vendor becomes a tool error that says whose fault it is. The key is in the query here (SerpApi and
// ScraperAPI), and every message is searched for it.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { CANARY, type Child, child, textOf, variables } from "./child.ts";
import { started } from "./replay.ts";
import { type Answer, standIn } from "./stand-in.ts";

const MIB = 1024 * 1024;
const html = (body: string, status = 200): Answer => ({ status, headers: { "content-type": "text/html" }, body });

async function failure(server: Child, tool = "search", args: Record<string, unknown> = { q: "x" }): Promise<string> {
  const result = await server.call(tool, args);
  assert.equal(result.isError, true, textOf(result).slice(0, 200));
  assert.equal(result.structuredContent, undefined);
  for (const form of [CANARY, encodeURIComponent(CANARY), "canary"]) assert.ok(!JSON.stringify(result).includes(form));
  return textOf(result);
}

const answers: readonly [answer: Answer, says: string | RegExp][] = [
  [
    {
      status: 401,
      body: { error: `Invalid API key ${CANARY}. Your API key should be here: https://serpapi.com/manage-api-key` },
    },
    "SerpApi refused SERPAPI_API_KEY (401): Invalid API key sk-…789=. Your API key should be here: https://serpapi.com/manage-api-key",
  ],
  [
    { status: 402, body: { requestId: "b5", error: "Credits exhausted", tag: "NO_MORE_CREDITS" } },
    "SerpApi wants payment (402): out of credits, or above the plan's limit: Credits exhausted, NO_MORE_CREDITS",
  ],
  [
    { status: 403, body: { message: "Unauthorized.", statusCode: 403 } },
    /^SerpApi forbids it \(403\): SERPAPI_API_KEY is .*: Unauthorized\.$/,
  ],
  [
    { status: 400, body: { message: ["q should not be empty", "q must be a string"], statusCode: 400 } },
    "SerpApi refused the request (400): q should not be empty, q must be a string",
  ],
  [
    { status: 400, body: { message: "Not enough credits", statusCode: 400 } },
    "SerpApi refused the request (400): Not enough credits",
  ],
  [{ status: 404 }, "SerpApi did not find it (404)"],
  [
    { status: 418, body: { error: { message: "I'm a teapot", code: "TEAPOT" } } },
    "SerpApi refused the request (418): I'm a teapot, TEAPOT",
  ],
  [
    { status: 429, headers: { "retry-after": "30" }, body: { error: "Your account has run out of searches." } },
    "SerpApi limits the rate, or is out of credits (429), retry after 30 s: Your account has run out of searches.",
  ],
  [
    { status: 429, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } },
    "SerpApi limits the rate, or is out of credits (429), retry after Wed, 21 Oct 2026 07:28:00 GMT",
  ],
  [{ status: 429, headers: { "retry-after": `<${CANARY}>` } }, "SerpApi limits the rate, or is out of credits (429)"],
  [
    { status: 500, body: "Request failed. You will not be charged for this request." },
    "SerpApi failed (500): Request failed. You will not be charged for this request.",
  ],
  [
    html("<html><script>var a = 1;</script><h1>502 Bad\nGateway</h1></html>", 502),
    "SerpApi failed (502): 502 Bad Gateway",
  ],
  [{ status: 503, body: "x".repeat(5_000) }, `SerpApi failed (503): ${"x".repeat(500)} …`],
  [{ status: 500, body: `${'{"error":'.repeat(10_000)}"deep"${"}".repeat(10_000)}` }, /^SerpApi failed \(500\)/],
  [{ status: 304 }, "SerpApi answered with status 304"],
  [html("<p>Please log in</p>"), "SerpApi answered with text/html where JSON was expected: <p>Please log in</p>"],
  [
    { headers: { "content-type": "application/json" }, body: '{"a":' },
    'SerpApi answered with application/json where JSON was expected: {"a":',
  ],
  [{ body: "" }, "SerpApi answered with no type where JSON was expected: "],
  [
    { status: 302, headers: { location: "https://elsewhere.example/?k=1" } },
    "SerpApi redirects to https://elsewhere.example, which is not followed",
  ],
  [{ status: 302, headers: { location: "http://[" } }, "SerpApi redirects to undefined, which is not followed"],
  [{ status: 307, headers: { location: "/search.json" } }, "SerpApi redirects more than 3 times"],
];

test("a vendor's refusals, failures and odd answers are tool errors", async (context) => {
  const { vendor, server } = await started(context, "serpapi");
  for (const [answer, says] of answers) {
    await context.test(
      `${answer.status ?? 200} ${JSON.stringify(answer.body ?? answer.headers ?? "").slice(0, 60)}`,
      async () => {
        vendor.answers(answer);
        const said = await failure(server);
        if (typeof says === "string") assert.equal(said, says);
        else assert.match(said, says);
        assert.equal(vendor.asked.length, answer.status === 307 ? 4 : 1, "nothing is tried twice");
      },
    );
  }
});

test("a redirect on the vendor's own origin is followed for a GET, and never for a POST", async (context) => {
  const { vendor, server } = await started(context, "serpapi");
  vendor.answers(({ path }) =>
    path === "/here" ? { body: { a: 1 } } : { status: 301, headers: { location: "/here" } },
  );
  assert.deepEqual((await server.call("search", { q: "x" })).structuredContent, { a: 1 });
  const posting = await child(context, "exa", variables("exa", vendor.url));
  vendor.answers({ status: 301, headers: { location: "/here" } });
  assert.equal(await failure(posting, "search", { query: "x" }), "Exa redirects a POST, which is not followed");
});

test("a vendor that is late, silent in the middle, gone or no HTTP server is a tool error", async (context) => {
  const { vendor, server } = await started(context, "serpapi", { SERPAPI_TIMEOUT: "200ms" });
  vendor.answers(() => undefined);
  assert.equal(await failure(server), "SerpApi did not answer within 0.2 s");
  vendor.answers((_, response) => void response.writeHead(200, { "content-type": "application/json" }).write('{"a":'));
  assert.equal(await failure(server), "SerpApi did not answer within 0.2 s");
  vendor.answers((_, response) => void response.destroy());
  assert.equal(await failure(server), "SerpApi could not be reached (UND_ERR_SOCKET)");

  const junk = createServer((socket) =>
    socket
      .on("error", () => {})
      .resume()
      .end("220 smtp ready\r\n"),
  );
  context.after(() => junk.close());
  await new Promise<void>((resolve) => junk.listen(0, "127.0.0.1", resolve));
  const { port } = junk.address() as { port: number };
  const lost = await child(context, "serpapi", variables("serpapi", `http://127.0.0.1:${port}`));
  assert.match(await failure(lost), /^SerpApi could not be reached \([\w ]+\)$/);
  await new Promise((resolve) => junk.close(resolve));
  assert.equal(await failure(lost), "SerpApi could not be reached (ECONNREFUSED)");
});

for (const era of ["legacy", "auto"] as const) {
  test(`cancelling a call hangs up on the vendor, and the next call is served (${era})`, {
    timeout: 30_000,
  }, async (context) => {
    const vendor = await standIn(context);
    const server = await child(context, "serpapi", variables("serpapi", vendor.url, { SERPAPI_TIMEOUT: "10m" }), era);
    const cancelling = new AbortController();
    const hungUp = new Promise<void>((resolve) => {
      vendor.answers((_, response) => {
        response.on("close", resolve);
        cancelling.abort();
        return undefined;
      });
    });
    const call = server.client.callTool({ name: "search", arguments: { q: "x" } }, { signal: cancelling.signal });
    await assert.rejects(call);
    await hungUp;
    vendor.answers({ body: { a: 1 } });
    assert.deepEqual((await server.call("search", { q: "x" })).structuredContent, { a: 1 });
  });
}

test("long answers are cut with a note, so that a client can read them", async (context) => {
  const { vendor, server } = await started(context, "scraperapi");
  const page = { url: "https://example.com" };
  const note = `\n[cut here: the answer is longer than ${MIB} characters]`;
  for (const length of [MIB + 1, 7 * MIB]) {
    vendor.answers(html("ä".repeat(length)));
    const text = textOf(await server.call("scrape", page));
    assert.ok(text.endsWith(note));
    assert.equal(text.length, MIB + note.length);
  }
  vendor.answers({ body: { a: "x".repeat(3 * MIB) } });
  const json = await server.call("account");
  assert.equal(json.structuredContent, undefined);
  assert.ok(textOf(json).endsWith(note));
  vendor.answers({ body: { a: '"'.repeat(MIB) } });
  assert.deepEqual((await server.call("account")).structuredContent, { a: '"'.repeat(MIB) });
  vendor.answers({ headers: { "content-type": "image/png" }, body: Buffer.alloc(6 * MIB) });
  assert.equal((await server.call("scrape", page)).content[0]?.type, "image");
  vendor.answers({ headers: { "content-type": "image/png" }, body: Buffer.alloc(6 * MIB + 1) });
  assert.equal(await failure(server, "scrape", page), "ScraperAPI answered with a picture of more than 6 MiB");
  vendor.answers({ headers: { "content-type": "application/pdf" }, body: "%PDF" });
  assert.equal(
    await failure(server, "scrape", page),
    "ScraperAPI answered with application/pdf, which is neither text nor a picture",
  );
});

test("arguments that make too long a request are not sent", async (context) => {
  const { vendor, server } = await started(context, "scrapfly");
  vendor.answers({ body: {} });
  const headers = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x-${index}`, "x".repeat(4_096)]));
  const said = await failure(server, "scrape", { url: "https://example.com", headers });
  assert.equal(said, "Scrapfly was not asked: the arguments are too long");
  assert.equal(vendor.asked.length, 0);
});

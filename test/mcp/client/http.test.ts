// MCP servers over HTTP, of both eras and over SSE: sessions that are lost, redirects, limits, and headers that nobody else sees.

import assert from "node:assert/strict";
import type { RequestListener, ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import type { Peer } from "../../../src/core/tool.ts";
import { until } from "../../support/mcp.ts";
import { modern, serveHttp, withSessions, withSse } from "../../support/mcp-http.ts";
import { failure, openHouse, orderFor, stateOf, textOf } from "./house.ts";

const LIMIT = { timeout: 30_000 };

const STATEFUL: readonly [name: string, make: () => RequestListener, transport: "http" | "sse" | undefined][] = [
  ["with sessions and streams", () => withSessions(), "http"],
  ["with sessions and plain answers", () => withSessions({ json: true }), "http"],
  ["that tells of a lost session by 400", () => withSessions({ lost: 400 }), "http"],
  ["over SSE", withSse, "sse"],
  ["over SSE where that was not said", withSse, undefined],
];

for (const [name, make, transport] of STATEFUL) {
  describe(`a server ${name}`, LIMIT, () => {
    test("keeps callers apart", async (t) => {
      const { url } = await serveHttp(t, make);
      const { pool } = openHouse(t, { s: { url, ...(transport ? { transport } : {}) } });
      await pool.tried(10_000);
      assert.equal(stateOf(pool, "s")?.state, "healthy", JSON.stringify(stateOf(pool, "s")));
      const seen: Record<string, string[]> = { a: [], b: [] };
      for (const owner of ["a", "b", "a", "a", "b"])
        seen[owner]?.push(await textOf(pool, "count", {}, orderFor(owner)));
      assert.deepEqual(seen, { a: ["1", "2", "3"], b: ["1", "2"] });
    });

    test("that was stopped and started between two calls serves the next one", async (t) => {
      const server = await serveHttp(t, make);
      const { pool } = openHouse(t, { s: { url: server.url, ...(transport ? { transport } : {}) } });
      await pool.tried(10_000);
      assert.equal(await textOf(pool, "count"), "1");
      assert.equal(await textOf(pool, "count"), "2");
      await server.stop();
      assert.match((await failure(textOf(pool, "count"))).kind, /^mcp_server_(unavailable|failed)$/);
      await server.start();
      assert.equal(await textOf(pool, "count"), "1");
      await until(() => stateOf(pool, "s")?.state === "healthy");
    });

    test("hands on progress", async (t) => {
      const { url } = await serveHttp(t, make);
      const { pool } = openHouse(t, { s: { url, ...(transport ? { transport } : {}) } });
      await pool.tried(10_000);
      const order = orderFor("a");
      assert.equal(await textOf(pool, "steps", {}, order), "done");
      const expected = name.includes("plain") ? [] : [1, 2, 3];
      assert.deepEqual(
        order.progress.map(({ params }) => params.progress),
        expected,
      );
    });
  });
}

describe("a server of the newer era", LIMIT, () => {
  test("is found to be one, and called", async (t) => {
    const { url } = await serveHttp(t, modern);
    const { pool } = openHouse(t, { s: { url } });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "s")?.protocol_version, "2026-07-28");
    const order = orderFor("a");
    assert.equal(await textOf(pool, "echo", { a: 1 }, order), '{"a":1}');
    assert.equal(await textOf(pool, "steps", {}, order), "done");
    assert.deepEqual(
      order.progress.map(({ params }) => params.progress),
      [1],
    );
  });

  test("serves the next call after a restart", async (t) => {
    const server = await serveHttp(t, modern);
    const { pool } = openHouse(t, { s: { url: server.url } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "echo", { a: 1 }), '{"a":1}');
    await server.stop();
    assert.match((await failure(textOf(pool, "echo"))).kind, /^mcp_server_(unavailable|failed)$/);
    await server.start();
    assert.equal(await textOf(pool, "echo", { a: 2 }), '{"a":2}');
  });

  test("asks the caller within its answers; where nobody can be asked the call fails", async (t) => {
    const { url } = await serveHttp(t, modern);
    const { pool } = openHouse(t, { s: { url } });
    await pool.tried(10_000);
    const peer: Peer = {
      session: "s1",
      capabilities: { elicitation: { form: {} } },
      ask: async (method) => ({ action: "accept", content: { name: method } }),
    };
    assert.equal(await textOf(pool, "greet", {}, orderFor("s1", peer)), "hello elicitation/create");
    const error = await failure(textOf(pool, "greet", {}, orderFor("nobody")));
    assert.ok(["mcp_server_failed", "mcp_rejected"].includes(error.kind), error.kind);
  });
});

describe("answers", LIMIT, () => {
  test("longer than the configuration allows fail their call alone", async (t) => {
    for (const json of [true, false]) {
      const { url } = await serveHttp(t, () => withSessions({ json }));
      const { pool } = openHouse(t, { s: { url, max_result_bytes: 10_000 } });
      await pool.tried(10_000);
      assert.equal(await textOf(pool, "count"), "1");
      const error = await failure(textOf(pool, "big"));
      assert.equal(error.kind, "mcp_server_failed");
      assert.match(error.message, /longer than 10000 bytes/);
    }
  });

  test("that break off fail their call at once, and the connection is not used again", async (t) => {
    const server = await serveHttp(t, () => withSessions());
    const { pool } = openHouse(t, { s: { url: server.url } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "count"), "1");
    const call = failure(textOf(pool, "cut"));
    await until(() => server.seen.length >= 8);
    await server.stop();
    await server.start();
    const error = await call;
    assert.ok(["mcp_server_failed", "mcp_server_unavailable"].includes(error.kind));
    assert.equal(await textOf(pool, "count"), "1");
  });
});

describe("whether the server may have begun a call is told:", LIMIT, () => {
  async function begun(pool: ReturnType<typeof openHouse>["pool"], name: string): Promise<number> {
    let times = 0;
    const order = { ...orderFor("a"), onBegun: () => void times++ };
    await textOf(pool, name, {}, order).catch(() => {});
    return times;
  }

  test("it answered; it refused; it took too long", async (t) => {
    let refuses = false;
    const serves = withSessions();
    const server = await serveHttp(t, () => (request, response) => {
      if (refuses) response.writeHead(401).end();
      else serves(request, response);
    });
    const { pool } = openHouse(t, { s: { url: server.url, timeout_ms: 300 } });
    await pool.tried(10_000);
    assert.equal(await begun(pool, "count"), 1);
    refuses = true;
    assert.equal(await begun(pool, "count"), 0);
    refuses = false;
    assert.equal(await begun(pool, "cut"), 1, "nobody knows how far it came");
  });

  test("nobody waits any more for a connection that is being made", async (t) => {
    let mute = false;
    const serves = withSessions();
    const server = await serveHttp(t, () => (request, response) => {
      if (!mute) serves(request, response);
    });
    const { pool } = openHouse(t, { s: { url: server.url } });
    await pool.tried(10_000);
    mute = true;
    const seen = server.seen.length;
    const order = { ...orderFor("b"), onBegun: () => assert.fail("it has not") };
    const call = failure(textOf(pool, "count", {}, order));
    await until(() => server.seen.length > seen);
    order.controller.abort(new BrokerError("cancelled"));
    assert.equal((await call).kind, "cancelled");
  });
});

describe("headers", LIMIT, () => {
  const SECRET = "canary-of-a-header-0123456789";

  test("go to the server with every request, and into no message", async (t) => {
    const server = await serveHttp(t, () => (request, response) => {
      response.writeHead(403).end(`not with ${request.headers.authorization}`);
    });
    const { pool, log } = openHouse(t, { s: { url: server.url, headers: { authorization: `Bearer ${SECRET}` } } });
    await pool.tried(10_000);
    await until(() => stateOf(pool, "s")?.state === "error");
    assert.ok(server.seen.length > 0 && server.seen.every(({ authorization }) => authorization === `Bearer ${SECRET}`));
    const told = JSON.stringify([pool.servers(), log]);
    assert.match(told, /HTTP 403/);
    assert.ok(!told.includes("canary"), told);
  });

  test("are not sent to where a redirect leads away", async (t) => {
    const goal = await serveHttp(t, modern);
    const server = await serveHttp(t, () => (_request, response) => {
      response.writeHead(307, { location: goal.url }).end();
    });
    const headers = { authorization: `Bearer ${SECRET}`, "x-own": "1" };
    const { pool } = openHouse(t, { s: { url: server.url, headers, allow_private_redirects: true } });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "s")?.state, "healthy", JSON.stringify(stateOf(pool, "s")));
    assert.equal(await textOf(pool, "echo", { a: 1 }), '{"a":1}');
    assert.ok(goal.seen.length > 0);
    for (const seen of goal.seen) assert.ok(!("authorization" in seen) && !("x-own" in seen));
  });
});

describe("a session", LIMIT, () => {
  const redirecting = (to: { readonly url: string }, response: ServerResponse): void => {
    response.writeHead(307, { location: to.url }).end();
  };

  test("of a server that every request is redirected to lasts", async (t) => {
    const goal = await serveHttp(t, () => withSessions());
    const detour = await serveHttp(t, () => (_request, response) => redirecting(goal, response));
    const server = await serveHttp(t, () => (_request, response) => redirecting(detour, response));
    const { pool } = openHouse(t, { s: { url: server.url, allow_private_redirects: true } });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "s")?.state, "healthy", JSON.stringify(stateOf(pool, "s")));
    for (const count of ["1", "2", "3"]) assert.equal(await textOf(pool, "count"), count);
    assert.ok(goal.seen.some((seen) => "mcp-session-id" in seen));
    assert.ok(!detour.seen.some((seen) => "mcp-session-id" in seen));
  });

  test("goes to no other origin than the one that gave it", async (t) => {
    const other = await serveHttp(t, () => withSessions());
    let away = false;
    const server = await serveHttp(t, () => {
      const serve = withSessions();
      return (request, response) => (away ? redirecting(other, response) : serve(request, response));
    });
    const { pool } = openHouse(t, { s: { url: server.url, allow_private_redirects: true } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "count"), "1");
    const sessions = new Set(server.seen.map((seen) => seen["mcp-session-id"]).filter(Boolean));
    assert.ok(sessions.size > 0);
    away = true;
    await textOf(pool, "count").catch(() => {});
    assert.ok(other.seen.length > 0);
    assert.ok(!other.seen.some((seen) => sessions.has(seen["mcp-session-id"])));
  });
});

describe("redirects", LIMIT, () => {
  test("to addresses of this machine are not followed", async (t) => {
    const goal = await serveHttp(t, modern);
    const { port } = new URL(goal.url);
    const wrapped = ["[::ffff:127.0.0.1]", "[::127.0.0.1]", "[2002:7f00:1::]"];
    for (const host of ["127.0.0.1", "localhost", "[::1]", "2130706433", ...wrapped]) {
      const server = await serveHttp(t, () => (_request, response) => {
        response.writeHead(307, { location: `http://${host}:${port}/` }).end();
      });
      const { pool } = openHouse(t, { s: { url: server.url, transport: "http" } });
      await pool.tried(10_000);
      assert.match(stateOf(pool, "s")?.last_failure?.message ?? "", /private address/, host);
    }
    assert.equal(goal.seen.length, 0);
  });

  test("within the server are followed, a few", async (t) => {
    const server = await serveHttp(t, () => {
      const serve = modern();
      return (request, response) => {
        if (request.url === "/old") return response.writeHead(308, { location: "/new" }).end();
        if (request.url === "/round") return response.writeHead(308, { location: "/round" }).end();
        return serve(request, response);
      };
    });
    const { pool } = openHouse(t, { good: { url: `${server.url}old` }, round: { url: `${server.url}round` } });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "good")?.state, "healthy");
    assert.match(stateOf(pool, "round")?.last_failure?.message ?? "", /more than 5 redirects/);
  });
});

test("a slow and a dead server hold up neither the good one nor the start", LIMIT, async (t) => {
  const good = await serveHttp(t, modern);
  const slow = await serveHttp(t, () => () => {});
  const { pool } = openHouse(t, {
    dead: { url: "http://127.0.0.1:9/" },
    slow: { url: slow.url, connect_timeout_ms: 60_000 },
    good: { url: good.url },
  });
  await until(() => stateOf(pool, "good")?.state === "healthy" && stateOf(pool, "dead")?.state === "error");
  assert.equal(stateOf(pool, "slow")?.state, "connecting");
  assert.equal(await textOf(pool, "echo", { a: 1 }), '{"a":1}');
});

// HTTP to providers: whole answers and answers in pieces, connections, kinds of failure.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Timeouts } from "../../src/core/model.ts";
import type { ProviderFailure } from "../../src/core/provider.ts";
import { SECRET } from "../support/target.ts";
import { createUpstream, type UpstreamAnswer } from "../support/upstream.ts";
import { failureOf } from "./collect.ts";
import { http, post, upstream } from "./http-house.ts";

describe("answers", { timeout: 20_000 }, () => {
  test("a whole answer, with lower-case headers and the common ones sent", async () => {
    upstream.script({ json: { a: 1 }, headers: { "X-Thing": "yes" } });
    const answer = await http.send(post({ url: `${upstream.url}/base/` }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["x-thing"], "yes");
    assert.equal(answer.body.toString(), '{"a":1}');
    const request = await upstream.request(0);
    assert.equal(request.path, "/base/x");
    assert.equal(request.headers["user-agent"], "aibroker");
    assert.equal(request.headers["x-title"], "Test");
    assert.equal(request.headers.authorization, `Bearer ${SECRET}`);
  });

  test("an answer in pieces comes as it arrives", async () => {
    const gate = Promise.withResolvers<void>();
    upstream.script({ pieces: ["one", gate.promise, "two"] });
    const { body } = await http.open(post());
    assert.equal(String(await body.read()), "one");
    gate.resolve();
    assert.equal(String(await body.read()), "two");
    assert.equal(await body.read(), undefined);
  });

  test("an answer longer than 64 MiB is given up", async () => {
    const piece = Buffer.alloc(1_048_576);
    upstream.script({ pieces: Array.from({ length: 66 }, () => piece), ending: "hang" });
    assert.equal((await failureOf(http.send(post()))).kind, "garbled");
    await (await upstream.request(0)).closed;
  });

  test("connections are used again, after whole answers, finished and errors", async () => {
    upstream.script({ json: {} }, { pieces: ["data", "rest"] }, { status: 500, json: {} }, { json: {} });
    await http.send(post());
    const { body } = await http.open(post());
    await body.read();
    body.finish();
    await failureOf(http.send(post()));
    await http.send(post());
    assert.equal(upstream.requests.length, 4);
    assert.ok(upstream.connections <= 2, `${upstream.connections} connections`);
  });

  test("an answer that goes on after it was finished loses its connection", async () => {
    upstream.script({ pieces: ["enough", Buffer.alloc(200_000)], ending: "hang" });
    const { body } = await http.open(post());
    await body.read();
    body.finish();
    await (await upstream.request(0)).closed;
  });

  test("many requests at once have connections of their own", async () => {
    const gate = Promise.withResolvers<void>();
    upstream.fallback(() => ({ json: {}, before: gate.promise }));
    const answers = Array.from({ length: 20 }, () => http.send(post()));
    await upstream.request(19);
    gate.resolve();
    assert.equal((await Promise.all(answers)).length, 20);
  });
});

describe("failures", () => {
  const cases: { name: string; answer: UpstreamAnswer; timeouts?: Partial<Timeouts>; kind: string }[] = [
    { name: "a connection that breaks before the answer", answer: { drop: true }, kind: "connect" },
    {
      name: "no first byte",
      answer: { before: new Promise(() => {}) },
      timeouts: { firstByteMs: 50 },
      kind: "timeout",
    },
    { name: "a pause", answer: { pieces: ["x"], ending: "hang" }, timeouts: { idleMs: 50 }, kind: "timeout" },
    { name: "a break", answer: { pieces: ["x"], ending: "destroy" }, kind: "cut" },
    {
      name: "fewer bytes than announced",
      answer: { pieces: ["x"], headers: { "content-length": "10" }, ending: "destroy" },
      kind: "cut",
    },
  ];
  for (const { name, answer, timeouts, kind } of cases) {
    test(`${name}: ${kind}`, async () => {
      upstream.script(answer);
      assert.equal((await failureOf(http.send(post(timeouts ? { timeouts } : {})))).kind, kind);
    });
  }

  test("the bytes before a break are delivered before it is told", async () => {
    upstream.script({ pieces: ["some"], ending: "destroy" });
    const { body } = await http.open(post());
    assert.equal(String(await body.read()), "some");
    await assert.rejects(
      async () => body.read(),
      (error: ProviderFailure) => error.kind === "cut",
    );
  });

  test("nobody listens: connect", async () => {
    const { url } = upstream;
    await upstream.close();
    const failure = await failureOf(http.send(post({ url })));
    assert.equal(failure.kind, "connect");
    assert.match(failure.message, /^vendor: no connection \(ECONNREFUSED\)$/);
  });

  test("after close nothing is sent", async () => {
    await http.close();
    assert.equal((await failureOf(http.send(post()))).kind, "connect");
  });

  describe("from a server that doesn't speak HTTP", () => {
    let server: Server;
    const sockets = new Set<Socket>();
    before(async () => {
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.once("data", () => socket.end("SSH-2.0-OpenSSH\r\n"));
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
    });
    after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });

    test("the answer is garbled", async () => {
      const { port } = server.address() as { port: number };
      assert.equal((await failureOf(http.send(post({ url: `http://127.0.0.1:${port}` })))).kind, "garbled");
    });
  });

  test("redirects are not followed", async () => {
    const other = await createUpstream();
    upstream.script({ status: 307, headers: { location: `${other.url}/x` }, json: {} });
    const failure = await failureOf(http.send(post()));
    assert.equal(failure.status, 307);
    assert.equal(other.requests.length, 0);
    await other.close();
  });
});

// Bad input: each gets its status and OpenAI's error shape, nothing of it comes back, and the server goes on serving.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import type { DispatchRequest } from "../../src/dispatch/request.ts";
import type { Identify } from "../../src/rpc/arriving.ts";
import { principal } from "../support/identify.ts";
import { aborted, CHAT, echo, errorOf, ok, openHouse, requestBytes, Wire } from "./house.ts";

const SECRET = "TOPSECRET";

describe("bodies", () => {
  const rows: readonly (readonly [name: string, body: string | Uint8Array, kind: string, message: RegExp])[] = [
    ["cut JSON", '{"model":', "parse_error", /position 9 \(line 1 column 10\)/],
    ["wrong JSON on a later line", `{\n"a": ${SECRET}}`, "parse_error", /position 7 \(line 2 column 6\)/],
    ["two values", "{} {}", "parse_error", /position 3/],
    ["white space", "  ", "parse_error", /position 2/],
    [
      "invalid UTF-8",
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      "parse_error",
      /UTF-8/,
    ],
    ["invalid UTF-8 outside strings", Buffer.from([0x7b, 0xc0, 0x7d]), "parse_error", /UTF-8/],
    ["an array", `["${SECRET}"]`, "invalid_request", /object/],
    ["a string", `"${SECRET}"`, "invalid_request", /object/],
    ["null", "null", "invalid_request", /object/],
    ["65 levels", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`, "invalid_request", /64 levels/],
    ["a million open brackets", "[".repeat(1_000_000), "invalid_request", /64 levels/],
    ["__proto__", '{"a":{"__proto__":{"admin":true}}}', "invalid_request", /__proto__/],
    ["a byte order mark", "\ufeff{}", "parse_error", /position 0/],
  ];
  for (const [name, body, kind, message] of rows) {
    test(`${name}: ${kind}`, async (t) => {
      const house = await openHouse(t, echo);
      const response = await house.post(CHAT, body);
      assert.equal(response.status, 400);
      const text = await response.text();
      const { error } = JSON.parse(text);
      assert.equal(error.code, kind);
      assert.equal(error.type, "invalid_request_error");
      assert.match(error.message, message);
      assert.ok(!text.includes(SECRET), text);
      assert.equal(house.calls.length, 0);
      assert.equal((await house.post(CHAT, {})).status, 200);
    });
  }

  test("64 levels, prototype names that are none, and no body at all pass", async (t) => {
    const house = await openHouse(t, echo);
    const deep = `{"a":${"[".repeat(63)}${"]".repeat(63)}}`;
    for (const body of [deep, '{"constructor":1,"toString":2,"hasOwnProperty":3}', '{"a":"[[[{{{"}']) {
      assert.equal((await house.post(CHAT, body)).status, 200);
      assert.deepEqual(house.calls.at(-1)?.params, JSON.parse(body));
    }
    assert.equal((await house.fetch(CHAT, { method: "POST" })).status, 200);
    assert.deepEqual(house.calls.at(-1)?.params, {});
  });

  test("may come in any pieces", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    const bytes = Buffer.from(requestBytes("POST", CHAT, [], '{"model":"é€😀"}'));
    for (const byte of bytes) {
      wire.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    await wire.until("chat.completions.create");
    wire.write(
      `${requestBytes("POST", CHAT, ["transfer-encoding: chunked"])}3\r\n{"a\r\n5;x=y\r\n":12}\r\n0\r\nt: x\r\n\r\n`,
    );
    await wire.until('{"a":12}');
    assert.deepEqual(house.calls[0]?.params, { model: "é€😀" });
  });

  test("of other types and encodings are 415", async (t) => {
    const house = await openHouse(t, echo);
    const good = ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"];
    for (const type of good) assert.equal((await house.post(CHAT, "{}", { "content-type": type })).status, 200, type);
    const bad = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonx",
    ];
    for (const type of bad) {
      const response = await house.post(CHAT, "{}", { "content-type": type });
      assert.equal(response.status, 415, type);
      assert.equal((await errorOf(response)).code, "unsupported_media_type");
    }
    assert.equal((await house.post(CHAT, "{}", { "content-encoding": "gzip" })).status, 415);
    assert.equal((await house.post(CHAT, "{}", { "content-encoding": "Identity" })).status, 200);
  });

  test("that announce too much are refused before they are read", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 100, lingerMs: 20 } });
    const wire = await house.wire();
    wire.write(requestBytes("POST", CHAT, ["content-length: 101"]));
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 413 .*connection: close.*"code":"too_large"/is);
    assert.equal(JSON.parse(wire.received.split("\r\n\r\n")[1] ?? "").error.code, "too_large");
  });

  test("that grow too large are refused as they do, and whoever goes on sending sees the answer", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 1000 } });
    const response = await house.post(CHAT, `{"a":"${"x".repeat(3_000_000)}"}`);
    assert.equal(response.status, 413);
    await response.arrayBuffer();
    const wire = await house.wire();
    const chunk = `64\r\n${"x".repeat(100)}\r\n`;
    wire.write(requestBytes("POST", CHAT, ["transfer-encoding: chunked"]));
    wire.write(chunk.repeat(10));
    await new Promise(setImmediate);
    assert.equal(wire.received, "");
    wire.write(chunk);
    await wire.until('"too_large"');
    wire.write(chunk.repeat(100));
    wire.write("0\r\n\r\n");
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 413 .*"too_large"[^\n]*$/s);
    assert.equal(house.calls.length, 0);
  });

  test("that are refused are read to their end if that comes soon, so that nobody is reset", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 1000, lingerMs: 60_000 } });
    const wire = await house.wire();
    wire.write(requestBytes("POST", CHAT, [], "x".repeat(3_000_000)));
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 413 /);
  });

  test("are refused while too much of others arrives, and taken again once it has gone", async (t) => {
    const house = await openHouse(t, echo, { arriving: { arrivingBytes: 3_000_000 } });
    const body = `{"a":"${"x".repeat(2_000_000)}"}`;
    const status = async (): Promise<number> => {
      const response = await house.post(CHAT, body);
      await response.arrayBuffer();
      return response.status;
    };
    assert.equal(await status(), 200);
    const most = requestBytes("POST", CHAT, [], body).slice(0, 1_900_000);
    const first = await house.wire();
    first.write(most);
    while ((await status()) !== 503) await new Promise(setImmediate);
    const second = await house.wire();
    second.write(most);
    await second.until('"overloaded"');
    assert.match(second.received, /^HTTP\/1\.1 503 .*x-should-retry: true.*connection: close/is);
    first.destroy();
    second.destroy();
    while ((await status()) !== 200) await new Promise(setImmediate);
  });

  test("of strangers don't take the room of those who show a credential", async (t) => {
    const identify: Identify = (credential) => principal(credential === "good" ? "inference" : "public");
    const house = await openHouse(t, echo, { arriving: { strangerBytes: 1_000_000 }, identify });
    const body = `{"a":"${"x".repeat(2_000_000)}"}`;
    const status = async (headers: Record<string, string>): Promise<number> => {
      const response = await house.post(CHAT, body, headers);
      await response.arrayBuffer();
      return response.status;
    };
    const half = await house.wire();
    half.write(requestBytes("POST", CHAT, [], body).slice(0, 900_000));
    assert.equal(await status({}), 503);
    assert.equal(await status({ authorization: "Bearer bad" }), 503);
    assert.equal(await status({ authorization: "Bearer good" }), 200);
    half.destroy();
  });

  test("exactly as large as allowed pass", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 100 } });
    const body = `{"a":"${"x".repeat(92)}"}`;
    assert.equal(Buffer.byteLength(body), 100);
    assert.equal((await house.post(CHAT, body)).status, 200);
    assert.equal((await house.post(CHAT, `${body} `)).status, 413);
  });
});

describe("requests that are not HTTP", () => {
  const rows: readonly (readonly [name: string, bytes: string, status: number])[] = [
    ["no HTTP", "GET nonsense\r\n\r\n", 400],
    ["a verb that is none", "BREW / HTTP/1.1\r\nhost: x\r\n\r\n", 400],
    ["HTTP/3 in plain text", "GET / HTTP/3.0\r\nhost: x\r\n\r\n", 400],
    ["a folded header", "GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n: d\r\n\r\n", 400],
    ["two lengths", requestBytes("POST", CHAT, ["content-length: 1", "content-length: 2"]), 400],
    ["length and chunks", requestBytes("POST", CHAT, ["content-length: 1", "transfer-encoding: chunked"]), 400],
    ["a negative length", requestBytes("POST", CHAT, ["content-length: -1"]), 400],
    ["a bad chunk", `${requestBytes("POST", CHAT, ["transfer-encoding: chunked"])}zz\r\n`, 400],
    ["no host", "GET /health HTTP/1.1\r\n\r\n", 400],
    ["a header too long", requestBytes("GET", "/health", [`x: ${"y".repeat(20_000)}`]), 431],
    [
      "too many headers",
      requestBytes(
        "GET",
        "/health",
        Array.from({ length: 3000 }, (_, at) => `x${at}: y`),
      ),
      431,
    ],
    ["a path too long", requestBytes("GET", `/${"y".repeat(20_000)}`), 431],
  ];
  for (const [name, bytes, status] of rows) {
    test(`${name}: ${status}`, async (t) => {
      const house = await openHouse(t, echo, { limits: { lingerMs: 20 } });
      const wire = await house.wire();
      wire.write(bytes);
      await wire.until(/\r\n\r\n\{.*\}$/s);
      assert.match(
        wire.received,
        new RegExp(`^HTTP/1\\.1 ${status} .*x-request-id: req_.*"code":"(?:invalid_request|too_large)"`, "s"),
      );
      wire.destroy();
      assert.equal((await house.fetch("/health")).status, 200);
    });
  }

  test("garbage after a request that is being answered ends the connection, not the server", async (t) => {
    const house = await openHouse(t, async (request) => {
      if (request.method === "models.list") await aborted(request);
      return ok(request);
    });
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/v1/models"));
    wire.write("garbage\r\n\r\n");
    await wire.closed;
    assert.equal(wire.received, "");
    assert.equal((await house.fetch("/health")).status, 200);
  });

  test("end the connection even of a client that would keep its half", async (t) => {
    const house = await openHouse(t, echo, { limits: { lingerMs: 20 } });
    const wire = new Wire(connect({ port: house.port, host: "127.0.0.1", allowHalfOpen: true }));
    wire.write("garbage\r\n\r\n");
    await once(wire.socket, "end");
    assert.match(wire.received, /^HTTP\/1\.1 400 /);
    const knock = setInterval(() => wire.write("x"), 5);
    await wire.closed;
    clearInterval(knock);
  });

  test("HTTP/1.0 is answered and closed", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    wire.write("GET /health HTTP/1.0\r\n\r\n");
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 200 .*system\.health/s);
  });
});

describe("slow requests", () => {
  const limits = { headersMs: 60, requestMs: 120 };

  test("whose headers do not come are 408", async (t) => {
    const house = await openHouse(t, echo, { limits: { ...limits, lingerMs: 20 } });
    const wire = await house.wire();
    wire.write("GET /health HTTP/1.1\r\nho");
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
  });

  test("whose body does not come are 408", async (t) => {
    const house = await openHouse(t, echo, { limits });
    const wire = await house.wire();
    wire.write(requestBytes("POST", CHAT, ["content-length: 10"]));
    wire.write('{"a"');
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 408 .*connection: close.*"code":"request_timeout"/is);
    assert.equal(house.calls.length, 0);
  });

  test("are no slow answers: those may take as long as they need", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return ok(request);
      },
      { limits: { headersMs: 40, requestMs: 60 } },
    );
    assert.equal((await house.post(CHAT, { a: 1 })).status, 200);
  });
});

describe("connections", () => {
  test("take requests before their answers, and answer in order", async (t) => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const house = await openHouse(t, async (request) => {
      if (request.method === "models.list") await held;
      return echo(request);
    });
    const wire = await house.wire();
    wire.write(
      requestBytes("GET", "/v1/models") + requestBytes("POST", CHAT, [], '{"n":1}') + requestBytes("GET", "/health"),
    );
    while (house.calls.length < 3) await new Promise(setImmediate);
    assert.equal(wire.received, "");
    release();
    await wire.until("system.health");
    const order = [...wire.received.matchAll(/"method":"([\w.]+)"/g)].map((match) => match[1]);
    assert.deepEqual(order, ["models.list", "chat.completions.create", "system.health"]);
  });

  test("that break end all their calls, the ones that wait for their turn too", async (t) => {
    const ended: unknown[] = [];
    const house = await openHouse(t, async (request) => {
      ended.push(await aborted(request));
      return ok(request);
    });
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/v1/models") + requestBytes("POST", CHAT, [], '{"stream":true}'));
    wire.write(requestBytes("POST", "/rpc", [], '{"jsonrpc":"2.0","id":1,"method":"system.health"}'));
    while (house.calls.length < 3) await new Promise(setImmediate);
    wire.destroy();
    while (ended.length < 3) await new Promise(setImmediate);
    assert.equal((ended[0] as { kind: string }).kind, "cancelled");
    assert.equal((await house.fetch("/nope")).status, 404);
  });

  test("that break before the body is there make no call", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    wire.write(`${requestBytes("POST", CHAT, ["content-length: 10"])}{"a"`);
    await new Promise(setImmediate);
    wire.destroy();
    await wire.closed;
    assert.equal((await house.fetch("/health")).status, 200);
    assert.equal(house.calls.length, 1);
  });

  test("an answer that is not read does not keep the connection for ever", async (t) => {
    const house = await openHouse(t, (request) => ok(request, { text: "x".repeat(30_000_000) }), {
      limits: { stalledMs: 60 },
    });
    const wire = await house.wire();
    wire.socket.pause();
    wire.write(requestBytes("GET", "/v1/models"));
    const { signal } = await firstCall(house);
    await house.closed();
    wire.socket.resume();
    await wire.closed;
    assert.ok(wire.received.length < 30_000_000, "cut");
    assert.equal(signal.aborted, false, "the call was over before");
  });

  test("requests behind an answer that ends the connection are for nobody, and do no harm", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 5000 } });
    const nodes = ["upgrade: h2c"];
    const large = requestBytes("POST", CHAT, nodes, " ".repeat(6000));
    const call = '{"jsonrpc":"2.0","id":1,"method":"system.health"}';
    const bytes = large + requestBytes("POST", "/rpc", ["accept: text/event-stream", ...nodes], call) + large;
    for (let round = 0; round < 5; round++) {
      const wire = await house.wire();
      wire.write(bytes.slice(0, 400));
      await wire.until("too_large");
      wire.write(bytes.slice(400));
      await wire.closed;
      assert.equal(wire.received.match(/HTTP\/1\.1 /g)?.length, 1);
    }
    assert.equal((await house.fetch("/health")).status, 200);
  });

  // Whoever offers another protocol is node's.
  for (const [whose, headers] of Object.entries({ ours: [], "node's": ["upgrade: h2c"] })) {
    test(`one that waited for its turn is watched like any other, where it is ${whose}`, async (t) => {
      const gate = Promise.withResolvers<void>();
      const house = await openHouse(
        t,
        async (request) => {
          if (request.method !== "models.list") return ok(request, { text: "x".repeat(30_000_000) });
          await gate.promise;
          return ok(request);
        },
        { limits: { stalledMs: 60 } },
      );
      const wire = await house.wire();
      wire.socket.pause();
      wire.write(requestBytes("GET", "/v1/models", headers) + requestBytes("GET", "/health", headers));
      while (house.calls.length < 2) await new Promise(setImmediate);
      await new Promise(setImmediate);
      gate.resolve();
      await house.closed();
    });

    const message = { jsonrpc: "2.0", id: 1, method: "chat.completions.create", params: { stream: true } };
    const streams = {
      "a stream": requestBytes("GET", "/billing/export", headers),
      "a stream of JSON-RPC": requestBytes(
        "POST",
        "/rpc",
        ["accept: text/event-stream", ...headers],
        JSON.stringify(message),
      ),
    };
    for (const [what, bytes] of Object.entries(streams)) {
      test(`${what} that waited for its turn is too, where it is ${whose}`, async (t) => {
        const gate = Promise.withResolvers<void>();
        const house = await openHouse(
          t,
          async (request) => {
            if (request.method === "models.list") await gate.promise;
            else {
              void request.progress?.({ values: [{ text: "x".repeat(30_000_000) }] });
              await aborted(request);
            }
            return ok(request);
          },
          { limits: { stalledMs: 60 } },
        );
        const wire = await house.wire();
        wire.socket.pause();
        wire.write(requestBytes("GET", "/v1/models", headers) + bytes);
        while (house.calls.length < 2) await new Promise(setImmediate);
        await new Promise(setImmediate);
        gate.resolve();
        await house.closed();
      });
    }
  }

  test("a big answer that is read late but read arrives whole, and the connection serves on", async (t) => {
    const house = await openHouse(t, (request) => ok(request, { text: "x".repeat(10_000_000) }), {
      limits: { stalledMs: 5000, keepAliveMs: 5000 },
    });
    const wire = await house.wire();
    wire.socket.pause();
    wire.write(requestBytes("GET", "/v1/models"));
    await firstCall(house);
    await new Promise((resolve) => setTimeout(resolve, 30));
    wire.socket.resume();
    await wire.until('"}');
    wire.write(requestBytes("GET", "/nope"));
    await wire.until("route_not_found");
  });

  test("an answer that was read late does not hurry the one behind it", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        if (request.method === "models.list") return ok(request, { text: "x".repeat(10_000_000) });
        await new Promise((resolve) => setTimeout(resolve, 400));
        return echo(request);
      },
      { limits: { stalledMs: 150 } },
    );
    const wire = await house.wire();
    wire.socket.pause();
    wire.write(requestBytes("GET", "/v1/models") + requestBytes("GET", "/health"));
    await firstCall(house);
    await new Promise((resolve) => setTimeout(resolve, 20));
    wire.socket.resume();
    await wire.until("system.health");
    assert.equal(wire.socket.destroyed, false, "not cut");
  });
});

async function firstCall(house: { calls: readonly DispatchRequest[] }) {
  for (;;) {
    const [call] = house.calls;
    if (call) return call;
    await new Promise(setImmediate);
  }
}

describe("a bounded fuzz", () => {
  test("no mutation of a request stops the server or shows a stack", async (t) => {
    const house = await openHouse(t, echo, { limits: { headersMs: 40, requestMs: 60, lingerMs: 5 } });
    const seeds = [
      requestBytes("POST", CHAT, ["content-type: application/json"], '{"model":"m","messages":[{"role":"user"}]}'),
      `${requestBytes("POST", CHAT, ["transfer-encoding: chunked"])}5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n`,
      requestBytes("GET", "/v1/models/a%2Fb?usable=true", ["origin: http://localhost"]),
      requestBytes("POST", "/rpc", [], '[{"jsonrpc":"2.0","id":1,"method":"system.health"}]'),
    ];
    const random = xorshift(20_261_121);
    const answers: string[] = [];
    const one = async (wire: Wire, bytes: Buffer): Promise<void> => {
      wire.socket.end(bytes);
      await wire.closed;
      answers.push(wire.received);
    };
    for (let round = 0; round < 30; round++) {
      const wires = await Promise.all(Array.from({ length: 10 }, () => house.wire()));
      await Promise.all(wires.map((wire) => one(wire, mutate(seeds[random(seeds.length)] as string, random))));
    }
    for (const answer of answers) {
      assert.ok(answer === "" || /^HTTP\/1\.1 [2-5]\d\d /.test(answer), answer);
      assert.doesNotMatch(answer, /\bat .*\.[jt]s:\d|HTTP\/1\.1 500|node:/, answer);
    }
    assert.ok(answers.some((answer) => answer.includes(" 400 ")));
    assert.equal((await house.fetch("/health")).status, 200);
  });
});

function xorshift(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Flips, drops, doubles and inserts a few bytes. */
function mutate(text: string, random: (below: number) => number): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(bytes.length);
    const change = random(4);
    if (change === 0) bytes[at] = random(256);
    else if (change === 1) bytes.splice(at, 1 + random(8));
    else if (change === 2) bytes.splice(at, 0, ...bytes.slice(at, at + random(20)));
    else bytes.splice(at, 0, random(256));
  }
  return Buffer.from(bytes);
}

// Streamed answers to the byte: frames, endings, errors before and after the first one, pings, slow readers, hang-ups.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Progress } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import type { DispatchRequest } from "../../src/dispatch/request.ts";
import { aborted, CHAT, errorOf, failed, ok, openHouse, RECEIPT, requestBytes, type Wire } from "./house.ts";

const STREAM = { model: "m", stream: true };

function sender({ progress }: DispatchRequest): Progress {
  assert.ok(progress, "the waist was offered no stream");
  return progress;
}

/** Asks for a stream over a connection of its own. */
async function ask(house: { wire(): Promise<Wire> }): Promise<Wire> {
  const wire = await house.wire();
  wire.write(requestBytes("POST", CHAT, [], JSON.stringify(STREAM)));
  return wire;
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when what has begun goes no further. */
async function held(progress: () => number): Promise<void> {
  for (let before = -1; progress() === 0 || progress() !== before; ) {
    before = progress();
    await later(50);
  }
}

describe("a stream", () => {
  test("is written to the byte: values as events, ready events as they are, [DONE] at the end", async (t) => {
    const house = await openHouse(t, async (request) => {
      const send = sender(request);
      await send({ values: [{ n: 1 }, { text: "é\n" }] });
      await send({ values: [{ n: 2 }], sse: 'data: {"n": 2}\n\n' });
      await send({ values: [{ n: 3 }], sse: Buffer.from('data: {"ü":3}\n\n') });
      await send({ values: [] });
      await send({ values: [], sse: new Uint8Array() });
      return ok(request, { whole: "answer" });
    });
    const response = await house.post(CHAT, STREAM);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(response.headers.get("cache-control"), "no-cache");
    assert.equal(response.headers.get("x-accel-buffering"), "no");
    assert.equal(response.headers.get("x-request-id"), "req_1");
    assert.equal(
      await response.text(),
      'data: {"n":1}\n\ndata: {"text":"é\\n"}\n\ndata: {"n": 2}\n\ndata: {"ü":3}\n\ndata: [DONE]\n\n',
    );
  });

  test("that brings nothing is complete too", async (t) => {
    const house = await openHouse(t, (request) => ok(request));
    assert.equal(await (await house.post(CHAT, STREAM)).text(), "data: [DONE]\n\n");
  });

  test("is only for who asks with `stream: true` where the row streams", async (t) => {
    const house = await openHouse(t, (request) => ok(request, { streamed: request.progress !== undefined }));
    for (const stream of [false, null, "true", 1, undefined]) {
      assert.deepEqual(await (await house.post(CHAT, { stream })).json(), { streamed: false });
    }
  });

  test("tells what serves it, as far as known before the first value", async (t) => {
    const house = await openHouse(t, async (request) => {
      request.onReceipt?.({ ...RECEIPT, attempts: 2 });
      await sender(request)({ values: [{ n: 1 }] });
      return { ...ok(request), receipt: { ...RECEIPT, attempts: 2, costNanoUsd: 5 as NanoUsd } };
    });
    const { headers } = await house.post(CHAT, STREAM);
    assert.deepEqual(
      ["x-broker-model", "x-broker-provider", "x-broker-attempts", "x-broker-cost"].map((name) => headers.get(name)),
      ["m", "p", "2", null],
    );
  });

  test("writes nothing before the first value, and each value at once", async (t) => {
    const steps: (() => void)[] = [];
    const house = await openHouse(t, async (request) => {
      const send = sender(request);
      for (const n of [1, 2]) {
        await new Promise<void>((resolve) => steps.push(resolve));
        await send({ values: [{ n }] });
      }
      await new Promise<void>((resolve) => steps.push(resolve));
      return ok(request);
    });
    const wire = await ask(house);
    for (const expected of ['{"n":1}', '{"n":2}', "[DONE]"]) {
      while (steps.length === 0) await new Promise(setImmediate);
      assert.ok(!wire.received.includes(expected));
      if (expected === '{"n":1}') assert.equal(wire.received, "");
      steps.shift()?.();
      await wire.until(expected);
    }
  });

  test("leaves its connection for the next request", async (t) => {
    const house = await openHouse(t, async (request) => {
      await request.progress?.({ values: [{ n: house.calls.length }] });
      return ok(request);
    });
    const wire = await ask(house);
    await wire.until("0\r\n\r\n");
    wire.write(requestBytes("POST", CHAT, [], JSON.stringify(STREAM)));
    await wire.until('{"n":2}');
    wire.write(requestBytes("GET", "/nope"));
    await wire.until("route_not_found");
  });

  test("to an HTTP/1.0 client ends with the connection", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({ values: [{ n: 1 }] });
      return ok(request);
    });
    const wire = await house.wire();
    const body = JSON.stringify(STREAM);
    wire.write(`POST ${CHAT} HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await wire.closed;
    assert.match(wire.received, /\r\n\r\ndata: \{"n":1\}\n\ndata: \[DONE\]\n\n$/);
  });
});

describe("errors", () => {
  test("before the first value have their own status", async (t) => {
    const error = new BrokerError("provider_rate_limited", undefined, { retry_after_ms: 500 });
    const house = await openHouse(t, async (request) => {
      await later(5);
      return failed(request, error);
    });
    const response = await house.post(CHAT, STREAM);
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after-ms"), "500");
    assert.equal((await errorOf(response)).code, "provider_rate_limited");
  });

  test("after it are the last event, and nothing says [DONE]", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({ values: [{ n: 1 }] });
      return failed(request, new BrokerError("stream_cut", "It broke"));
    });
    const response = await house.post(CHAT, STREAM);
    assert.equal(response.status, 200);
    const error = { message: "It broke", type: "server_error", param: null, code: "stream_cut", request_id: "req_1" };
    assert.equal(await response.text(), `data: {"n":1}\n\ndata: ${JSON.stringify({ error })}\n\n`);
  });

  test("of a waist that rejects cut the stream without its end", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({ values: [{ n: 1 }] });
      throw new TypeError("bug");
    });
    const wire = await ask(house);
    await wire.closed;
    assert.match(wire.received, /\{"n":1\}/);
    assert.doesNotMatch(wire.received, /DONE|0\r\n\r\n$/);
  });
});

describe("silence", () => {
  test("is filled with comments, before the first value and between values", async (t) => {
    const steps: (() => void)[] = [];
    const house = await openHouse(
      t,
      async (request) => {
        await new Promise<void>((resolve) => steps.push(resolve));
        await sender(request)({ values: [{ n: 1 }] });
        await new Promise<void>((resolve) => steps.push(resolve));
        return failed(request, new BrokerError("provider_failed"));
      },
      { limits: { pingMs: 10 } },
    );
    const wire = await ask(house);
    await wire.until(/(: ping\n\n.*){2}/s);
    assert.match(wire.received, /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream/i);
    steps.shift()?.();
    await wire.until(/"n":1\}.*(: ping\n\n.*){2}/s);
    steps.shift()?.();
    await wire.until("0\r\n\r\n");
    assert.match(wire.received, /data: \{"error":\{.*"provider_failed"/);
    assert.doesNotMatch(wire.received, /DONE/);
    const { length } = wire.received;
    await later(40);
    assert.equal(wire.received.length, length, "no ping after the end");
  });

  test("is not broken while values come", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        const send = sender(request);
        for (let n = 0; n < 20; n++) {
          await send({ values: [{ n }] });
          await later(5);
        }
        return ok(request);
      },
      { limits: { pingMs: 2000 } },
    );
    assert.doesNotMatch(await (await house.post(CHAT, STREAM)).text(), /ping/);
  });
});

describe("a reader", () => {
  const MEGABYTE = { values: [], sse: `data: ${"x".repeat(1_000_000)}\n\n` };

  test("that is slow makes the source wait, and gets everything", async (t) => {
    let sent = 0;
    let waited = 0;
    const house = await openHouse(t, async (request) => {
      const send = sender(request);
      for (; sent < 30; sent++) {
        const wait = send(MEGABYTE);
        if (!wait) continue;
        waited++;
        await wait;
      }
      return ok(request);
    });
    const wire = await ask(house);
    wire.socket.pause();
    await held(() => sent);
    assert.ok(sent < 30, "the source was held back");
    wire.socket.resume();
    await wire.until("[DONE]");
    assert.equal(wire.received.match(/data: x/g)?.length, 30);
    assert.ok(waited > 0);
  });

  test("that takes nothing while something waits is cut, and its call is cancelled", async (t) => {
    let reason: unknown;
    let released = false;
    const house = await openHouse(
      t,
      async (request) => {
        const send = sender(request);
        void aborted(request).then((cause) => {
          reason = cause;
        });
        while (!request.signal.aborted) await send(MEGABYTE);
        released = true;
        return ok(request);
      },
      { limits: { stalledMs: 50, pingMs: 10 } },
    );
    const wire = await ask(house);
    wire.socket.pause();
    while (!released) await later(5);
    assert.equal((reason as BrokerError).kind, "cancelled");
    wire.socket.resume();
    await wire.closed;
    assert.doesNotMatch(wire.received, /DONE/);
  });

  test("that pauses for less than that is not", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        const send = sender(request);
        for (let n = 0; n < 10; n++) await send(MEGABYTE);
        // Nothing waits now, so silence is no stall.
        await later(150);
        await send({ values: [{ last: true }] });
        return ok(request);
      },
      { limits: { stalledMs: 100 } },
    );
    const wire = await ask(house);
    await wire.until("[DONE]");
    assert.match(wire.received, /"last":true/);
  });

  test("that hangs up ends the call, before the first value and after it, and whoever waits for it goes on", async (t) => {
    for (const values of [[], [{ n: 1 }]]) {
      let reason: unknown;
      const after: unknown[] = [];
      const house = await openHouse(t, async (request) => {
        const send = sender(request);
        await send({ values });
        reason = await aborted(request);
        after.push(send({ values: [{ n: 2 }] }));
        return failed(request, new BrokerError("cancelled"));
      });
      const wire = await ask(house);
      if (values.length > 0) await wire.until('{"n":1}');
      else while (house.calls.length === 0) await new Promise(setImmediate);
      wire.destroy();
      while (after.length === 0) await new Promise(setImmediate);
      assert.ok(reason instanceof BrokerError);
      assert.equal(reason.kind, "cancelled");
      assert.deepEqual(after, [undefined], "nothing to wait for");
      assert.equal((await house.fetch("/nope")).status, 404);
    }
  });

  test("that hangs up while the source waits for it lets the source go", async (t) => {
    let sent = 0;
    let gone = false;
    const house = await openHouse(t, async (request) => {
      const send = sender(request);
      for (; sent < 30; sent++) await send(MEGABYTE);
      gone = true;
      return ok(request);
    });
    const wire = await ask(house);
    wire.socket.pause();
    await held(() => sent);
    assert.equal(gone, false);
    wire.destroy();
    while (!gone) await new Promise(setImmediate);
  });

  test("leaves no listener behind on its connection", async (t) => {
    const house = await openHouse(t, async (request) => {
      await request.progress?.({ values: [{ wait: "x".repeat(100_000) }] });
      return ok(request);
    });
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on("warning", listen);
    const wire = await house.wire();
    for (let n = 1; n <= 30; n++) {
      wire.write(requestBytes("POST", CHAT, [], JSON.stringify({ ...STREAM, stream: n % 2 === 0 })));
      await wire.until(new RegExp(`req_${n}\\b.*(?:DONE\\]|"fine":true)`, "s"));
    }
    await new Promise(setImmediate);
    process.off("warning", listen);
    assert.deepEqual(warnings, []);
  });
});

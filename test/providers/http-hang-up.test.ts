// Hang-ups close the connection at once and leave nothing behind; slow readers hold the upstream back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Piece } from "../support/upstream.ts";
import { failureOf, readAll } from "./collect.ts";
import { http, post, upstream } from "./http-house.ts";

describe("a hang-up", { timeout: 10_000 }, () => {
  test("before the call: nothing is sent", async () => {
    const failure = await failureOf(http.open(post({ signal: AbortSignal.abort() })));
    assert.equal(failure.kind, "aborted");
    assert.equal(upstream.requests.length, 0);
  });

  test("before the first byte closes the connection", async () => {
    const controller = new AbortController();
    upstream.script({ before: new Promise(() => {}) });
    const failure = failureOf(http.open(post({ signal: controller.signal })));
    const request = await upstream.request(0);
    controller.abort(new Error("gone"));
    assert.equal((await failure).kind, "aborted");
    await request.closed;
  });

  test("in the middle of an answer closes the connection and drops what waited", async () => {
    const controller = new AbortController();
    upstream.script({ pieces: ["one"], ending: "hang" });
    const { body } = await http.open(post({ signal: controller.signal }));
    const reading = failureOf(readAll(body));
    const request = await upstream.request(0);
    controller.abort();
    assert.equal((await reading).kind, "aborted");
    await request.closed;
  });

  test("while the connection is being made", async () => {
    const controller = new AbortController();
    const failure = failureOf(http.open(post({ signal: controller.signal })));
    controller.abort();
    assert.equal((await failure).kind, "aborted");
  });

  test("no listener is left on the signal, whatever the end", async () => {
    const signal = new CountingSignal();
    upstream.script({ json: {} }, { status: 500, json: {} }, { drop: true }, { pieces: ["x"], ending: "hang" });
    await http.send(post({ signal: signal.signal }));
    await failureOf(http.send(post({ signal: signal.signal })));
    await failureOf(http.send(post({ signal: signal.signal })));
    const { body } = await http.open(post({ signal: signal.signal }));
    body.cancel();
    upstream.script({ pieces: ["x"], ending: "hang" });
    const finished = await http.open(post({ signal: signal.signal }));
    finished.body.finish();
    assert.equal(signal.added, 5);
    assert.equal(signal.listeners.size, 0);
  });
});

test("a reader that stops reading stops the upstream, and gets every byte in the end", async () => {
  const piece = Buffer.alloc(65_536, "x");
  const total = 1_024;
  upstream.script({ pieces: pieces(piece, total) });
  const { body } = await http.open(post());
  const request = await upstream.request(0);
  let before = -1;
  while (before !== request.sent) {
    before = request.sent;
    await sleep(100);
  }
  assert.ok(request.sent < 24 * 1_048_576, `${request.sent} bytes were taken without a reader`);
  assert.equal((await readAll(body)).length, piece.length * total);
});

function* pieces(piece: Piece, count: number): Generator<Piece> {
  for (let i = 0; i < count; i++) yield piece;
}

/** A real signal that tells how many listeners it has. */
class CountingSignal {
  readonly signal = new AbortController().signal;
  readonly listeners = new Set<unknown>();
  added = 0;

  constructor() {
    const add = this.signal.addEventListener.bind(this.signal);
    const remove = this.signal.removeEventListener.bind(this.signal);
    this.signal.addEventListener = (type: string, listener: never) => {
      this.added++;
      this.listeners.add(listener);
      add(type, listener);
    };
    this.signal.removeEventListener = (type: string, listener: never) => {
      this.listeners.delete(listener);
      remove(type, listener);
    };
  }
}

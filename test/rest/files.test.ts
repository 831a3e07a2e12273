// Streams of rows whose constants say `stream: true`: the CSV export and the log.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { aborted, errorOf, failed, ok, openHouse, requestBytes, Wire } from "./house.ts";

const EXPORT = "/billing/export";
const HALF = new BrokerError("storage_unavailable", "The disk is gone");

describe("the CSV export", () => {
  test("is a file, written as it comes", async (t) => {
    const house = await openHouse(t, async (request) => {
      for (const text of ["id,ip\n", "", '1,"é\n"\n']) await request.progress?.({ values: [{ text }] });
      await request.progress?.({ values: [{ text: "2,a\n" }, { text: "3,b\n" }] });
      return ok(request, { rows: 3 });
    });
    const response = await house.fetch(`${EXPORT}?from=2026-11-01`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/csv; charset=utf-8");
    assert.equal(response.headers.get("content-disposition"), 'attachment; filename="requests.csv"');
    assert.equal(response.headers.get("x-request-id"), "req_1");
    assert.equal(await response.text(), 'id,ip\n1,"é\n"\n2,a\n3,b\n');
    assert.deepEqual(house.calls[0]?.params, { from: "2026-11-01", stream: true });
  });

  test("has its own status for an error before the first byte", async (t) => {
    const house = await openHouse(t, (request) => failed(request, HALF));
    const response = await house.fetch(EXPORT);
    assert.equal(response.status, 503);
    assert.equal((await errorOf(response)).code, "storage_unavailable");
  });

  test("that fails in the middle breaks the connection, for HTTP/1.0 too", async (t) => {
    const house = await openHouse(t, async (request) => {
      await request.progress?.({ values: [{ text: "id,ip\n" }] });
      return failed(request, HALF);
    });
    await assert.rejects(house.fetch(EXPORT).then((response) => response.text()));
    const wire = await house.wire();
    let reset = false;
    wire.socket.on("error", () => {
      reset = true;
    });
    wire.write(`GET ${EXPORT} HTTP/1.0\r\n\r\n`);
    await wire.closed;
    assert.ok(reset, "a plain end looks complete to HTTP/1.0");
    assert.doesNotMatch(wire.received, /disk/);
  });

  test("that fails in the middle breaks a Unix socket's connection", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "aibroker-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const socketPath = join(folder, "s");
    await openHouse(
      t,
      async (request) => {
        await request.progress?.({ values: [{ text: "id,ip\n" }] });
        return failed(request, HALF);
      },
      { socketPath },
    );
    const wire = new Wire(connect(socketPath));
    wire.write(requestBytes("GET", EXPORT));
    await wire.closed;
    assert.match(wire.received, /\r\n6\r\nid,ip\n\r\n$/);
  });

  test("waits for a slow reader, and ends when the reader hangs up", async (t) => {
    const waits: boolean[] = [];
    const reasons: unknown[] = [];
    const ended = Promise.withResolvers<void>();
    const house = await openHouse(t, async (request) => {
      const gone = aborted(request);
      for (let n = 0; n < 100 && !waits.includes(true); n++) {
        const full = request.progress?.({ values: [{ text: "x".repeat(1_000_000) }] });
        waits.push(full !== undefined);
        await full;
      }
      reasons.push(await gone);
      ended.resolve();
      return ok(request);
    });
    const wire = await house.wire();
    wire.socket.pause();
    wire.write(requestBytes("GET", EXPORT));
    while (!waits.includes(true)) await new Promise(setImmediate);
    wire.destroy();
    await ended.promise;
    assert.equal((reasons[0] as BrokerError).kind, "cancelled");
  });
});

describe("the log", () => {
  test("streams by its row's constant, and its end has no [DONE]", async (t) => {
    const house = await openHouse(t, async (request) => {
      await request.progress?.({ values: [{ msg: "up" }] });
      return ok(request, { lines: 1 });
    });
    const response = await house.fetch("/logs?last=1");
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(await response.text(), 'data: {"msg":"up"}\n\n');
    assert.deepEqual(house.calls[0]?.params, { last: 1, stream: true });
  });

  test("does not answer HEAD, which would wait for its end", async (t) => {
    const house = await openHouse(t, (request) => ok(request));
    for (const path of ["/logs", EXPORT]) {
      const response = await house.fetch(path, { method: "HEAD" });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET");
    }
    assert.equal(house.calls.length, 0);
  });
});

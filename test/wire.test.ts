// Replays test/wire/*.io on a real Unix socket: `// why`, `>> request line`, `<< expected line`. Every reply is also
// checked against the document. A transcript is documentation, bug report and test at once.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { startBroker, type TestBroker } from "./support/broker.ts";
import { resultValidator } from "./support/document.ts";
import { match } from "./support/match.ts";

const FOLDER = join(import.meta.dirname, "wire");

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".io"))) {
  test(`wire/${file}`, async () => {
    // One for each, so that none reads in its ledger what another one did.
    const broker = await startBroker();
    try {
      await replay(readFileSync(join(FOLDER, file), "utf8"), broker);
    } finally {
      await broker.stop();
    }
  });
}

async function replay(transcript: string, broker: TestBroker): Promise<void> {
  const socket = connect(broker.socketPath);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const methods = new Map<unknown, string>();
  try {
    for (const line of transcript.split("\n")) {
      if (line.startsWith(">> ")) {
        remember(line.slice(3), methods);
        socket.write(`${line.slice(3)}\n`);
      } else if (line.startsWith("<< ")) {
        const { value } = await lines.next();
        const reply = JSON.parse(value ?? "");
        match(reply, JSON.parse(line.slice(3)), line.slice(0, 60));
        validate(reply, methods);
      } else {
        assert.ok(line === "" || line.startsWith("//"), `not a transcript line: ${line}`);
      }
    }
  } finally {
    socket.destroy();
  }
}

function remember(request: string, methods: Map<unknown, string>): void {
  if (!request.startsWith("{")) return;
  const { id, method } = JSON.parse(request);
  if (id !== undefined) methods.set(id, method);
}

function validate(reply: { id?: unknown; result?: unknown }, methods: Map<unknown, string>): void {
  const method = methods.get(reply.id);
  if (method && reply.result !== undefined) resultValidator(method)(reply.result);
}

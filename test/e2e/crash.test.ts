// kill -9 under load: what was finished is on disk, what was under way says so, nothing stays held, and every sum is the
// sum of the rows.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readRows } from "../support/broker.ts";
import { connectClient } from "../support/client.ts";
import { answered, MODELS } from "../support/money.ts";
import { type BrokerProcess, starter, tempFolder } from "../support/process.ts";
import { seeded } from "../support/random.ts";
import { createUpstream } from "../support/upstream.ts";

const LANES = 16;
const start = starter();

/** Asks until the broker is gone; what was answered. */
async function load(broker: BrokerProcess, secret: string): Promise<string[]> {
  const client = await connectClient(broker.socketPath);
  const done: string[] = [];
  const params = {
    model: "m",
    messages: [{ role: "user", content: "Hello!" }],
    max_tokens: 20,
    _meta: { token: secret },
  };
  const lane = async (): Promise<void> => {
    for (;;) {
      const reply = await client.call("chat.completions.create", params);
      if (reply.result) done.push(String(reply.result.id));
      else assert.fail(JSON.stringify(reply.error));
    }
  };
  await Promise.allSettled(Array.from({ length: LANES }, lane));
  return done;
}

test("a broker that is killed while it works loses no finished call and holds nothing afterwards", async () => {
  const upstream = await createUpstream();
  const random = seeded(5);
  upstream.fallback(() => ({ ...answered(10, 5), before: sleep(random() * 20) }));
  const folder = await tempFolder();
  const config = join(folder, "models.yml");
  await writeFile(config, MODELS);
  const env = { OPENAI_API_KEY: "sk-x", OPENAI_BASE_URL: upstream.url, MODELS_CONFIG_PATH: config, LOG_LEVEL: "warn" };
  let finished = 0;
  let broker = await start(env, folder);
  const admin = await connectClient(broker.socketPath);
  const budgets = [
    { usd: 1000, period: "month" },
    { usd: 1000, period: "day", reset: "rolling" },
  ];
  const { result: key } = await admin.call("keys.create", { name: "k", budgets });
  admin.close();
  const secret = String(key?.secret);
  for (let round = 0; round < 3; round++) {
    const answers = load(broker, secret);
    await sleep(150 + random() * 300);
    broker.child.kill("SIGKILL");
    await broker.ended;
    finished += (await answers).length;
    broker = await start(env, folder);
  }
  const rows = readRows(folder);
  const ok = rows.filter(({ status }) => status === "ok").length;
  assert.ok(ok >= finished && ok <= finished + 3 * LANES, `${ok} rows of ${finished} answers that arrived`);
  const cut = rows.filter(({ status }) => status === "interrupted");
  const interrupted = cut.length;
  assert.ok(interrupted > 0 && interrupted <= 3 * LANES);
  for (const row of cut) {
    assert.ok(Number(row.input_tokens) > 0 && Number(row.cost_nano_usd) > 0, "the vendor has its input");
    assert.deepEqual([row.output_tokens, row.usage_source, row.provider], [0, "estimated", "openai"]);
  }
  assert.equal(rows.length, ok + interrupted);
  assert.equal(new Set(rows.map(({ request_id }) => request_id)).size, rows.length, "no call has two rows");
  const cost = rows.reduce((sum, row) => sum + Number(row.cost_nano_usd), 0);
  const again = await connectClient(broker.socketPath);
  const summary = await again.call("billing.summary");
  const all = summary.result?.all as { requests: number; errors: number; cost_nano_usd: number };
  assert.deepEqual([all.requests, all.errors, all.cost_nano_usd], [rows.length, interrupted, cost]);
  const kept = (await again.call("keys.retrieve", { key: key?.id })).result?.budgets as {
    spent: number;
    held: number;
  }[];
  for (const budget of kept) assert.deepEqual([Math.round(budget.spent * 1e9), budget.held], [cost, 0]);
  again.close();
  broker.child.kill("SIGTERM");
  assert.equal(await broker.ended, 0);
  await upstream.close();
});

// The process as a stranger meets it: what it prints works, signals end it well, and kill -9 loses nothing.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { readRows } from "../support/broker.ts";
import { type BrokerProcess, run, starter, tempFolder } from "../support/process.ts";

const sh = (command: string) => promisify(execFile)("sh", ["-c", command]);
const start = starter();

function line(broker: BrokerProcess, beginning: string): string {
  const found = broker.out.stdout.split("\n").find((each) => each.startsWith(beginning));
  assert.ok(found, `the banner has a line that begins with ${beginning}`);
  return found;
}

/** A streamed call under way: its headers have come. */
async function openStream(broker: BrokerProcess, maxTokens = 400): Promise<Response> {
  return fetch(`${broker.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "tiny-broker",
      stream: true,
      max_tokens: maxTokens,
      temperature: 2,
      logit_bias: { 2: -100 }, // never ends by itself
      messages: [{ role: "user", content: "Hello!" }],
    }),
  });
}

describe("the banner", () => {
  test("tells addresses, models, what is missing, and calls that work as printed", async () => {
    const broker = await start();
    assert.match(broker.out.stdout, /is up on http:\/\/127\.0\.0\.1:\d+ and unix:/);
    assert.match(broker.out.stdout, /1 of \d+ chat models can be called now: tiny-broker, a demo model/);
    assert.match(broker.out.stdout, /^Beside them use-lite \(embedding\), flite \(speech\)$/m);
    assert.match(broker.out.stdout, /\d+ more with OPENAI_API_KEY/);
    const curl = JSON.parse((await sh(`${line(broker, "curl")} -sS`)).stdout);
    assert.equal(curl.choices[0].message.content.length > 0, true);
    const nc = JSON.parse((await sh(line(broker, "printf"))).stdout);
    assert.equal(nc.result.object, "chat.completion");
    assert.deepEqual(
      readRows(broker.folder).map((row) => [row.status, row.ip]),
      [
        ["ok", "127.0.0.1"],
        ["ok", `unix:${process.getuid?.()}`],
      ],
    );
  });

  test("the SDK snippet streams", async () => {
    const broker = await start();
    const snippet = broker.out.stdout.slice(broker.out.stdout.indexOf("import OpenAI"));
    const root = join(import.meta.dirname, "../..");
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", snippet], {
      cwd: root,
    });
    assert.ok(stdout.length > 0);
  });
});

describe("files", () => {
  test("socket, cookie and database belong to the owner alone; socket and cookie go with a clean end", async () => {
    const broker = await start();
    const cookie = join(broker.folder, "admin.cookie");
    for (const path of [broker.socketPath, cookie, join(broker.folder, "requests.db")]) {
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
    }
    const token = (await readFile(cookie, "utf8")).trim();
    const info = await fetch(`${broker.url}/system/info`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(info.status, 200);
    assert.equal((await fetch(`${broker.url}/system/info`)).status, 403);
    broker.child.kill("SIGTERM");
    assert.equal(await broker.ended, 0);
    assert.equal(existsSync(cookie), false);
    assert.equal(existsSync(broker.socketPath), false);
  });
});

describe("signals", () => {
  test("SIGTERM lets a stream end, refuses new calls, and exits with 0", async () => {
    const broker = await start();
    const response = await openStream(broker, 300);
    broker.child.kill("SIGTERM");
    const text = await response.text();
    assert.match(text, /data: \[DONE\]\n\n$/);
    assert.equal(await broker.ended, 0);
    assert.deepEqual(
      readRows(broker.folder).map((row) => row.status),
      ["ok"],
    );
  });

  test("a stream that outlasts DRAIN_TIMEOUT is cut, says so, and is logged as cancelled", async () => {
    const broker = await start({ DRAIN_TIMEOUT: "1ms" });
    const response = await openStream(broker);
    broker.child.kill("SIGINT");
    const text = await response.text().catch(() => "");
    assert.doesNotMatch(text, /\[DONE\]/);
    assert.equal(await broker.ended, 0);
    assert.deepEqual(
      readRows(broker.folder).map((row) => row.status),
      ["cancelled"],
    );
  });

  test("the second signal exits at once", async () => {
    const broker = await start();
    const response = await openStream(broker);
    broker.child.kill("SIGTERM");
    const refused = fetch(`${broker.url}/health`).catch(() => undefined);
    await refused;
    broker.child.kill("SIGTERM");
    assert.equal(await broker.ended, 1);
    await response.text().catch(() => "");
  });

  test("kill -9 in the middle of a stream: finished rows stay, the open call becomes interrupted", async () => {
    const first = await start();
    const done = await openStream(first, 3);
    await done.text();
    const open = await openStream(first);
    const reader = open.body?.getReader();
    await reader?.read();
    first.child.kill("SIGKILL");
    await first.ended;
    await reader?.read().catch(() => {});
    const { folder } = first;
    await start({}, folder);
    assert.deepEqual(
      readRows(folder).map((row) => row.status),
      ["ok", "interrupted"],
    );
  });

  test("a bug that ends the process is the last line of the log, after all that were waiting", async () => {
    const thrower = "process.on('SIGUSR2', () => { throw new Error('a bug of a test') })";
    const broker = await start({ NODE_OPTIONS: `--import "data:text/javascript,${thrower}"` });
    await (await openStream(broker, 3)).text();
    broker.child.kill("SIGUSR2");
    assert.equal(await broker.ended, 1);
    const lines = broker.out.stderr.split("\n").filter((each) => each.startsWith("{"));
    const last = JSON.parse(lines.at(-1) ?? "{}");
    assert.deepEqual([last.level, last.msg, last.err?.message], [60, "ended by a bug", "a bug of a test"]);
    assert.match(lines.at(-2) ?? "", /"chat\.completions\.create"/);
  });

  test("a killed process that its parent never asks after is dead all the same", async () => {
    const folder = await tempFolder();
    const main = join(import.meta.dirname, "../../src/main.ts");
    // `sleep` takes the place of the shell and never waits for its child, which stays a zombie.
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      DATA_DIR: folder,
      PORT: "0",
      OLLAMA_BASE_URL: "http://127.0.0.1:9",
    };
    const parent = spawn("sh", ["-c", `"${process.execPath}" "${main}" serve & echo "pid=$!"; exec sleep 60`], { env });
    let out = "";
    parent.stdout.on("data", (data) => (out += data));
    while (!out.includes("for await")) await once(parent.stdout, "data");
    const url = /http:\/\/[\d.]+:\d+/.exec(out)?.[0] ?? "";
    const response = await openStream({ url } as BrokerProcess);
    process.kill(Number(/pid=(\d+)/.exec(out)?.[1]), "SIGKILL");
    await response.text().catch(() => "");
    await start({}, folder);
    assert.deepEqual(
      readRows(folder).map((row) => row.status),
      ["interrupted"],
    );
    parent.kill("SIGKILL");
  });

  test("SIGHUP reads the models configuration again", async () => {
    const folder = await tempFolder();
    const path = join(folder, "models.yml");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(
      path,
      "models: { one: { backends: [ { provider: embedded, model_id: tiny-broker, free: true } ] } }\n",
    );
    const broker = await start({ MODELS_CONFIG_PATH: path }, folder);
    await writeFile(
      path,
      "models: { two: { backends: [ { provider: embedded, model_id: tiny-broker, free: true } ] } }\n",
    );
    broker.child.kill("SIGHUP");
    for (;;) {
      const { data } = (await (await fetch(`${broker.url}/v1/models`)).json()) as { data: { id: string }[] };
      if (data[0]?.id === "two") break;
    }
  });
});

describe("faults of the configuration stop the start with one line", () => {
  const faults: readonly [string, Record<string, string>, RegExp][] = [
    ["a port that is none", { PORT: "http" }, /^aibroker: PORT must be a whole number from 0 to 65535\n$/],
    ["a duration without unit that is none", { DRAIN_TIMEOUT: "soon" }, /^aibroker: DRAIN_TIMEOUT must be a duration/],
    [
      "a missing models file",
      { MODELS_CONFIG_PATH: "/nowhere.yml" },
      /^aibroker: \/nowhere\.yml can't be read \(ENOENT\)/,
    ],
    [
      "a socket path that is too long",
      { SOCKET_PATH: `/tmp/${"x".repeat(120)}` },
      /^aibroker: .*SOCKET_PATH|^aibroker: .*107/,
    ],
    ["a base URL that is none", { OPENAI_BASE_URL: "localhost" }, /^aibroker: OPENAI_BASE_URL must be an http/],
  ];
  for (const [why, env, expected] of faults) {
    test(why, async () => {
      const folder = await tempFolder();
      const { out, ended } = run(["serve"], env, folder);
      assert.equal(await ended, 1);
      assert.match(out.stderr, expected);
      assert.equal(out.stderr.split("\n").length, 2, out.stderr);
      assert.equal(out.stdout, "");
      await rm(folder, { recursive: true, force: true });
    });
  }

  test("a port in use is named", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const folder = await tempFolder();
    const { out, ended } = run(["serve", "--port", String(port)], {}, folder);
    assert.equal(await ended, 1);
    assert.match(out.stderr, new RegExp(`^aibroker: .*${port}.*in use`));
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("an unknown flag or command", async () => {
    const folder = await tempFolder();
    for (const args of [["--prot", "1"], ["sevre"]]) {
      const { out, ended } = run(args, {}, folder);
      assert.equal(await ended, 1);
      assert.match(out.stderr, /^aibroker: .*try aibroker --help\n$/);
    }
    await rm(folder, { recursive: true, force: true });
  });
});

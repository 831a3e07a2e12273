// A local engine: a program is run for each recording, without a shell and without our secrets, and leaves nothing behind.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readWav } from "../../src/core/audio/wav.ts";
import { ProviderFailure, type TranscriptionAsk, type UnitCall } from "../../src/core/provider.ts";
import { createCommandProvider } from "../../src/providers/command.ts";
import { mp3Of, wavOf } from "../support/audio.ts";
import { createTarget } from "../support/target.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A program that tells what it was given, then does what `body` says. */
const PROGRAM = join(folder, "engine.mjs");
writeFileSync(
  PROGRAM,
  `import { appendFileSync, readFileSync, statSync, copyFileSync } from "node:fs";
const [told, copy, what, file] = process.argv.slice(2);
appendFileSync(told, JSON.stringify({ args: process.argv.slice(4), mode: statSync(file).mode & 0o777, env: Object.keys(process.env), cwd: process.cwd(), pid: process.pid, stdin: readFileSync(0).length }) + "\\n");
copyFileSync(file, copy);
if (what === "fail") { console.error("model not found"); process.exit(3); }
if (what === "hang") setInterval(() => {}, 1000);
else if (what === "flood") (function go() { process.stdout.write("x".repeat(65536), go); })();
else console.log("hello\\nthere  \\n\\nworld");
`,
);
const TOLD = join(folder, "told");
const COPY = join(folder, "copy");

function callOf(
  command: string[] | undefined,
  { file = wavOf(0.5) as Uint8Array, signal = new AbortController().signal, firstByteMs = 20_000 } = {},
): UnitCall<TranscriptionAsk> {
  const target = createTarget({ url: "command:", dialect: "command", secret: null, timeouts: { firstByteMs } });
  const config = { ...target.backend.config, ...(command ? { command } : {}) };
  const params = { model: "m", file, filename: "../../etc/passwd; rm -rf $HOME .wav", translate: false };
  return { target: { ...target, backend: { ...target.backend, config } }, params, signal };
}

const engine = (what: string, file = "{file}"): string[] => [process.execPath, PROGRAM, TOLD, COPY, what, file];
const lastTold = () =>
  JSON.parse(readFileSync(TOLD, "utf8").trim().split("\n").at(-1) ?? "") as {
    args: string[];
    mode: number;
    env: string[];
    cwd: string;
    pid: number;
    stdin: number;
  };

const failure =
  (kind: string, words = /./) =>
  (error: unknown): boolean =>
    error instanceof ProviderFailure && error.kind === kind && words.test(error.upstream?.message ?? error.message);

const provider = createCommandProvider();
after(() => provider.close());

describe("a command", () => {
  test("is given a WAV of 16 kHz in a file of its owner's, no input and none of our environment; its output is the text", async () => {
    assert.deepEqual(await provider.transcribe(callOf(engine("speak"), { file: wavOf(0.5, 44_100) })), {
      text: "hello there world",
    });
    const { mode, env, cwd, stdin, args } = lastTold();
    assert.equal(mode, 0o600);
    assert.deepEqual(env.sort(), ["HOME", "LANG", "PATH"]);
    assert.equal(stdin, 0);
    assert.ok(args[1]?.startsWith(cwd));
    const wav = readWav(readFileSync(COPY));
    assert.deepEqual([wav?.rate, wav?.channels, wav?.bits, wav?.seconds], [16_000, 1, 16, 0.5]);
    assert.throws(() => readdirSync(cwd), /ENOENT/, "nothing is left");
  });

  test("with {input} is given the recording as it came, with the ending of its format", async () => {
    const file = mp3Of(20);
    await provider.transcribe(callOf(engine("speak", "{input}"), { file }));
    assert.deepEqual(readFileSync(COPY), file);
    assert.match(lastTold().args[1] ?? "", /\.mp3$/);
  });

  test("can't take what is no WAV, can't translate, and has to be there", () => {
    const { backend } = callOf(engine("speak")).target;
    assert.match(provider.transcribeUnable(backend, { format: "mp3", translate: false }) ?? "", /takes wav, not mp3/);
    assert.match(provider.transcribeUnable(backend, { format: "wav", translate: true }) ?? "", /translate/);
    assert.equal(provider.transcribeUnable(backend, { format: "wav", translate: false }), undefined);
    const any = callOf(engine("speak", "--in={input}")).target.backend;
    assert.equal(provider.transcribeUnable(any, { format: "mp3", translate: false }), undefined);
    assert.match(
      provider.transcribeUnable(callOf(undefined).target.backend, { format: "wav", translate: false }) ?? "",
      /no command/,
    );
  });

  test("whose program fails, is not there or gets no WAV is a failure that says so", async () => {
    await assert.rejects(provider.transcribe(callOf(engine("fail"))), failure("status", /code 3: model not found/));
    await assert.rejects(provider.transcribe(callOf(["/no/such/program", "{file}"])), failure("status", /ENOENT/));
    await assert.rejects(
      provider.transcribe(callOf(engine("speak"), { file: wavOf(0.1).subarray(0, 20) })),
      failure("status", /no WAV/),
    );
  });

  for (const [name, what, expected] of [
    ["takes too long", "hang", failure("timeout")],
    ["writes without end", "flood", failure("garbled")],
  ] as const) {
    test(`that ${name} is killed, and its file is gone`, async () => {
      await assert.rejects(
        provider.transcribe(callOf(engine(what), { firstByteMs: what === "hang" ? 1_500 : 20_000 })),
        expected,
      );
      await gone(lastTold().pid);
      assert.throws(() => readdirSync(lastTold().cwd), /ENOENT/);
    });
  }

  test("is killed when the call is aborted", async () => {
    const controller = new AbortController();
    const before = readFileSync(TOLD, "utf8").length;
    const call = provider.transcribe(callOf(engine("hang"), { signal: controller.signal }));
    call.catch(() => {});
    await until(() => readFileSync(TOLD, "utf8").length > before);
    controller.abort();
    await assert.rejects(call, failure("aborted"));
    await gone(lastTold().pid);
    await assert.rejects(
      provider.transcribe(callOf(engine("speak"), { signal: controller.signal })),
      failure("aborted"),
    );
  });

  test("does not begin its work when the call is aborted while the recording is being written", async () => {
    const controller = new AbortController();
    const call = provider.transcribe(callOf(engine("hang"), { signal: controller.signal }));
    controller.abort();
    await assert.rejects(call, failure("aborted"));
  });

  test("is one of four at most; closing ends those that run", async () => {
    const own = createCommandProvider();
    const calls = Array.from({ length: 4 }, () => own.transcribe(callOf(engine("hang"))));
    for (const call of calls) call.catch(() => {});
    const before = readFileSync(TOLD, "utf8").split("\n").length;
    await assert.rejects(own.transcribe(callOf(engine("speak"))), failure("status", /4 programs at a time/));
    await until(() => readFileSync(TOLD, "utf8").split("\n").length >= before + 4);
    await own.close();
    for (const call of calls) await assert.rejects(call, failure("status", /SIGKILL/));
  });
});

/** Nothing with this id runs. */
function gone(pid: number): Promise<void> {
  return until(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

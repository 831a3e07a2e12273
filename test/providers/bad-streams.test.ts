// One table of bad streams for every dialect over HTTP: a stream that was cut or spoiled never looks complete, and a good
// one gives the same chunks however its bytes are cut into reads.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Dialect } from "../../src/generated/types.ts";
import { createHttp, type Http } from "../../src/providers/http.ts";
import { createProviders, type Providers } from "../../src/providers/registry.ts";
import {
  anthropicEvents,
  anthropicSse,
  anthropicText,
  anthropicToolUse,
  byteByByte,
  ndjson,
  ollamaLines,
  openAiSse,
  openAiTextChunks,
  splitAt,
  withLineEnds,
} from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { createUpstream, type Piece, type Upstream, type UpstreamAnswer } from "../support/upstream.ts";
import { type Collected, collect } from "./collect.ts";

type HttpDialect = Exclude<Dialect, "embedded" | "command">;

interface Sample {
  readonly type: string;
  /** A whole answer of text. */
  readonly good: Buffer;
  readonly error: string;
  readonly errorStatus: number;
  readonly garbage: string;
}

const SAMPLES: Record<HttpDialect, Sample> = {
  openai: {
    type: "text/event-stream",
    good: openAiSse(openAiTextChunks(["Grüße", " 🙂"])),
    error: 'data: {"error":{"message":"Overloaded","code":529}}\n\n',
    errorStatus: 529,
    garbage: "data: {nonsense}\n\n",
  },
  anthropic: {
    type: "text/event-stream",
    good: anthropicSse(
      anthropicEvents([anthropicText("Grüße", " 🙂"), anthropicToolUse("toolu_1", "f", '{"a"', ":1}")]),
    ),
    error: 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
    errorStatus: 529,
    garbage: "event: content_block_delta\ndata: {nonsense}\n\n",
  },
  ollama: {
    type: "application/x-ndjson",
    good: ndjson(ollamaLines([{ content: "Grüße" }, { content: " 🙂" }])),
    error: '{"error":"Overloaded"}\n',
    errorStatus: 502,
    garbage: "{nonsense}\n",
  },
};

let upstream: Upstream;
let http: Http;
let providers: Providers;

before(async () => {
  upstream = await createUpstream();
  http = createHttp();
  providers = createProviders({ http });
});

after(async () => {
  await http.close();
  await upstream.close();
});

async function answered(dialect: HttpDialect, pieces: Piece[], more: Partial<UpstreamAnswer> = {}): Promise<Collected> {
  upstream.script({ headers: { "content-type": SAMPLES[dialect].type }, pieces, ...more });
  return collect(providers[dialect].stream(createCall(createTarget({ url: upstream.url, dialect }))));
}

/** Chunks without the time at which they were read. */
function timeless({ chunks }: Collected): object[] {
  return chunks.map(({ created: _, ...rest }) => rest);
}

for (const dialect of ["openai", "anthropic", "ollama"] as const) {
  const { good, error, errorStatus, garbage, type } = SAMPLES[dialect];

  describe(dialect, () => {
    let whole: object[];
    before(async () => {
      const collected = await answered(dialect, [good]);
      assert.equal(collected.failure, undefined);
      assert.equal(collected.completion.choices[0]?.message.content, "Grüße 🙂");
      assert.ok(collected.completion.usage, "usage came");
      whole = timeless(collected);
    });

    test("split at every byte gives the same chunks", async () => {
      for (let offset = 1; offset < good.length; offset++) {
        const collected = await answered(dialect, splitAt(good, offset));
        assert.deepEqual([timeless(collected), collected.failure], [whole, undefined], `split at ${offset}`);
      }
    });

    test("cut at every byte never looks complete, and gives no chunk that the whole would not give", async () => {
      const last = good.length - (dialect === "openai" ? "data: [DONE]\n\n".length : 3);
      for (let offset = 0; offset < last; offset += 7) {
        for (const ending of ["end", "destroy"] as const) {
          const collected = await answered(dialect, [good.subarray(0, offset)], { ending });
          if (dialect === "openai" && finished(collected)) continue;
          assert.equal(collected.failure?.kind, "cut", `cut at ${offset}, ${ending}`);
          assert.deepEqual(timeless(collected), whole.slice(0, collected.chunks.length));
        }
      }
    });

    const same: [string, Piece[]][] = [
      ["byte by byte", byteByByte(good)],
      ["CRLF", [withLineEnds(good, "\r\n")]],
      ["CRLF byte by byte", byteByByte(withLineEnds(good, "\r\n"))],
      ["no final newline", [good.subarray(0, -1)]],
      ["no newline at the end at all", [good.subarray(0, dialect === "ollama" ? -1 : -2)]],
    ];
    if (dialect !== "ollama") {
      same.push(
        ["CR", [withLineEnds(good, "\r")]],
        ["comments between and before", [": hello\n\n", good.toString().replaceAll("\n\n", "\n\n: ping\n\n")]],
        ["a byte order mark", ["\uFEFF", good]],
      );
    }
    for (const [name, pieces] of same) {
      test(`${name}: the same chunks`, async () => {
        const collected = await answered(dialect, pieces);
        assert.equal(collected.failure, undefined);
        assert.deepEqual(timeless(collected), whole);
      });
    }

    test("an empty 200 is cut", async () => {
      assert.equal((await answered(dialect, [])).failure?.kind, "cut");
    });

    test("an error at once", async () => {
      const { failure, chunks } = await answered(dialect, [error]);
      assert.equal(chunks.length, 0);
      assert.deepEqual(
        [failure?.kind, failure?.status, failure?.upstream?.message],
        ["status", errorStatus, "Overloaded"],
      );
    });

    test("an error in the middle, glued to what came before it", async () => {
      const half = Math.floor(whole.length / 2);
      const end = boundary(good, half, dialect);
      const { failure, chunks } = await answered(dialect, [Buffer.concat([good.subarray(0, end), Buffer.from(error)])]);
      assert.deepEqual([failure?.kind, failure?.status], ["status", errorStatus]);
      assert.ok(chunks.length > 0);
    });

    test("a JSON error in a 200", async () => {
      for (const headers of [{ "content-type": "application/json" }, { "content-type": type }]) {
        const { failure, chunks } = await answered(dialect, ['{"error":{"message":"No more","code":402}}'], {
          headers,
        });
        assert.equal(chunks.length, 0);
        assert.deepEqual([failure?.kind, failure?.status, failure?.upstream?.message], ["status", 402, "No more"]);
      }
    });

    test("garbage, after what came before it", async () => {
      const end = boundary(good, 2, dialect);
      const { failure, chunks } = await answered(dialect, [good.subarray(0, end), garbage, good.subarray(end)]);
      assert.equal(failure?.kind, "garbled");
      assert.ok(chunks.length > 0 && chunks.length < whole.length);
    });

    test("an answer that stalls", async () => {
      upstream.script({ headers: { "content-type": type }, pieces: [good.subarray(0, 300)], ending: "hang" });
      const target = createTarget({ url: upstream.url, dialect, timeouts: { idleMs: 50 } });
      const { failure } = await collect(providers[dialect].stream(createCall(target)));
      assert.equal(failure?.kind, "timeout");
    });

    test("a hang-up in the middle closes the connection", { timeout: 5_000 }, async () => {
      const controller = new AbortController();
      const index = upstream.requests.length;
      upstream.script({ headers: { "content-type": type }, pieces: [good.subarray(0, 300)], ending: "hang" });
      const call = createCall(createTarget({ url: upstream.url, dialect }), {}, controller.signal);
      let failure: unknown;
      try {
        for await (const _ of providers[dialect].stream(call)) controller.abort();
      } catch (error) {
        failure = error;
      }
      assert.equal((failure as { kind?: string }).kind, "aborted");
      await (await upstream.request(index)).closed;
    });

    test("a reader that leaves the loop closes the connection", { timeout: 5_000 }, async () => {
      const index = upstream.requests.length;
      upstream.script({ headers: { "content-type": type }, pieces: [good.subarray(0, 300)], ending: "hang" });
      for await (const _ of providers[dialect].stream(createCall(createTarget({ url: upstream.url, dialect })))) break;
      await (await upstream.request(index)).closed;
    });

    test("answers one after another share a few connections", async () => {
      const before = upstream.connections;
      for (let i = 0; i < 30; i++) assert.equal((await answered(dialect, [good])).failure, undefined);
      const opened = upstream.connections - before;
      assert.ok(opened <= 5, `${opened} connections for 30 answers`);
    });
  });
}

/** OpenAI's choices may all have ended before `[DONE]`: then the answer is whole. */
function finished({ completion, failure }: Collected): boolean {
  return failure === undefined && completion.choices[0]?.finish_reason === "stop";
}

/** Where the frame or line with this number ends. */
function boundary(bytes: Buffer, number: number, dialect: HttpDialect): number {
  const end = dialect === "ollama" ? "\n" : "\n\n";
  let at = 0;
  for (let i = 0; i < number; i++) at = bytes.indexOf(end, at) + end.length;
  return at;
}

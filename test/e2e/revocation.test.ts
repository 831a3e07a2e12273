// A key that is revoked while it is in use, over HTTP and raw connections, with two processes on one data folder.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connectClient } from "../support/client.ts";
import { starter } from "../support/process.ts";
import { ADMIN, create, rest, statusWith, to } from "../support/rest.ts";

describe("revocation under load", () => {
  const start = starter();

  test("holds for every request that begins after its answer, in both processes of the folder", async () => {
    const env = { ADMIN_TOKEN: ADMIN, AUTH: "required", SOCKET_PATH: "", LOG_LEVEL: "silent" };
    const first = await start(env);
    const second = await start(env, first.folder);
    const urls = [first.url, second.url];
    const { id, secret } = await create(urls[0] ?? "");
    const load = new Load(secret);
    const loops = await load.start(urls);
    await load.enough;
    const { body } = await rest(urls[1] ?? "", "DELETE", `/keys/${id}`);
    load.revoked = true;
    assert.equal(body.status, "revoked");
    await Promise.all(loops);
    for (const url of urls) assert.ok((load.before.get(url) ?? 0) >= Load.ENOUGH, "it was good at every broker before");
    assert.deepEqual(load.late, [], "successes of requests that began after the answer");
    assert.ok(load.refused >= loops.length * Load.AFTER);
  });
});

/** Calls without pause, over HTTP (with and without a model) and on a raw connection of each broker. */
class Load {
  /** Successes at each broker before the revocation. */
  static readonly ENOUGH = 100;
  /** Requests of each loop after it. */
  static readonly AFTER = 25;
  revoked = false;
  refused = 0;
  readonly before = new Map<string, number>();
  readonly late: string[] = [];
  readonly #enough = Promise.withResolvers<void>();
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  get enough(): Promise<void> {
    return this.#enough.promise;
  }

  async start(urls: readonly string[]): Promise<Promise<void>[]> {
    const loops: Promise<void>[] = [];
    for (const url of urls) {
      const list = () => statusWith(url, this.#secret).then((status) => status === 200);
      const chat = () =>
        rest(url, "POST", "/v1/chat/completions", CHAT, this.#secret).then(({ status }) => status === 200);
      const client = await connectClient(to(url));
      await client.call("session.authenticate", { token: this.#secret });
      const raw = async (): Promise<boolean> => (await client.call("models.list")).result !== undefined;
      loops.push(...[list, list, chat].map((call) => this.#loop(url, call)));
      loops.push(this.#loop(url, raw).finally(() => client.close()));
    }
    return loops;
  }

  async #loop(url: string, call: () => Promise<boolean>): Promise<void> {
    for (let left = Load.AFTER; left > 0; ) {
      const after = this.revoked;
      const good = await call();
      if (after) left--;
      if (!good) this.refused++;
      else if (after) this.late.push(url);
      else if (!this.revoked) this.#count(url);
    }
  }

  #count(url: string): void {
    this.before.set(url, (this.before.get(url) ?? 0) + 1);
    if (this.before.size === 2 && [...this.before.values()].every((count) => count >= Load.ENOUGH))
      this.#enough.resolve();
  }
}

const CHAT = { model: "tiny-broker", max_tokens: 1, messages: [{ role: "user", content: "Hello!" }] };

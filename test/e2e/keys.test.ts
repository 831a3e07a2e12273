// Keys as their owners meet them: made over REST, used by HTTP and raw connections, changed, rotated and revoked.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient, type TestClient } from "../support/client.ts";
import { ADMIN, create, type KeyAnswer, rest, statusWith, to } from "../support/rest.ts";

describe("a key", () => {
  let broker: TestBroker;
  let url = "";
  const clients: TestClient[] = [];
  const connect = async (target: Parameters<typeof connectClient>[0]): Promise<TestClient> => {
    const client = await connectClient(target);
    clients.push(client);
    return client;
  };
  before(async () => {
    broker = await startBroker({ ADMIN_TOKEN: ADMIN, AUTH: "required" });
    url = broker.url;
  });
  after(async () => {
    for (const client of clients) client.close();
    await broker.stop();
  });

  test("is shown with its secret once, and masked ever after", async () => {
    const made = await create(url, { budgets: [{ usd: 1, period: "day" }], labels: { team: "x" } });
    const { secret, ...shown } = made;
    assert.equal(shown.masked, `sk-…${secret.slice(-4)}`);
    assert.deepEqual((await rest(url, "GET", `/keys/${made.id}`)).body, shown);
    const { data } = (await rest(url, "GET", "/keys")).body as { data: KeyAnswer[] };
    assert.deepEqual(
      data.find(({ id }) => id === made.id),
      shown,
    );
  });

  test("is changed by what is given, and loses what is null", async () => {
    const { id } = await create(url, {
      models: ["a*"],
      limits: { concurrency: 2 },
      expires_at: "2999-01-01T00:00:00Z",
    });
    const change = async (changes: object) => (await rest(url, "PATCH", `/keys/${id}`, changes)).body;
    const renamed = await change({ name: "new", tools: ["search"] });
    assert.deepEqual([renamed.name, renamed.models, renamed.tools], ["new", ["a*"], ["search"]]);
    const bare = await change({
      models: null,
      tools: null,
      budgets: null,
      limits: null,
      labels: null,
      expires_at: null,
    });
    const { models, tools, budgets, limits, labels, expires_at } = bare;
    assert.deepEqual([models, tools, budgets, limits, labels], [null, null, [], {}, {}]);
    assert.equal(expires_at, undefined);
    assert.equal(bare.name, "new");
  });

  test("expires when it is told to, and says so", async () => {
    const { id, secret } = await create(url);
    assert.equal(await statusWith(url, secret), 200);
    const { body } = await rest(url, "PATCH", `/keys/${id}`, { expires_at: "2020-01-01T00:00:00.5+01:00" });
    assert.deepEqual([body.status, body.expires_at], ["expired", "2019-12-31T23:00:00.500Z"]);
    assert.equal(await statusWith(url, secret), 401);
  });

  test("has two good secrets after a rotation with grace, and one without", async () => {
    const { id, secret: first } = await create(url);
    const graceful = (await rest(url, "POST", `/keys/${id}/rotate`, { grace_s: 3600 })).body as KeyAnswer;
    assert.ok(Date.parse(String(graceful.previous_valid_until)) > Date.now());
    assert.deepEqual([await statusWith(url, first), await statusWith(url, graceful.secret)], [200, 200]);
    const sudden = (await rest(url, "POST", `/keys/${id}/rotate`, {})).body as KeyAnswer;
    assert.equal("previous_valid_until" in sudden, false);
    assert.ok(sudden.rotated_at);
    const all = [first, graceful.secret, sudden.secret];
    assert.deepEqual(await Promise.all(all.map((secret) => statusWith(url, secret))), [401, 401, 200]);
  });

  test("that is revoked can't be changed or rotated, and is listed only when asked for", async () => {
    const { id } = await create(url);
    const { body } = await rest(url, "DELETE", `/keys/${id}`);
    assert.equal(body.status, "revoked");
    assert.deepEqual((await rest(url, "DELETE", `/keys/${id}`)).body, body, "revoking again changes nothing");
    for (const [verb, path] of [
      ["PATCH", ""],
      ["POST", "/rotate"],
    ] as const) {
      const refused = await rest(url, verb, `/keys/${id}${path}`, {});
      assert.deepEqual([refused.status, (refused.body.error as { code: string }).code], [400, "invalid_request"]);
    }
    const ids = async (query: string): Promise<boolean> => {
      const { data } = (await rest(url, "GET", `/keys${query}`)).body as { data: KeyAnswer[] };
      return data.some((key) => key.id === id);
    };
    assert.deepEqual([await ids(""), await ids("?all=true")], [false, true]);
  });

  test("is paged through without loss", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await rest(url, "GET", `/keys?all=true&limit=2${cursor}`);
      const page = body as { data: KeyAnswer[]; next_cursor?: string };
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
    } while (cursor !== "");
    const whole = (await rest(url, "GET", "/keys?all=true&limit=1000")).body as { data: KeyAnswer[] };
    assert.deepEqual(
      seen,
      whole.data.map(({ id }) => id),
    );
  });

  test("acts as itself on the owner's socket too", async () => {
    const { id, secret } = await create(url);
    const owner = await connect(broker.socketPath);
    assert.ok((await owner.call("system.info")).result);
    const { error } = await owner.call("system.info", { _meta: { token: secret } });
    assert.equal(error?.data.kind, "forbidden");
    const { result } = await owner.call("session.authenticate", { token: secret });
    assert.deepEqual(result, { principal: id, scopes: ["public", "inference"] });
    assert.equal((await owner.call("system.info")).error?.data.kind, "forbidden", "the connection is the key's now");
  });

  test("ends connections' sessions with it; they may begin another", async () => {
    const { id, secret } = await create(url);
    const { secret: another } = await create(url);
    for (const client of [await connect(broker.socketPath), await connect(to(url))]) {
      await client.call("session.authenticate", { token: secret });
      assert.ok((await client.call("models.list")).result);
    }
    await rest(url, "DELETE", `/keys/${id}`);
    for (const client of clients.slice(-2)) {
      for (const method of ["models.list", "system.health", "system.info"]) {
        assert.equal((await client.call(method)).error?.data.kind, "unauthorized", method);
      }
      assert.ok((await client.call("session.authenticate", { token: another })).result);
      assert.ok((await client.call("models.list")).result);
    }
  });
});

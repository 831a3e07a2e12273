// Who a caller turns out to be: mode × where the call comes from × what credential it carries; what ends a key or a session.

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { beforeEach, describe, test } from "node:test";
import type { Principal } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { Key } from "../../src/core/key.ts";
import { Secret } from "../../src/core/secret.ts";
import { createAuthenticator } from "../../src/dispatch/authenticate.ts";
import type { Caller } from "../../src/dispatch/request.ts";
import { signed } from "../support/jwt.ts";

const ADMIN_TOKEN = "correct horse battery staple";
const COOKIE = "cookie-0123456789";
const HERO_SECRET = "hero-secret-of-32-bytes-or-more-x";
const SECRET = `sk-ab-${"k".repeat(43)}`;
const NOW = Date.UTC(2026, 10, 21);
const KEY: Key = {
  ...{ id: "key_1", name: "ci", last4: "kkkk", models: undefined, tools: undefined, budgets: [], labels: {} },
  limits: { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined },
  ...{ createdAt: 0, expiresAt: undefined, revokedAt: undefined, rotatedAt: undefined, previousValidUntil: undefined },
};

/** The store's keys by digest, and the digests that were looked for. */
let keys: Map<string, Key>;
let looks: string[];
beforeEach(() => {
  keys = new Map([[hash("sha256", SECRET), KEY]]);
  looks = [];
});

function authenticator(
  mode: "optional" | "required",
  more: { admins?: string[]; jwtSecret?: string | undefined } = {},
) {
  const { admins = [ADMIN_TOKEN, COOKIE], jwtSecret } = more;
  return createAuthenticator({
    adminSecrets: admins.map((secret) => new Secret(secret)),
    keys: {
      find(digest) {
        looks.push(digest);
        return keys.get(digest);
      },
    },
    jwtSecret: jwtSecret === undefined ? undefined : new Secret(jwtSecret),
    mode,
    now: () => NOW,
  });
}
const authenticators = { optional: authenticator("optional"), required: authenticator("required") };

const CALLERS: Readonly<Record<string, Caller>> = {
  remote: { ip: "203.0.113.9", loopback: false, trusted: false },
  loopback: { ip: "127.0.0.1", loopback: true, trusted: false },
  socket: { ip: "unix:1000", loopback: true, trusted: true },
};
const CREDENTIALS: Readonly<Record<string, string | undefined>> = {
  none: undefined,
  empty: "",
  foreign: "not-needed",
  vendor: "sk-proj-0123456789",
  key: SECRET,
  unknownKey: "sk-ab-0123456789abcdefABCDEF",
  longerKey: `${SECRET}k`,
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
  adminToken: ADMIN_TOKEN,
  cookie: COOKIE,
  almost: `${ADMIN_TOKEN} `,
  endless: "x".repeat(8193),
};

/** 401: refused. Else the principal: nobody (public methods only), anonymous (inference too), a key or admin. */
type Verdict = "401" | "nobody" | "anonymous" | "key" | "admin";
type Row = Readonly<Record<keyof typeof CREDENTIALS, Verdict>>;
const row = (none: Verdict, foreign: Verdict): Row => ({
  none,
  empty: none,
  foreign,
  vendor: foreign,
  key: "key",
  unknownKey: "401",
  longerKey: "401",
  jwt: "401",
  adminToken: "admin",
  cookie: "admin",
  almost: foreign,
  endless: "401",
});

const TABLE: Readonly<Record<"optional" | "required", Readonly<Record<string, Row>>>> = {
  optional: {
    remote: row("nobody", "nobody"),
    loopback: row("anonymous", "anonymous"),
    socket: row("admin", "admin"),
  },
  required: {
    remote: row("nobody", "401"),
    loopback: row("nobody", "401"),
    socket: row("admin", "401"),
  },
};

const SCOPES: Readonly<Record<string, readonly string[]>> = {
  nobody: ["public"],
  anonymous: ["public", "inference"],
  key: ["public", "inference"],
  admin: ["public", "inference", "admin"],
};

/** Everything but a JWT is known at once. */
function atOnce(principal: Principal | Promise<Principal>): Principal {
  assert.ok(!(principal instanceof Promise), "nothing to wait for");
  return principal;
}

async function verdict(
  mode: "optional" | "required",
  credential: string | undefined,
  caller: Caller,
  open = false,
): Promise<Verdict> {
  try {
    const found = await authenticators[mode].principal(credential, caller, open);
    const verdict = found.key ? "key" : found.scopes.has("inference") ? found.name : "nobody";
    assert.equal(found.keyId, found.key?.id);
    assert.deepEqual([...found.scopes], SCOPES[verdict]);
    return verdict as Verdict;
  } catch (error) {
    assert.ok(error instanceof BrokerError && error.kind === "unauthorized", String(error));
    assert.ok(!credential || !error.message.includes(credential), "the credential is not repeated");
    return "401";
  }
}

for (const mode of ["optional", "required"] as const) {
  describe(`AUTH=${mode}`, () => {
    for (const [from, expected] of Object.entries(TABLE[mode])) {
      for (const [kind, credential] of Object.entries(CREDENTIALS)) {
        test(`${from} with ${kind}: ${expected[kind]}`, async () => {
          assert.equal(await verdict(mode, credential, CALLERS[from] as Caller), expected[kind]);
        });
      }
    }
  });
}

describe("a REST row that is open to this machine", () => {
  test("makes loopback callers admin for that call, in both modes, and nobody else", async () => {
    for (const mode of ["optional", "required"] as const) {
      assert.equal(await verdict(mode, undefined, CALLERS.loopback as Caller, true), "admin");
      assert.equal(await verdict(mode, undefined, CALLERS.remote as Caller, true), "nobody");
      assert.equal(await verdict(mode, CREDENTIALS.unknownKey, CALLERS.loopback as Caller, true), "401");
      assert.equal(await verdict(mode, SECRET, CALLERS.loopback as Caller, true), "key");
    }
  });
});

describe("a key", () => {
  test("is named by its id and comes with its record, whatever the caller would be without it", () => {
    for (const caller of Object.values(CALLERS)) {
      const found = atOnce(authenticators.optional.principal(SECRET, caller, false));
      assert.deepEqual([found.name, found.keyId, found.key], ["key_1", "key_1", KEY]);
    }
  });

  test("is looked for once a call, by its digest, and what is no key is not looked for at all", async () => {
    for (const credential of Object.values(CREDENTIALS)) {
      await verdict("optional", credential, CALLERS.loopback as Caller);
    }
    const ours = [SECRET, CREDENTIALS.unknownKey ?? "", CREDENTIALS.longerKey ?? ""];
    assert.deepEqual(
      looks,
      ours.map((secret) => hash("sha256", secret)),
    );
  });

  test("that was refused tells nobody why", () => {
    const messageOf = (secret: string): string => {
      try {
        authenticators.optional.principal(secret, CALLERS.loopback as Caller, false);
      } catch (error) {
        return String(error);
      }
      return "not refused";
    };
    keys.clear();
    assert.equal(messageOf(SECRET), messageOf("sk-ab-nobodyhaseverseenthis"));
    assert.match(messageOf(SECRET), /unknown, expired or revoked/);
  });

  test("that can't be looked up is neither good nor bad", () => {
    const failing = createAuthenticator({
      adminSecrets: [new Secret(COOKIE)],
      keys: {
        find() {
          throw new BrokerError("storage_unavailable");
        },
      },
      jwtSecret: undefined,
      mode: "optional",
      now: () => NOW,
    });
    assert.throws(() => failing.principal(SECRET, CALLERS.socket as Caller, false), { kind: "storage_unavailable" });
    assert.equal(atOnce(failing.principal(COOKIE, CALLERS.remote as Caller, false)).name, "admin");
  });
});

describe("an admin secret in the format of keys", () => {
  test("is an admin secret", () => {
    const ours = authenticator("optional", { admins: [SECRET] });
    assert.equal(atOnce(ours.principal(SECRET, CALLERS.remote as Caller, false)).name, "admin");
    assert.deepEqual(looks, []);
  });
});

describe("a JWT", () => {
  const claims = { sub: "ann", exp: NOW / 1000 + 60 };

  test("is judged by HERO_SECRET and its scope, wherever it comes from", async () => {
    const auth = authenticator("optional", { jwtSecret: HERO_SECRET });
    for (const [scope, scopes] of [
      ["inference", SCOPES.anonymous],
      ["admin", SCOPES.admin],
    ] as const) {
      const token = signed({ ...claims, scope }, HERO_SECRET);
      for (const caller of Object.values(CALLERS)) {
        const found = await auth.principal(token, caller, false);
        assert.deepEqual(
          [found.name, found.keyId, found.key, [...found.scopes]],
          ["jwt:ann", "jwt:ann", undefined, scopes],
        );
      }
    }
  });

  test("without HERO_SECRET is refused, also one that is signed with nothing", async () => {
    for (const secret of [HERO_SECRET, "undefined"]) {
      const token = signed({ ...claims, scope: "admin" }, secret);
      for (const caller of Object.values(CALLERS)) assert.equal(await verdict("optional", token, caller), "401");
    }
  });
});

describe("a session", () => {
  const bound = async (token: string, from: Caller | undefined = CALLERS.remote) => {
    const caller: Caller = { ...(from as Caller) };
    await authenticators.optional.bind(token, caller);
    return caller;
  };

  test("speaks for calls without a credential", async () => {
    assert.equal(await verdict("required", undefined, await bound(ADMIN_TOKEN)), "admin");
    assert.equal(await verdict("required", undefined, await bound(SECRET)), "key");
  });

  test("does not shield a bad credential", async () => {
    assert.equal(await verdict("required", "wrong", await bound(ADMIN_TOKEN)), "401");
  });

  test("gives way to a good one", async () => {
    assert.equal(await verdict("required", COOKIE, await bound(SECRET)), "admin");
    assert.equal(await verdict("required", SECRET, await bound(COOKIE)), "key");
  });

  test("ends with its key, at the next call, even where no credential is needed or the owner calls", async () => {
    const callers = await Promise.all(Object.values(CALLERS).map((caller) => bound(SECRET, caller)));
    keys.clear();
    for (const caller of callers) assert.equal(await verdict("optional", undefined, caller), "401", caller.ip);
  });

  test("ends with its JWT", async () => {
    let now = NOW;
    const auth = createAuthenticator({
      adminSecrets: [],
      keys: { find: () => undefined },
      jwtSecret: new Secret(HERO_SECRET),
      mode: "optional",
      now: () => now,
    });
    const caller: Caller = { ...(CALLERS.loopback as Caller) };
    await auth.bind(signed({ exp: NOW / 1000 + 10, scope: "inference" }, HERO_SECRET), caller);
    assert.equal((await auth.principal(undefined, caller, false)).name, "jwt:jwt");
    now += 70_000;
    await assert.rejects(async () => auth.principal(undefined, caller, false), { kind: "unauthorized" });
  });

  test("may be begun anew, and stays as it was when that fails", async () => {
    const caller = await bound(SECRET);
    keys.clear();
    await assert.rejects(authenticators.optional.bind("sk-ab-unknown", caller), { kind: "unauthorized" });
    assert.equal(caller.session?.reveal(), SECRET);
    await authenticators.optional.bind(COOKIE, caller);
    assert.equal(await verdict("optional", undefined, caller), "admin");
  });

  test("with a foreign token is that of nobody in particular", async () => {
    assert.equal(await verdict("optional", undefined, await bound("not-needed", CALLERS.loopback)), "anonymous");
    assert.equal(await verdict("optional", undefined, await bound("not-needed", CALLERS.remote)), "nobody");
    assert.equal(await verdict("optional", undefined, await bound("not-needed", CALLERS.socket)), "admin");
  });

  test("with a foreign token is no longer that of the key before", async () => {
    const caller = await bound(SECRET, CALLERS.loopback);
    assert.equal((await authenticators.optional.bind("not-needed", caller)).name, "anonymous");
    assert.equal(await verdict("optional", undefined, caller), "anonymous");
  });

  test("prints without its token", async () => {
    assert.ok(!JSON.stringify(await bound(ADMIN_TOKEN)).includes(ADMIN_TOKEN));
  });
});

test("without any admin secret nobody is admin by credential", () => {
  const none = authenticator("optional", { admins: [] });
  for (const credential of ["", "admin", "undefined", ADMIN_TOKEN]) {
    assert.equal(atOnce(none.principal(credential, CALLERS.loopback as Caller, false)).scopes.has("admin"), false);
  }
});

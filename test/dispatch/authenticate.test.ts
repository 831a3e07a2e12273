// Who a caller turns out to be: mode × where the call comes from × what credential it carries.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { Secret } from "../../src/core/secret.ts";
import { createAuthenticator } from "../../src/dispatch/authenticate.ts";
import type { Caller } from "../../src/dispatch/request.ts";

const ADMIN_TOKEN = "correct horse battery staple";
const COOKIE = "cookie-0123456789";
const secrets = [new Secret(ADMIN_TOKEN), new Secret(COOKIE)];
const authenticators = {
  optional: createAuthenticator({ adminSecrets: secrets, mode: "optional" }),
  required: createAuthenticator({ adminSecrets: secrets, mode: "required" }),
};

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
  ourKey: "sk-ab-0123456789abcdefABCDEF",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
  adminToken: ADMIN_TOKEN,
  cookie: COOKIE,
  almost: `${ADMIN_TOKEN} `,
};

/** 401: refused. Else the principal: nobody (public methods only), anonymous (inference too) or admin. */
type Verdict = "401" | "nobody" | "anonymous" | "admin";
type Row = Readonly<Record<keyof typeof CREDENTIALS, Verdict>>;
const row = (none: Verdict, foreign: Verdict): Row => ({
  none,
  empty: none,
  foreign,
  vendor: foreign,
  ourKey: "401",
  jwt: "401",
  adminToken: "admin",
  cookie: "admin",
  almost: foreign,
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
  admin: ["public", "inference", "admin"],
};

function verdict(mode: "optional" | "required", credential: string | undefined, caller: Caller, open = false): Verdict {
  try {
    const { scopes, keyId } = authenticators[mode].principal(credential, caller, open);
    assert.equal(keyId, undefined);
    const found = Object.entries(SCOPES).find(([, each]) => each.join() === [...scopes].join());
    assert.ok(found, `unknown scopes: ${[...scopes]}`);
    return found[0] as Verdict;
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
        test(`${from} with ${kind}: ${expected[kind]}`, () => {
          assert.equal(verdict(mode, credential, CALLERS[from] as Caller), expected[kind]);
        });
      }
    }
  });
}

describe("a REST row that is open to this machine", () => {
  test("makes loopback callers admin for that call, in both modes, and nobody else", () => {
    for (const mode of ["optional", "required"] as const) {
      assert.equal(verdict(mode, undefined, CALLERS.loopback as Caller, true), "admin");
      assert.equal(verdict(mode, undefined, CALLERS.remote as Caller, true), "nobody");
      assert.equal(verdict(mode, CREDENTIALS.ourKey, CALLERS.loopback as Caller, true), "401");
    }
  });
});

describe("a session", () => {
  const session = authenticators.optional.principal(ADMIN_TOKEN, CALLERS.remote as Caller, false);
  const caller: Caller = { ...(CALLERS.remote as Caller), session };

  test("speaks for calls without a credential", () => assert.equal(verdict("required", undefined, caller), "admin"));
  test("does not shield a bad credential", () => assert.equal(verdict("required", "wrong", caller), "401"));
  test("gives way to a good one", () => {
    const anonymous = authenticators.optional.principal(undefined, CALLERS.loopback as Caller, false);
    const bound: Caller = { ...(CALLERS.remote as Caller), session: anonymous };
    assert.equal(verdict("required", undefined, bound), "anonymous");
    assert.equal(verdict("required", COOKIE, bound), "admin");
  });
});

test("without any admin secret nobody is admin by credential", () => {
  const none = createAuthenticator({ adminSecrets: [], mode: "optional" });
  for (const credential of ["", "admin", "undefined", ADMIN_TOKEN]) {
    assert.equal(none.principal(credential, CALLERS.loopback as Caller, false).scopes.has("admin"), false);
  }
});

test("an answer is shared and can't be widened by one who holds it", () => {
  const principal = authenticators.optional.principal(undefined, CALLERS.loopback as Caller, false);
  assert.equal(principal.name, "anonymous");
  assert.deepEqual([...principal.scopes], ["public", "inference"]);
});

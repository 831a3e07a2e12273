// Tokens signed with HERO_SECRET: which are good, for how long, for what; and the known ways to forge one.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { Secret } from "../../src/core/secret.ts";
import { createJwtVerifier } from "../../src/dispatch/jwt.ts";
import { encoded, signed } from "../support/jwt.ts";

const SECRET = "hero-secret-of-32-bytes-or-more-x";
const NOW_S = 1_900_000_000;
const verify = createJwtVerifier(new Secret(SECRET), () => NOW_S * 1000);
const GOOD = { sub: "ann", exp: NOW_S + 600, scope: "inference" };

const isGood = async (token: string): Promise<boolean> => (await verify(token)) !== undefined;

describe("a good token", () => {
  const scopes: readonly [unknown, string | undefined][] = [
    ["inference", "public inference"],
    ["admin", "public inference admin"],
    ["profile inference email", "public inference"],
    ["inference admin", "public inference admin"],
    [["inference"], "public inference"],
    [["openid", "admin"], "public inference admin"],
    [undefined, undefined],
    ["", undefined],
    ["public", undefined],
    ["Admin", undefined],
    ["administrator", undefined],
    ["inference,admin", undefined],
    [[], undefined],
    [[["admin"]], undefined],
    [{ admin: true }, undefined],
    [1, undefined],
    [null, undefined],
  ];
  for (const [scope, expected] of scopes) {
    test(`with the scope ${JSON.stringify(scope)} is good for: ${expected ?? "nothing"}`, async () => {
      const principal = await verify(signed({ ...GOOD, scope }, SECRET));
      assert.equal(principal && [...principal.scopes].join(" "), expected);
    });
  }

  const times: readonly [string, object, boolean][] = [
    ["without exp", { exp: undefined }, false],
    ["whose exp is no number", { exp: "2099-01-01" }, false],
    ["that expired 30 s ago", { exp: NOW_S - 30 }, true],
    ["that expired 59 s ago", { exp: NOW_S - 59 }, true],
    ["that expired 60 s ago", { exp: NOW_S - 60 }, false],
    ["that expired 61 s ago", { exp: NOW_S - 61 }, false],
    ["that begins in 60 s", { nbf: NOW_S + 60 }, true],
    ["that begins in 61 s", { nbf: NOW_S + 61 }, false],
    ["whose iat is no number", { iat: "now" }, false],
  ];
  for (const [what, claims, good] of times) {
    test(`${what} is ${good ? "good" : "refused"}`, async () => {
      assert.equal(await isGood(signed({ ...GOOD, ...claims }, SECRET)), good);
    });
  }

  test("is named by its subject, in ledger rows too", async () => {
    const names = async (sub: unknown) => {
      const principal = await verify(signed({ ...GOOD, sub }, SECRET));
      assert.equal(principal?.keyId, principal?.name);
      return principal?.name ?? "";
    };
    assert.equal(await names("ann@example.org"), "jwt:ann@example.org");
    for (const none of [undefined, "", 5, null, ["ann"]]) assert.equal(await names(none), "jwt:jwt");
    const [one, other] = [await names(`${"x".repeat(64)}1`), await names(`${"x".repeat(64)}2`)];
    assert.equal(one.length, "jwt:".length + 64);
    assert.notEqual(one, other, "two long subjects stay two");
    assert.equal(await names("y".repeat(64)), `jwt:${"y".repeat(64)}`);
  });
});

describe("refused is", () => {
  const [head = "", body = "", signature = ""] = signed(GOOD, SECRET).split(".");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const rs256 = `${encoded({ alg: "RS256", typ: "JWT" })}.${body}`;

  const forged: Readonly<Record<string, string>> = {
    "another secret": signed(GOOD, `${SECRET}.`),
    "no secret": signed(GOOD, ""),
    "other claims under the same signature": `${head}.${encoded({ ...GOOD, scope: "admin" })}.${signature}`,
    "another header under the same signature": `${encoded({ alg: "HS256", typ: "JWT", kid: "1" })}.${body}.${signature}`,
    "a signature cut short": `${head}.${body}.${signature.slice(0, -2)}`,
    "no signature": `${head}.${body}.`,
    "alg none": `${encoded({ alg: "none" })}.${body}.`,
    "alg None, signed all the same": signed(GOOD, SECRET, { alg: "None" }),
    "alg none with the signature of HS256": signed(GOOD, SECRET, { alg: "none" }),
    "HS384 with the right secret": signed(GOOD, SECRET, { alg: "HS384" }),
    "HS512 with the right secret": signed(GOOD, SECRET, { alg: "HS512" }),
    RS256: `${rs256}.${sign("sha256", Buffer.from(rs256), privateKey).toString("base64url")}`,
    "RS256 signed by HMAC with the public key": `${rs256}.${createHmac("sha256", pem).update(rs256).digest("base64url")}`,
    "RS256 signed by HMAC with the secret": signed(GOOD, SECRET, { alg: "RS256" }),
    "a key of its own in the header": signed(GOOD, "mine", { jwk: { kty: "oct", k: encoded({}) } }),
    "a critical extension that nobody knows": signed(GOOD, SECRET, { crit: ["exp"] }),
    "an unencoded payload": signed(GOOD, SECRET, { b64: false, crit: ["b64"] }),
    "no JSON": "a.b.c",
    "claims that are a list": signed([GOOD], SECRET),
    nothing: "..",
  };
  for (const [what, token] of Object.entries(forged)) {
    test(what, async () => assert.equal(await isGood(token), false));
  }

  test("the second of two tokens that begin alike, when only the first is good", async () => {
    const long = { note: "n".repeat(300), ...GOOD };
    const good = signed(long, SECRET);
    const bad = signed({ ...long, scope: "admin" }, "another secret");
    assert.equal(good.slice(0, 200), bad.slice(0, 200));
    assert.equal(await isGood(good), true);
    assert.equal(await isGood(bad), false);
    assert.equal(await isGood(good), true);
  });

  test("a good token once its time is over, however often it was good", async () => {
    let now = NOW_S;
    const later = createJwtVerifier(new Secret(SECRET), () => now * 1000);
    const token = signed({ ...GOOD, exp: NOW_S + 1 }, SECRET);
    for (const [seconds, good] of [
      [0, true],
      [60, true],
      [61, false],
    ] as const) {
      now = NOW_S + seconds;
      assert.equal((await later(token)) !== undefined, good, `${seconds} s`);
    }
  });
});

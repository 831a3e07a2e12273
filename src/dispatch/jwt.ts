// Tokens that somebody else has signed with HERO_SECRET. HS256 and nothing else is looked at, and nothing is remembered, so
// that no token can pass for another one. The library is loaded with the first token.

import { hash } from "node:crypto";
import type { Principal, Scope } from "../core/call.ts";
import type { Secret } from "../core/secret.ts";

/** Whose token it is; `undefined` where it is not good. Rejects only for bugs. */
export type JwtVerifier = (token: string) => Promise<Principal | undefined>;

/** Of the token's issuer against ours. */
const CLOCK_SKEW_S = 60;
const MAX_SUBJECT = 64;
const INFERENCE: ReadonlySet<Scope> = new Set(["public", "inference"]);
const ADMIN: ReadonlySet<Scope> = new Set(["public", "inference", "admin"]);

type ClaimsOf = (token: string) => Promise<Claims | undefined>;
interface Claims {
  readonly sub?: unknown;
  readonly scope?: unknown;
}

/** `now` in Unix milliseconds. */
export function createJwtVerifier(secret: Secret, now: () => number): JwtVerifier {
  let loading: Promise<ClaimsOf> | undefined;
  return async (token) => {
    loading ??= load(secret, now);
    const claimsOf = await loading;
    const claims = await claimsOf(token);
    const scopes = claims && scopesOf(claims.scope);
    if (!scopes) return undefined;
    const name = `jwt:${subject(claims.sub)}`;
    return { name, keyId: name, key: undefined, scopes };
  };
}

async function load(secret: Secret, now: () => number): Promise<ClaimsOf> {
  const { errors, jwtVerify } = await import("jose");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", Buffer.from(secret.reveal()), algorithm, false, ["verify"]);
  const rules = { algorithms: ["HS256"], requiredClaims: ["exp"], clockTolerance: CLOCK_SKEW_S };
  return async (token) => {
    try {
      return (await jwtVerify(token, key, { ...rules, currentDate: new Date(now()) })).payload;
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined;
      throw cause;
    }
  };
}

/** A list, or a text with blanks between as OAuth has it. */
function scopesOf(claim: unknown): ReadonlySet<Scope> | undefined {
  const scopes: readonly unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  if (scopes.includes("admin")) return ADMIN;
  return scopes.includes("inference") ? INFERENCE : undefined;
}

/** Bounded, in a way that two long subjects stay two. */
function subject(claim: unknown): string {
  if (typeof claim !== "string" || claim === "") return "jwt";
  if (claim.length <= MAX_SUBJECT) return claim;
  const digest = hash("sha256", claim).slice(0, 16);
  return `${claim.slice(0, MAX_SUBJECT - digest.length - 1)}~${digest}`;
}

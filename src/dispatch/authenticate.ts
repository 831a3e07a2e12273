// Who calls. A credential is hashed at most once; admin secrets are compared in constant time, keys are found by digest, so
// no time tells how near a guess was. SDKs must send some key, so where anonymous calls are allowed a credential in a
// foreign format counts as none; one in our format that is not good is always refused, whatever is wrong with it.

import { hash, timingSafeEqual } from "node:crypto";
import type { Principal, Scope } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Keys } from "../core/key.ts";
import { Secret } from "../core/secret.ts";
import { createJwtVerifier, type JwtVerifier } from "./jwt.ts";
import type { Caller } from "./request.ts";

export interface Authenticator {
  /**
   * The principal of a call; a promise for JWTs alone. `open`: no credential is needed from this machine. Throws or rejects
   * with `unauthorized`, or with `storage_unavailable` where keys can't be looked up.
   */
  principal(credential: string | undefined, caller: Caller, open: boolean): Principal | Promise<Principal>;
  /** Keeps the credential for the connection's calls that bring none. Rejects as `principal`, and keeps nothing then. */
  bind(credential: string, caller: Caller): Promise<Principal>;
}

export interface AuthenticatorDeps {
  /** ADMIN_TOKEN and the start-up cookie. */
  readonly adminSecrets: readonly Secret[];
  readonly keys: Pick<Keys, "find">;
  /** HERO_SECRET; without it no JWT is good. */
  readonly jwtSecret: Secret | undefined;
  /** `optional`: callers of this machine need no credential for inference. */
  readonly mode: "optional" | "required";
  /** Unix milliseconds. */
  readonly now: () => number;
}

const INFERENCE: ReadonlySet<Scope> = new Set(["public", "inference"]);
const principal = (name: string, scopes: ReadonlySet<Scope>): Principal => ({
  name,
  keyId: undefined,
  key: undefined,
  scopes,
});
const ADMIN = principal("admin", new Set(["public", "inference", "admin"]));
const ANONYMOUS = principal("anonymous", INFERENCE);
/** Nobody in particular: enough for methods of scope `public`. */
const NOBODY = principal("anonymous", new Set(["public"]));

const OUR_KEY = /^sk-ab-[A-Za-z0-9]+$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Characters that are looked at. */
const MAX_CREDENTIAL = 8192;

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  return new Door(deps);
}

class Door implements Authenticator {
  readonly #deps: AuthenticatorDeps;
  readonly #jwt: JwtVerifier | undefined;
  readonly #adminDigests: readonly Buffer[];
  /** The length of a secret is none: most credentials are not even hashed. */
  readonly #lengths: ReadonlySet<number>;

  constructor(deps: AuthenticatorDeps) {
    const { adminSecrets, jwtSecret, now } = deps;
    this.#deps = deps;
    this.#jwt = jwtSecret && createJwtVerifier(jwtSecret, now);
    this.#adminDigests = adminSecrets.map((secret) => Buffer.from(hash("sha256", secret.reveal())));
    this.#lengths = new Set(adminSecrets.map((secret) => secret.reveal().length));
  }

  principal(credential: string | undefined, caller: Caller, open: boolean): Principal | Promise<Principal> {
    return this.#identify(credential) ?? this.#identify(caller.session?.reveal()) ?? this.#unnamed(caller, open);
  }

  async bind(credential: string, caller: Caller): Promise<Principal> {
    const found = await this.principal(credential, { ...caller, session: undefined }, false);
    caller.session = new Secret(credential);
    return found;
  }

  /** `undefined`: the credential counts as none. */
  #identify(credential: string | undefined): Principal | Promise<Principal> | undefined {
    if (credential === undefined || credential === "") return undefined;
    if (credential.length > MAX_CREDENTIAL) throw refused();
    const ours = OUR_KEY.test(credential);
    const fits = this.#lengths.has(credential.length);
    if (ours || fits) {
      const digest = hash("sha256", credential);
      if (fits && this.#isAdmin(digest)) return ADMIN;
      if (ours) return this.#key(digest);
    }
    if (JWT.test(credential)) return this.#token(credential);
    if (this.#deps.mode === "required") throw refused();
    return undefined;
  }

  #isAdmin(digest: string): boolean {
    const bytes = Buffer.from(digest);
    return this.#adminDigests.some((known) => timingSafeEqual(known, bytes));
  }

  #key(digest: string): Principal {
    const key = this.#deps.keys.find(digest);
    if (key === undefined) throw refused();
    return { name: key.id, keyId: key.id, key, scopes: INFERENCE };
  }

  async #token(credential: string): Promise<Principal> {
    const found = await this.#jwt?.(credential);
    if (found === undefined) throw refused();
    return found;
  }

  #unnamed(caller: Caller, open: boolean): Principal {
    if (caller.trusted || (open && caller.loopback)) return ADMIN;
    return caller.loopback && this.#deps.mode === "optional" ? ANONYMOUS : NOBODY;
  }
}

function refused(): BrokerError {
  return new BrokerError("unauthorized", "The credential is unknown, expired or revoked");
}

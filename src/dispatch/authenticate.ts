// Who calls. Secrets are compared by their SHA-256 in constant time. SDKs must send some key, so where anonymous calls
// are allowed a credential in a foreign format counts as none; one in our format that is not known is always refused.

import { hash, timingSafeEqual } from "node:crypto";
import type { Principal, Scope } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Secret } from "../core/secret.ts";
import type { Caller } from "./request.ts";

export interface Authenticator {
  /** The principal of a call; throws `unauthorized`. `open`: no credential is needed from this machine. */
  principal(credential: string | undefined, caller: Caller, open: boolean): Principal;
}

export interface AuthenticatorDeps {
  /** ADMIN_TOKEN and the start-up cookie. */
  readonly adminSecrets: readonly Secret[];
  /** `optional`: callers of this machine need no credential for inference. */
  readonly mode: "optional" | "required";
}

const principal = (name: string, scopes: readonly Scope[]): Principal => ({
  name,
  keyId: undefined,
  scopes: new Set(scopes),
});
const ADMIN = principal("admin", ["public", "inference", "admin"]);
const ANONYMOUS = principal("anonymous", ["public", "inference"]);
/** Nobody in particular: enough for methods of scope `public`. */
const NOBODY = principal("anonymous", ["public"]);

const OUR_KEY = /^sk-ab-[A-Za-z0-9]+$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const digests = deps.adminSecrets.map((secret) => sha256(secret.reveal()));
  // The length of a secret is none: most credentials are not even hashed.
  const lengths = new Set(deps.adminSecrets.map((secret) => secret.reveal().length));
  return {
    principal(credential, caller, open) {
      if (credential !== undefined && credential !== "") {
        const digest = lengths.has(credential.length) ? sha256(credential) : undefined;
        if (digest && digests.some((known) => timingSafeEqual(known, digest))) return ADMIN;
        if (deps.mode === "required" || OUR_KEY.test(credential) || JWT.test(credential)) {
          throw new BrokerError("unauthorized", "The credential is unknown, expired or revoked");
        }
      }
      if (caller.session) return caller.session;
      if (caller.trusted) return ADMIN;
      if (open && caller.loopback) return ADMIN;
      return caller.loopback && deps.mode === "optional" ? ANONYMOUS : NOBODY;
    },
  };
}

function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

// Who a message comes from, for servers without a waist that knows.

import type { Principal, Scope } from "../../src/core/call.ts";
import type { Identify } from "../../src/rpc/arriving.ts";

export function principal(...scopes: Scope[]): Principal {
  return { name: "of a test", keyId: undefined, key: undefined, scopes: new Set(scopes) };
}

export const everybodyIsKnown: Identify = () => principal("public", "inference");

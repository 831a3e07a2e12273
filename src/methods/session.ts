// session.*: who the caller of a connection is.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";

export function sessionMethods(): HandlersOf<"session", Call> {
  return {
    "session.authenticate": async ({ token }, call) => {
      const principal = await call.authenticate(token);
      return { principal: principal.name, scopes: [...principal.scopes] };
    },
  };
}

// session.*: who the caller of a connection is.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";

export function sessionMethods(): HandlersOf<"session", Call> {
  return {
    "session.authenticate": ({ token }, call) => {
      const principal = call.authenticate(token);
      return { principal: principal.name, scopes: [...principal.scopes] };
    },
  };
}

// rpc.*: the document about itself.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { Document } from "../generated/types.ts";

export interface RpcDeps {
  readonly documents: Readonly<Record<"openrpc" | "openapi", () => Promise<Document>>>;
}

export function rpcMethods({ documents }: RpcDeps): HandlersOf<"rpc", Call> {
  return { "rpc.discover": ({ format }) => documents[format ?? "openrpc"]() };
}

// Generated from openrpc.json by scripts/generate.ts. Do not edit: change the document and run `npm run generate`.

import type { MethodName, Methods } from "./types.ts";

export interface CallOptions {
  /** Ends the call; the server is told. */
  readonly signal?: AbortSignal;
}

/** What the client needs of a connection; src/rpc/client.ts has one over TCP and Unix sockets. */
export interface ClientTransport {
  call<M extends MethodName>(method: M, params: Methods[M]["params"], options?: CallOptions): Promise<Methods[M]["result"]>;
  stream<M extends MethodName>(
    method: M,
    params: Methods[M]["params"],
    options?: CallOptions,
  ): AsyncGenerator<Methods[M]["progress"], Methods[M]["result"], undefined>;
}

export function createClient(transport: ClientTransport) {
  return {
    rpc: {
      /** The document that describes this server. */
      discover: (params: Methods["rpc.discover"]["params"] = {}, options?: CallOptions) => transport.call("rpc.discover", params, options),
    },
    session: {
      /** Bind a credential to this connection. */
      authenticate: (params: Methods["session.authenticate"]["params"], options?: CallOptions) => transport.call("session.authenticate", params, options),
    },
    system: {
      /** Is the broker up, and can it answer. */
      health: (params: Methods["system.health"]["params"] = {}, options?: CallOptions) => transport.call("system.health", params, options),
      /** How this broker is configured. */
      info: (params: Methods["system.info"]["params"] = {}, options?: CallOptions) => transport.call("system.info", params, options),
      /** Counters of this process, or requests per client address. */
      metrics: (params: Methods["system.metrics"]["params"] = {}, options?: CallOptions) => transport.call("system.metrics", params, options),
      /** Read the model configuration again. */
      reload: (params: Methods["system.reload"]["params"] = {}, options?: CallOptions) => transport.call("system.reload", params, options),
    },
    models: {
      /** The models of this broker. */
      list: (params: Methods["models.list"]["params"] = {}, options?: CallOptions) => transport.call("models.list", params, options),
      /** One model. */
      retrieve: (params: Methods["models.retrieve"]["params"], options?: CallOptions) => transport.call("models.retrieve", params, options),
    },
    chat: {
      completions: {
        /** Answer a conversation. */
        create: (params: Methods["chat.completions.create"]["params"], options?: CallOptions) => transport.call("chat.completions.create", params, options),
        /** Answer a conversation, in pieces; the return value is the complete result. */
        createStream: (params: Methods["chat.completions.create"]["params"], options?: CallOptions) => transport.stream("chat.completions.create", params, options),
      },
    },
  };
}

export type Client = ReturnType<typeof createClient>;

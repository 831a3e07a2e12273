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
      /** How a request would be routed. */
      route: (params: Methods["models.route"]["params"], options?: CallOptions) => transport.call("models.route", params, options),
    },
    chat: {
      completions: {
        /** Answer a conversation. */
        create: (params: Methods["chat.completions.create"]["params"], options?: CallOptions) => transport.call("chat.completions.create", params, options),
        /** Answer a conversation, in pieces; the return value is the complete result. */
        createStream: (params: Methods["chat.completions.create"]["params"], options?: CallOptions) => transport.stream("chat.completions.create", params, options),
      },
    },
    completions: {
      /** Complete a text (legacy). */
      create: (params: Methods["completions.create"]["params"], options?: CallOptions) => transport.call("completions.create", params, options),
      /** Complete a text (legacy), in pieces; the return value is the complete result. */
      createStream: (params: Methods["completions.create"]["params"], options?: CallOptions) => transport.stream("completions.create", params, options),
    },
    embeddings: {
      /** Turn text into vectors. */
      create: (params: Methods["embeddings.create"]["params"], options?: CallOptions) => transport.call("embeddings.create", params, options),
    },
    moderations: {
      /** Judge text or images. */
      create: (params: Methods["moderations.create"]["params"], options?: CallOptions) => transport.call("moderations.create", params, options),
    },
    images: {
      generations: {
        /** Make images. */
        create: (params: Methods["images.generations.create"]["params"], options?: CallOptions) => transport.call("images.generations.create", params, options),
      },
    },
    audio: {
      speech: {
        /** Speak a text. */
        create: (params: Methods["audio.speech.create"]["params"], options?: CallOptions) => transport.call("audio.speech.create", params, options),
        /** Speak a text, in pieces; the return value is the complete result. */
        createStream: (params: Methods["audio.speech.create"]["params"], options?: CallOptions) => transport.stream("audio.speech.create", params, options),
      },
      transcriptions: {
        /** Write down what is spoken. */
        create: (params: Methods["audio.transcriptions.create"]["params"], options?: CallOptions) => transport.call("audio.transcriptions.create", params, options),
      },
      translations: {
        /** Write down what is spoken, in English. */
        create: (params: Methods["audio.translations.create"]["params"], options?: CallOptions) => transport.call("audio.translations.create", params, options),
      },
    },
    messages: {
      /** Answer a conversation, in Anthropic's dialect. */
      create: (params: Methods["messages.create"]["params"], options?: CallOptions) => transport.call("messages.create", params, options),
      /** Answer a conversation, in Anthropic's dialect, in pieces; the return value is the complete result. */
      createStream: (params: Methods["messages.create"]["params"], options?: CallOptions) => transport.stream("messages.create", params, options),
      /** Count the tokens of a conversation. */
      countTokens: (params: Methods["messages.countTokens"]["params"], options?: CallOptions) => transport.call("messages.countTokens", params, options),
    },
    responses: {
      /** Answer, in the form of OpenAI's Responses. */
      create: (params: Methods["responses.create"]["params"], options?: CallOptions) => transport.call("responses.create", params, options),
      /** Answer, in the form of OpenAI's Responses, in pieces; the return value is the complete result. */
      createStream: (params: Methods["responses.create"]["params"], options?: CallOptions) => transport.stream("responses.create", params, options),
      /** A response that was kept. */
      retrieve: (params: Methods["responses.retrieve"]["params"], options?: CallOptions) => transport.call("responses.retrieve", params, options),
      /** Forget a response. */
      delete: (params: Methods["responses.delete"]["params"], options?: CallOptions) => transport.call("responses.delete", params, options),
      /** Stop a response under way. */
      cancel: (params: Methods["responses.cancel"]["params"], options?: CallOptions) => transport.call("responses.cancel", params, options),
      inputItems: {
        /** What a response was asked. */
        list: (params: Methods["responses.inputItems.list"]["params"], options?: CallOptions) => transport.call("responses.inputItems.list", params, options),
      },
    },
    keys: {
      /** Issue a key. */
      create: (params: Methods["keys.create"]["params"], options?: CallOptions) => transport.call("keys.create", params, options),
      /** The keys of this broker. */
      list: (params: Methods["keys.list"]["params"] = {}, options?: CallOptions) => transport.call("keys.list", params, options),
      /** One key and what it has spent. */
      retrieve: (params: Methods["keys.retrieve"]["params"], options?: CallOptions) => transport.call("keys.retrieve", params, options),
      /** Change a key. */
      update: (params: Methods["keys.update"]["params"], options?: CallOptions) => transport.call("keys.update", params, options),
      /** Give a key a new secret. */
      rotate: (params: Methods["keys.rotate"]["params"], options?: CallOptions) => transport.call("keys.rotate", params, options),
      /** Revoke a key. */
      revoke: (params: Methods["keys.revoke"]["params"], options?: CallOptions) => transport.call("keys.revoke", params, options),
    },
    billing: {
      /** Requests, tokens and cost, summed. */
      usage: (params: Methods["billing.usage"]["params"] = {}, options?: CallOptions) => transport.call("billing.usage", params, options),
      /** Rows of the request log. */
      requests: (params: Methods["billing.requests"]["params"] = {}, options?: CallOptions) => transport.call("billing.requests", params, options),
      /** The request log as CSV. */
      export: (params: Methods["billing.export"]["params"] = {}, options?: CallOptions) => transport.call("billing.export", params, options),
      /** The request log as CSV, in pieces; the return value is the complete result. */
      exportStream: (params: Methods["billing.export"]["params"], options?: CallOptions) => transport.stream("billing.export", params, options),
      /** What was spent, at a glance. */
      summary: (params: Methods["billing.summary"]["params"] = {}, options?: CallOptions) => transport.call("billing.summary", params, options),
    },
    logs: {
      /** The log, live. */
      tail: (params: Methods["logs.tail"]["params"] = {}, options?: CallOptions) => transport.call("logs.tail", params, options),
      /** The log, live, in pieces; the return value is the complete result. */
      tailStream: (params: Methods["logs.tail"]["params"], options?: CallOptions) => transport.stream("logs.tail", params, options),
    },
    mcp: {
      servers: {
        /** The MCP servers behind the broker. */
        list: (params: Methods["mcp.servers.list"]["params"] = {}, options?: CallOptions) => transport.call("mcp.servers.list", params, options),
        /** Connect to an MCP server anew. */
        restart: (params: Methods["mcp.servers.restart"]["params"], options?: CallOptions) => transport.call("mcp.servers.restart", params, options),
      },
      tools: {
        /** Tools of all MCP servers. */
        list: (params: Methods["mcp.tools.list"]["params"] = {}, options?: CallOptions) => transport.call("mcp.tools.list", params, options),
        /** Call a tool. */
        call: (params: Methods["mcp.tools.call"]["params"], options?: CallOptions) => transport.call("mcp.tools.call", params, options),
        /** Call a tool, in pieces; the return value is the complete result. */
        callStream: (params: Methods["mcp.tools.call"]["params"], options?: CallOptions) => transport.stream("mcp.tools.call", params, options),
      },
      resources: {
        /** Resources of all MCP servers. */
        list: (params: Methods["mcp.resources.list"]["params"] = {}, options?: CallOptions) => transport.call("mcp.resources.list", params, options),
        /** Read a resource. */
        read: (params: Methods["mcp.resources.read"]["params"], options?: CallOptions) => transport.call("mcp.resources.read", params, options),
        /** Hear of changes of a resource. */
        subscribe: (params: Methods["mcp.resources.subscribe"]["params"], options?: CallOptions) => transport.call("mcp.resources.subscribe", params, options),
        /** Hear of changes of a resource, in pieces; the return value is the complete result. */
        subscribeStream: (params: Methods["mcp.resources.subscribe"]["params"], options?: CallOptions) => transport.stream("mcp.resources.subscribe", params, options),
      },
      prompts: {
        /** Prompts of all MCP servers. */
        list: (params: Methods["mcp.prompts.list"]["params"] = {}, options?: CallOptions) => transport.call("mcp.prompts.list", params, options),
        /** Fill in a prompt. */
        get: (params: Methods["mcp.prompts.get"]["params"], options?: CallOptions) => transport.call("mcp.prompts.get", params, options),
      },
      /** Suggest values of an argument. */
      complete: (params: Methods["mcp.complete"]["params"], options?: CallOptions) => transport.call("mcp.complete", params, options),
    },
  };
}

export type Client = ReturnType<typeof createClient>;

// Generated from openrpc.json by scripts/generate.ts. Do not edit: change the document and run `npm run generate`.

import type { ErrorKind, MethodName, Methods } from "./types.ts";

/** One REST row: a path of the REST surface and the method it calls. */
export interface RestRow {
  readonly verb: string;
  readonly path: string;
  readonly query?: readonly string[];
  readonly body?: "json" | "multipart" | "none";
  /** The body as a whole is this param; else its members are params. */
  readonly body_as?: string;
  readonly response?: "json" | "sse" | "audio" | "text" | "csv" | "transcription";
  /** Whose form errors and streamed events have; OpenAI's chat unless given. */
  readonly dialect?: "anthropic" | "responses";
  /** Params that the row fixes. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Callers from this machine need no credential. */
  readonly open?: "loopback";
  /** Params of the path, the query and a form that are no strings. */
  readonly types?: Readonly<Record<string, "boolean" | "integer" | "number" | "array">>;
}

/** What the waist needs to know of a method. */
export interface MethodRow {
  readonly scope: "public" | "inference" | "admin";
  readonly streams: boolean;
  readonly billable: boolean;
  readonly idempotent: boolean;
  /** Param names in order, where a call may give them by position. */
  readonly positional: readonly string[] | null;
  readonly rest: readonly RestRow[];
}

/** Handlers of one namespace (`models`, `chat` ...), or of all: a missing one does not compile. */
export type HandlersOf<Namespace extends string, Call> = {
  [M in MethodName as M extends `${Namespace}.${string}` ? M : never]: (
    params: Methods[M]["params"],
    call: Call,
  ) => Methods[M]["result"] | Promise<Methods[M]["result"]>;
};

export const VERSION = "0.1.0";

export const METHODS: Readonly<Record<MethodName, MethodRow>> = {
  "rpc.discover": {
    scope: "public",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "format"
    ],
    rest: [
      {
        verb: "GET",
        path: "/openrpc.json",
        params: {
          format: "openrpc"
        }
      },
      {
        verb: "GET",
        path: "/openapi.json",
        params: {
          format: "openapi"
        }
      }
    ]
  },
  "session.authenticate": {
    scope: "public",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "token"
    ],
    rest: []
  },
  "system.health": {
    scope: "public",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [],
    rest: [
      {
        verb: "GET",
        path: "/health"
      }
    ]
  },
  "system.info": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [],
    rest: [
      {
        verb: "GET",
        path: "/system/info"
      }
    ]
  },
  "system.metrics": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "format"
    ],
    rest: [
      {
        verb: "GET",
        path: "/metrics",
        response: "text",
        params: {
          format: "prometheus"
        },
        open: "loopback"
      },
      {
        verb: "GET",
        path: "/metrics/detailed",
        params: {
          format: "detailed"
        }
      }
    ]
  },
  "system.reload": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [],
    rest: [
      {
        verb: "POST",
        path: "/system/reload",
        body: "none"
      }
    ]
  },
  "models.list": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "usable"
    ],
    rest: [
      {
        verb: "GET",
        path: "/v1/models",
        query: [
          "usable"
        ],
        types: {
          usable: "boolean"
        }
      }
    ]
  },
  "models.retrieve": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "model"
    ],
    rest: [
      {
        verb: "GET",
        path: "/v1/models/{model}"
      }
    ]
  },
  "models.route": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "model",
      "messages",
      "tools",
      "response_format",
      "max_tokens",
      "max_completion_tokens",
      "modalities",
      "seed",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/route",
        body: "json"
      }
    ]
  },
  "chat.completions.create": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "messages",
      "stream",
      "stream_options",
      "tools",
      "tool_choice",
      "parallel_tool_calls",
      "response_format",
      "temperature",
      "top_p",
      "n",
      "stop",
      "max_tokens",
      "max_completion_tokens",
      "seed",
      "frequency_penalty",
      "presence_penalty",
      "logit_bias",
      "logprobs",
      "top_logprobs",
      "reasoning_effort",
      "verbosity",
      "modalities",
      "audio",
      "metadata",
      "store",
      "service_tier",
      "user",
      "safety_identifier",
      "prompt_cache_key",
      "prediction",
      "web_search_options",
      "functions",
      "function_call",
      "models",
      "max_cost",
      "mcp"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/chat/completions",
        body: "json",
        response: "sse"
      }
    ]
  },
  "completions.create": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "prompt",
      "stream",
      "stream_options",
      "max_tokens",
      "temperature",
      "top_p",
      "n",
      "best_of",
      "echo",
      "suffix",
      "logprobs",
      "stop",
      "seed",
      "frequency_penalty",
      "presence_penalty",
      "logit_bias",
      "user",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/completions",
        body: "json",
        response: "sse"
      }
    ]
  },
  "embeddings.create": {
    scope: "inference",
    streams: false,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "input",
      "encoding_format",
      "dimensions",
      "user",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/embeddings",
        body: "json"
      }
    ]
  },
  "moderations.create": {
    scope: "inference",
    streams: false,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "input",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/moderations",
        body: "json"
      }
    ]
  },
  "images.generations.create": {
    scope: "inference",
    streams: false,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "prompt",
      "n",
      "size",
      "quality",
      "response_format",
      "user",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/images/generations",
        body: "json"
      }
    ]
  },
  "audio.speech.create": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "input",
      "voice",
      "response_format",
      "speed",
      "instructions",
      "stream",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/audio/speech",
        body: "json",
        response: "audio"
      }
    ]
  },
  "audio.transcriptions.create": {
    scope: "inference",
    streams: false,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "file",
      "filename",
      "language",
      "prompt",
      "response_format",
      "temperature",
      "timestamp_granularities",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/audio/transcriptions",
        body: "multipart",
        response: "transcription",
        types: {
          temperature: "number",
          timestamp_granularities: "array",
          models: "array",
          max_cost: "number"
        }
      }
    ]
  },
  "audio.translations.create": {
    scope: "inference",
    streams: false,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "file",
      "filename",
      "prompt",
      "response_format",
      "temperature",
      "models",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/audio/translations",
        body: "multipart",
        response: "transcription",
        types: {
          temperature: "number",
          models: "array",
          max_cost: "number"
        }
      }
    ]
  },
  "messages.create": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: null,
    rest: [
      {
        verb: "POST",
        path: "/v1/messages",
        body: "json",
        response: "sse",
        dialect: "anthropic"
      }
    ]
  },
  "messages.countTokens": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "model",
      "messages",
      "system",
      "tools",
      "tool_choice",
      "thinking"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/messages/count_tokens",
        body: "json",
        dialect: "anthropic"
      }
    ]
  },
  "responses.create": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: [
      "model",
      "input",
      "instructions",
      "stream",
      "previous_response_id",
      "store",
      "tools",
      "tool_choice",
      "parallel_tool_calls",
      "text",
      "reasoning",
      "max_output_tokens",
      "temperature",
      "top_p",
      "metadata",
      "include",
      "truncation",
      "safety_identifier",
      "prompt_cache_key",
      "top_logprobs",
      "background",
      "user",
      "models",
      "max_cost",
      "mcp"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/responses",
        body: "json",
        response: "sse",
        dialect: "responses"
      }
    ]
  },
  "responses.retrieve": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "response_id",
      "stream"
    ],
    rest: [
      {
        verb: "GET",
        path: "/v1/responses/{response_id}",
        query: [
          "stream"
        ],
        types: {
          stream: "boolean"
        }
      }
    ]
  },
  "responses.delete": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "response_id"
    ],
    rest: [
      {
        verb: "DELETE",
        path: "/v1/responses/{response_id}",
        body: "none"
      }
    ]
  },
  "responses.cancel": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "response_id"
    ],
    rest: [
      {
        verb: "POST",
        path: "/v1/responses/{response_id}/cancel",
        body: "none"
      }
    ]
  },
  "responses.inputItems.list": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "response_id",
      "limit",
      "order",
      "after"
    ],
    rest: [
      {
        verb: "GET",
        path: "/v1/responses/{response_id}/input_items",
        query: [
          "limit",
          "order",
          "after"
        ],
        types: {
          limit: "integer"
        }
      }
    ]
  },
  "keys.create": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: false,
    positional: [
      "name",
      "models",
      "tools",
      "budgets",
      "limits",
      "expires_at",
      "labels"
    ],
    rest: [
      {
        verb: "POST",
        path: "/keys",
        body: "json"
      }
    ]
  },
  "keys.list": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "all",
      "limit",
      "cursor"
    ],
    rest: [
      {
        verb: "GET",
        path: "/keys",
        query: [
          "all",
          "limit",
          "cursor"
        ],
        types: {
          all: "boolean",
          limit: "integer"
        }
      }
    ]
  },
  "keys.retrieve": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "key"
    ],
    rest: [
      {
        verb: "GET",
        path: "/keys/{key}"
      }
    ]
  },
  "keys.update": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "key",
      "name",
      "models",
      "tools",
      "budgets",
      "limits",
      "expires_at",
      "labels"
    ],
    rest: [
      {
        verb: "PATCH",
        path: "/keys/{key}",
        body: "json"
      }
    ]
  },
  "keys.rotate": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: false,
    positional: [
      "key",
      "grace_s"
    ],
    rest: [
      {
        verb: "POST",
        path: "/keys/{key}/rotate",
        body: "json"
      }
    ]
  },
  "keys.revoke": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "key"
    ],
    rest: [
      {
        verb: "DELETE",
        path: "/keys/{key}",
        body: "none"
      }
    ]
  },
  "billing.usage": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "by",
      "from",
      "to",
      "ip",
      "key",
      "limit"
    ],
    rest: [
      {
        verb: "GET",
        path: "/billing/usage",
        query: [
          "by",
          "from",
          "to",
          "ip",
          "key",
          "limit"
        ],
        types: {
          limit: "integer"
        }
      },
      {
        verb: "GET",
        path: "/billing/usage/{ip}",
        query: [
          "by",
          "from",
          "to",
          "key",
          "limit"
        ],
        types: {
          limit: "integer"
        }
      }
    ]
  },
  "billing.requests": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "from",
      "to",
      "ip",
      "key",
      "model",
      "provider",
      "status",
      "limit",
      "cursor"
    ],
    rest: [
      {
        verb: "GET",
        path: "/billing/requests",
        query: [
          "from",
          "to",
          "ip",
          "key",
          "model",
          "provider",
          "status",
          "limit",
          "cursor"
        ],
        types: {
          limit: "integer"
        }
      }
    ]
  },
  "billing.export": {
    scope: "admin",
    streams: true,
    billable: false,
    idempotent: true,
    positional: [
      "from",
      "to",
      "ip",
      "key",
      "stream"
    ],
    rest: [
      {
        verb: "GET",
        path: "/billing/export",
        query: [
          "from",
          "to",
          "ip",
          "key"
        ],
        response: "csv",
        params: {
          stream: true
        }
      }
    ]
  },
  "billing.summary": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [],
    rest: [
      {
        verb: "GET",
        path: "/billing/summary"
      }
    ]
  },
  "logs.tail": {
    scope: "admin",
    streams: true,
    billable: false,
    idempotent: true,
    positional: [
      "level",
      "last",
      "stream"
    ],
    rest: [
      {
        verb: "GET",
        path: "/logs",
        query: [
          "level",
          "last"
        ],
        response: "sse",
        params: {
          stream: true
        },
        types: {
          last: "integer"
        }
      }
    ]
  },
  "mcp.servers.list": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [],
    rest: [
      {
        verb: "GET",
        path: "/mcp/servers"
      }
    ]
  },
  "mcp.servers.restart": {
    scope: "admin",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "server"
    ],
    rest: [
      {
        verb: "POST",
        path: "/mcp/servers/{server}/restart",
        body: "json"
      }
    ]
  },
  "mcp.tools.list": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "server"
    ],
    rest: [
      {
        verb: "GET",
        path: "/mcp/tools",
        query: [
          "server"
        ]
      }
    ]
  },
  "mcp.tools.call": {
    scope: "inference",
    streams: true,
    billable: true,
    idempotent: false,
    positional: [
      "name",
      "arguments",
      "stream",
      "max_cost"
    ],
    rest: [
      {
        verb: "POST",
        path: "/mcp/tools/{name}",
        body: "json",
        body_as: "arguments"
      }
    ]
  },
  "mcp.resources.list": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "server"
    ],
    rest: [
      {
        verb: "GET",
        path: "/mcp/resources",
        query: [
          "server"
        ]
      }
    ]
  },
  "mcp.resources.read": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "uri",
      "server"
    ],
    rest: [
      {
        verb: "GET",
        path: "/mcp/resources/read",
        query: [
          "uri",
          "server"
        ]
      }
    ]
  },
  "mcp.resources.subscribe": {
    scope: "inference",
    streams: true,
    billable: false,
    idempotent: false,
    positional: [
      "uri",
      "server",
      "stream"
    ],
    rest: [
      {
        verb: "GET",
        path: "/mcp/resources/subscribe",
        query: [
          "uri",
          "server"
        ],
        response: "sse",
        params: {
          stream: true
        }
      }
    ]
  },
  "mcp.prompts.list": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "server"
    ],
    rest: [
      {
        verb: "GET",
        path: "/mcp/prompts",
        query: [
          "server"
        ]
      }
    ]
  },
  "mcp.prompts.get": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "name",
      "arguments"
    ],
    rest: [
      {
        verb: "POST",
        path: "/mcp/prompts/{name}",
        body: "json",
        body_as: "arguments"
      }
    ]
  },
  "mcp.complete": {
    scope: "inference",
    streams: false,
    billable: false,
    idempotent: true,
    positional: [
      "ref",
      "argument",
      "context"
    ],
    rest: [
      {
        verb: "POST",
        path: "/mcp/complete",
        body: "json"
      }
    ]
  }
};

/** Code and default message of every error kind. */
export const ERRORS: Readonly<Record<ErrorKind, { readonly code: number; readonly message: string }>> = {
  parse_error: {
    code: -32700,
    message: "Parse error"
  },
  invalid_request: {
    code: -32600,
    message: "Invalid request"
  },
  method_not_found: {
    code: -32601,
    message: "Method not found"
  },
  invalid_params: {
    code: -32602,
    message: "Invalid params"
  },
  internal: {
    code: -32603,
    message: "Internal error"
  },
  unauthorized: {
    code: 1001,
    message: "The credential is unknown, expired or missing"
  },
  forbidden: {
    code: 1002,
    message: "The credential does not allow this method"
  },
  key_not_found: {
    code: 1003,
    message: "No such key"
  },
  model_not_allowed: {
    code: 1004,
    message: "The key does not allow this model"
  },
  rate_limited: {
    code: 1005,
    message: "The rate limit is reached"
  },
  budget_exceeded: {
    code: 1101,
    message: "The budget is used up"
  },
  max_cost_exceeded: {
    code: 1102,
    message: "The request can cost more than its max_cost"
  },
  price_unknown: {
    code: 1103,
    message: "The price of this model is not known"
  },
  model_not_found: {
    code: 1201,
    message: "No such model"
  },
  no_usable_target: {
    code: 1202,
    message: "No provider of this model can be called now"
  },
  capability_missing: {
    code: 1203,
    message: "No candidate model has a capability that the request needs"
  },
  context_length_exceeded: {
    code: 1204,
    message: "The request is longer than the context window"
  },
  targets_cooling: {
    code: 1205,
    message: "Every target of this request is cooling down"
  },
  response_not_found: {
    code: 1206,
    message: "No such response"
  },
  model_kind_unavailable: {
    code: 1207,
    message: "No model of this kind is configured"
  },
  provider_failed: {
    code: 1301,
    message: "The provider failed"
  },
  provider_timeout: {
    code: 1302,
    message: "The provider did not answer in time"
  },
  provider_rejected: {
    code: 1303,
    message: "The provider refused the request"
  },
  provider_rate_limited: {
    code: 1304,
    message: "The provider's rate limit is reached"
  },
  provider_credentials_exhausted: {
    code: 1305,
    message: "The provider accepts none of the broker's keys"
  },
  stream_cut: {
    code: 1306,
    message: "The provider's stream ended early"
  },
  overloaded: {
    code: 1901,
    message: "Too many calls at once"
  },
  draining: {
    code: 1902,
    message: "The broker is shutting down"
  },
  too_large: {
    code: 1903,
    message: "The message is too large"
  },
  cancelled: {
    code: 1904,
    message: "The call was cancelled"
  },
  request_timeout: {
    code: 1905,
    message: "The request did not arrive in time"
  },
  config_invalid: {
    code: 1906,
    message: "The configuration is faulty"
  },
  route_not_found: {
    code: 1907,
    message: "No such path"
  },
  verb_not_allowed: {
    code: 1908,
    message: "This path does not take this verb"
  },
  unsupported_media_type: {
    code: 1909,
    message: "Send application/json"
  },
  storage_unavailable: {
    code: 1910,
    message: "The request log cannot be written"
  },
  deadline_exceeded: {
    code: 1911,
    message: "The caller's deadline has passed"
  },
  tool_not_found: {
    code: 1401,
    message: "No such tool"
  },
  tool_not_allowed: {
    code: 1402,
    message: "The key does not allow this tool"
  },
  mcp_server_not_found: {
    code: 1403,
    message: "No such MCP server"
  },
  mcp_server_unavailable: {
    code: 1404,
    message: "The MCP server can't be reached"
  },
  mcp_server_failed: {
    code: 1405,
    message: "The MCP server failed"
  },
  mcp_server_timeout: {
    code: 1406,
    message: "The MCP server did not answer in time"
  },
  mcp_rejected: {
    code: 1407,
    message: "The MCP server refused the request"
  },
  resource_not_found: {
    code: 1408,
    message: "No such resource"
  },
  prompt_not_found: {
    code: 1409,
    message: "No such prompt"
  }
};

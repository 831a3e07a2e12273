// docs/errors.md: every error a caller can meet, by family, with what it means on both wires and what to do about it.

import { KINDS } from "../../src/core/errors.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { calls, type Document } from "../generate/document.ts";

/** What the reader of an error can do. Total, so that a new kind can't go without. */
const ADVICE: Readonly<Record<ErrorKind, string>> = {
  parse_error: "The bytes are not JSON. The message says where reading stopped.",
  invalid_request: "The JSON is not a JSON-RPC 2.0 request. The message names the member at fault.",
  method_not_found: "Look the name up with `rpc.discover`; names are case-sensitive.",
  invalid_params: "`data.param` is the JSON pointer of the first fault. The same request can't succeed.",
  internal: "A bug of the broker. Its stack is in the log under the request id; please report it.",
  unauthorized: "Send a valid credential: a bearer token, `x-api-key`, or `_meta.token` on a raw socket.",
  forbidden: "The credential is valid but lacks the method's scope. Use one that has it.",
  key_not_found: "`keys.list` shows every key; revoked ones with `all`.",
  model_not_allowed: "The key names the models that it may use: ask its administrator, or use one of those.",
  rate_limited:
    "Wait `data.retry_after_ms`. `data.limit` tells which limit it was: requests, tokens, concurrency or address.",
  budget_exceeded: "Nothing helps but a new period (`data.resets_at`) or a larger budget; retrying does not.",
  max_cost_exceeded:
    "No candidate can answer for `max_cost`. Raise it, shorten the prompt or lower `max_completion_tokens`.",
  price_unknown:
    "Add the model's price to the models configuration. UNKNOWN_PRICE=flag serves such models to keys without budget.",
  model_not_found: "`models.list` shows every model; ids and aliases are case-sensitive.",
  no_usable_target: "Set one of the variables in `data.missing`, or start the local server that it names.",
  capability_missing: "No usable model has everything in `data.capabilities`. Ask for less, or name a model.",
  context_length_exceeded: "Shorten the conversation, or lower `max_completion_tokens`.",
  targets_cooling: "Targets failed too often and are left alone for a moment. Wait `data.retry_after_ms`.",
  response_not_found: "It was never kept, has expired, was deleted, or belongs to another key.",
  model_kind_unavailable: "Add a model of this kind to the models configuration, for example under `image_models`.",
  provider_failed: "Every target failed, retries included. Try later; `data.provider` names the last one.",
  provider_timeout: "The provider was too slow. Try again, or raise its `first_byte_timeout_ms`.",
  provider_rejected: "The provider found the request at fault; `data.upstream` has its own words and status.",
  provider_rate_limited: "Wait `data.retry_after_ms` where it is given, or add keys to the provider's pool.",
  provider_credentials_exhausted: "The operator's keys are refused or out of funds: replace them.",
  stream_cut: "What arrived is not the whole answer. Ask again from the start.",
  tool_not_found: "`mcp.tools.list` shows every tool that the credential may use.",
  tool_not_allowed: "The key names the tools that it may use: ask its administrator.",
  mcp_server_not_found: "`mcp.servers.list` shows every server of the configuration.",
  mcp_server_unavailable: "The broker tries to reach it by itself; `mcp.servers.list` has its last failure.",
  mcp_server_failed: "The server broke the protocol, ended or sent too much; `mcp.servers.list` has its last failure.",
  mcp_server_timeout: "Try again, or raise its `timeout_ms` in the MCP configuration.",
  mcp_rejected: "The server found the request at fault; `data.upstream` has its own code and words.",
  resource_not_found: "`mcp.resources.list` shows every resource and template that the credential may use.",
  prompt_not_found: "`mcp.prompts.list` shows every prompt that the credential may use.",
  overloaded: "Too many billable calls at once (MAX_IN_FLIGHT). Wait `data.retry_after_ms` and try again.",
  draining: "The process is about to end. Connect again and retry.",
  too_large: "Send less: the message names the limit.",
  cancelled: "The client cancelled or hung up. `data.usage` has what was spent until then.",
  request_timeout: "The request began and did not go on. Send it in one piece.",
  config_invalid: "The message has file, line and path of the fault. The old configuration keeps serving.",
  route_not_found: "`/openapi.json` lists the paths. JSON-RPC is served at `/rpc`.",
  verb_not_allowed: "The `allow` header lists the verbs of this path.",
  unsupported_media_type: "Send JSON with `content-type: application/json`.",
  deadline_exceeded:
    "The call took longer than its `x-request-timeout-ms` or `_meta.deadline_ms`. `data.usage` has what was spent.",
  storage_unavailable: "The request log can't be written (disk full, locked). Calls are refused until it can.",
};

/** Lowest code of each family; the reserved codes of JSON-RPC are negative. */
const FAMILIES: readonly [from: number, title: string][] = [
  [-32768, "JSON-RPC"],
  [1000, "Keys"],
  [1100, "Billing"],
  [1200, "Models and routing"],
  [1300, "Providers"],
  [1400, "MCP"],
  [1500, "Agents"],
  [1600, "Ensembles and vector"],
  [1700, "Functions"],
  [1800, "Placement"],
  [1900, "The broker itself"],
];

const HEAD = `# Errors

Written by \`node scripts/docs.ts\` from \`openrpc.json\` and \`src/core/errors.ts\`. Do not edit.

Every failure has a kind. The kind fixes everything else: the JSON-RPC code, the HTTP status and the \`error.type\` of
OpenAI's shape. Codes are never renumbered and never reused.

Over JSON-RPC an error is

\`\`\`json
{"code": 1201, "message": "No model is called \\"gpt5o\\"", "data": {"kind": "model_not_found", "retryable": false, "request_id": "...", "param": "model"}}
\`\`\`

and over REST it is the HTTP status with

\`\`\`json
{"error": {"message": "No model is called \\"gpt5o\\"", "type": "invalid_request_error", "param": "model", "code": "model_not_found"}}
\`\`\`

\`retryable\` says whether the same request can succeed later; REST says it with \`x-should-retry\`. \`request_id\` finds the
call in the log and in \`requests.db\`. Messages are for people and may change; programs go by the kind.
`;

export function errorsPage(document: Document): string {
  const errors = Object.entries(document.components.errors).sort(([, a], [, b]) => familyOf(a.code) - familyOf(b.code));
  const sections = FAMILIES.flatMap(([, title], family) => {
    const own = errors.filter(([, error]) => familyOf(error.code) === family);
    return own.length === 0 ? [] : [`## ${title}\n`, ...own.map(([name, error]) => entry(document, name, error))];
  });
  return `${[HEAD, ...sections].join("\n").trimEnd()}\n`;
}

function familyOf(code: number): number {
  return FAMILIES.findLastIndex(([from]) => code >= from);
}

type CatalogueError = Document["components"]["errors"][string];

function entry(document: Document, name: string, { code, message, data }: CatalogueError): string {
  const kind = data.kind as ErrorKind;
  const { status, openaiType, retryable } = KINDS[kind];
  const from = calls(document)
    .filter((method) => method.errors.some((error) => error.$ref === `#/components/errors/${name}`))
    .map((method) => `\`${method.name}\``);
  const passed = kind === "provider_rejected" ? ", or the provider's own" : "";
  const facts = [
    `code ${code}`,
    `HTTP ${status}${passed}`,
    `\`${openaiType}\``,
    retryable ? "retryable" : "not retryable",
  ];
  const who =
    from.length === 0 ? "Any request." : from.length === calls(document).length ? "Any method." : from.join(", ");
  return `### \`${kind}\`\n\n${message}. ${ADVICE[kind]}\n\n- ${facts.join(" · ")}\n- From: ${who}\n`;
}

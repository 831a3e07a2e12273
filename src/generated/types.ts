// Generated from openrpc.json by scripts/generate.ts. Do not edit: change the document and run `npm run generate`.

/**
 * A string or an integer.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ProgressToken".
 */
export type ProgressToken = (string | number)
/**
 * Identifies a key; not secret.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeyId".
 */
export type KeyId = string
/**
 * Names that are allowed; `*` stands for any characters. Null or missing: all.
 * 
 * @maxItems 1024
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Patterns".
 */
export type Patterns = (string[] | null)
/**
 * All of them hold at once. Null: none.
 * 
 * @maxItems 16
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Budgets".
 */
export type Budgets = (Budget[] | null)
/**
 * Null or missing: no limit.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeyLimits".
 */
export type KeyLimits = ({
requests_per_minute?: (number | null)
tokens_per_minute?: (number | null)
/**
 * Billable calls at once.
 */
concurrency?: (number | null)
} | null)
/**
 * For people and reports.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Labels".
 */
export type Labels = ({
[k: string]: string
} | null)
/**
 * A day, UTC.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Day".
 */
export type Day = string
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Dialect".
 */
export type Dialect = ("openai" | "anthropic" | "ollama" | "embedded" | "command")
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelName".
 */
export type ModelName = string
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Tier".
 */
export type Tier = ("premium" | "standard" | "economy" | "free")
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Capability".
 */
export type Capability = ("tool_calling" | "vision" | "json_schema" | "reasoning" | "audio" | "file" | "streaming" | "logprobs")
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatMessage".
 */
export type ChatMessage = (SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage)
/**
 * A string, or parts of type text.
 * 
 * @minItems 1
 * @maxItems 4096
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "TextContent".
 */
export type TextContent = (string | TextPart[])
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "UserPart".
 */
export type UserPart = (TextPart | ImagePart | AudioPart | FilePart)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AssistantPart".
 */
export type AssistantPart = (TextPart | RefusalPart)
/**
 * none, auto, required, or one tool by name.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ToolChoice".
 */
export type ToolChoice = (string | {
type: string
function?: {
name: string
[k: string]: unknown
}
[k: string]: unknown
} | null)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseFormat".
 */
export type ResponseFormat = ({
type: ("text" | "json_object" | "json_schema")
json_schema?: {
name: string
description?: string
/**
 * A JSON Schema.
 */
schema?: {
[k: string]: unknown
}
strict?: (boolean | null)
[k: string]: unknown
}
[k: string]: unknown
} | null)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "StreamOptions".
 */
export type StreamOptions = ({
/**
 * Send usage and cost in a last chunk.
 */
include_usage?: (boolean | null)
include_obfuscation?: (boolean | null)
[k: string]: unknown
} | null)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioOutput".
 */
export type AudioOutput = ({
voice: (string | {

})
format: string
[k: string]: unknown
} | null)
/**
 * stop, length, tool_calls, content_filter, function_call, or a provider's own word.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "FinishReason".
 */
export type FinishReason = (string | null)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Logprobs".
 */
export type Logprobs = ({
/**
 * @maxItems 1000000
 */
content?: (TokenLogprob[] | null)
/**
 * @maxItems 1000000
 */
refusal?: (TokenLogprob[] | null)
[k: string]: unknown
} | null)
/**
 * OpenAI's usage: prompt_tokens includes cached tokens. `cost` is in USD.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Usage".
 */
export type Usage = ({
prompt_tokens: number
completion_tokens: number
total_tokens: number
prompt_tokens_details?: ({
cached_tokens?: (number | null)
cache_write_tokens?: (number | null)
/**
 * The part of cache_write_tokens with a lifetime of one hour.
 */
cache_write_1h_tokens?: (number | null)
audio_tokens?: (number | null)
[k: string]: unknown
} | null)
completion_tokens_details?: ({
reasoning_tokens?: (number | null)
audio_tokens?: (number | null)
[k: string]: unknown
} | null)
/**
 * USD.
 */
cost?: number
/**
 * True where the provider sent no usage and the broker counted.
 */
estimated?: boolean
/**
 * Requests to the model, where the broker ran tools.
 */
rounds?: number
/**
 * Tools that the broker ran.
 */
tool_calls?: number
/**
 * True where the model served, or the way that the request wants it served (`service_tier`, tools that the vendor runs), has no known price: `cost` is what the rest comes to.
 */
cost_unknown?: boolean
[k: string]: unknown
} | null)
/**
 * Name of a configured MCP server.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServerName".
 */
export type McpServerName = string
/**
 * Name of a tool or prompt: `server__name`, or the bare name where one server alone has it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpName".
 */
export type McpName = string
/**
 * Text, several texts, token ids, or several lists of token ids.
 * 
 * @minItems 1
 * @maxItems 131072
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Prompt".
 */
export type Prompt = (string | (string | number | number[])[])
/**
 * Text, up to 2,048 texts, token ids, or up to 2,048 lists of token ids.
 * 
 * @minItems 1
 * @maxItems 131072
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "EmbeddingInput".
 */
export type EmbeddingInput = (string | (string | number | number[])[])
/**
 * Audio: base64 over JSON-RPC, the file itself over REST. At most 25 MiB.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioFile".
 */
export type AudioFile = string | Uint8Array
/**
 * @maxItems 4096
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemPrompt".
 */
export type SystemPrompt = (string | {
type: string
[k: string]: unknown
}[] | null)
/**
 * Text, or items: messages, tool calls and their outputs, reasoning.
 * 
 * @maxItems 8192
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseInput".
 */
export type ResponseInput = (string | {
[k: string]: unknown
}[] | null)
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseId".
 */
export type ResponseId = string
/**
 * The model's name at the provider.
 */
export type ModelName1 = string
/**
 * USD; at most six decimals are kept for prices per million tokens.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Price".
 */
export type Price = number
/**
 * URI of a resource, as its server gives it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpUri".
 */
export type McpUri = string
/**
 * healthy: its tools were listed. unstable: it was, and the last check failed; calls are still tried. error: it can't be reached; tried again by itself.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpState".
 */
export type McpState = ("connecting" | "healthy" | "unstable" | "error" | "disabled")

export interface Root {

}
/**
 * About the call, not for the model.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Meta".
 */
export interface Meta {
progressToken?: ProgressToken
/**
 * A credential for this call, on framings without headers.
 */
token?: string
/**
 * Milliseconds from now in which the call must end; then it is cancelled with error 1911.
 */
deadline_ms?: number
/**
 * Tell in `route` which targets were considered, kept and tried.
 */
explain?: boolean
/**
 * W3C trace context of the caller.
 */
traceparent?: string
[k: string]: unknown
}
/**
 * An OpenRPC or OpenAPI document.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Document".
 */
export interface Document {
info: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Session".
 */
export interface Session {
/**
 * anonymous, admin, or the id of a key.
 */
principal: string
/**
 * @maxItems 3
 */
scopes: ("public" | "inference" | "admin")[]
}
/**
 * What may be spent in a period. A calendar period begins at midnight UTC, on Monday, on the first of the month; a rolling one reaches back from now by 24 hours, 7 days or 30 days.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Budget".
 */
export interface Budget {
usd: number
period: ("day" | "week" | "month" | "total")
/**
 * Default calendar.
 */
reset?: ("calendar" | "rolling")
/**
 * Soft limit, as a share of `usd`: reaching it is logged and shown, nothing is refused.
 */
alert?: number
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BudgetState".
 */
export interface BudgetState {
usd: number
period: ("day" | "week" | "month" | "total")
reset: ("calendar" | "rolling")
alert?: number
/**
 * USD settled in the period.
 */
spent: number
/**
 * USD held by calls under way.
 */
held: number
/**
 * The soft limit is reached.
 */
alerting: boolean
/**
 * When the calendar period ends.
 */
resets_at?: string
}
/**
 * A key as administrators see it. `secret` is shown once, by keys.create and keys.rotate.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Key".
 */
export interface Key {
object: "key"
id: KeyId
name: string
/**
 * The credential itself; only its SHA-256 is kept.
 */
secret?: string
/**
 * The secret's last four characters.
 */
masked: string
status: ("active" | "expired" | "revoked")
models: Patterns
tools: Patterns
/**
 * @maxItems 16
 */
budgets: BudgetState[]
limits: KeyLimits
labels: Labels
created_at: string
expires_at?: string
revoked_at?: string
rotated_at?: string
/**
 * Until then the secret before the last rotation is good too.
 */
previous_valid_until?: string
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeyList".
 */
export interface KeyList {
object: "list"
/**
 * @maxItems 1000
 */
data: Key[]
next_cursor?: string
}
/**
 * One backend that was considered.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "RouteCandidate".
 */
export interface RouteCandidate {
model: string
provider: string
model_id: string
/**
 * It may be tried, in the order of the list.
 */
kept: boolean
/**
 * Why it was kept or dropped.
 */
reason: string
/**
 * USD: for the prompt alone, and with the longest answer. Missing where the price is not known.
 */
cost?: {
min: number
max: number
}
}
/**
 * One upstream call that was made.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "RouteAttempt".
 */
export interface RouteAttempt {
model: string
provider: string
model_id: string
/**
 * Label of the provider's key.
 */
key: string
/**
 * `ok`, or how it failed.
 */
outcome: string
/**
 * HTTP status of a failure.
 */
status?: number
ms: number
}
/**
 * How a request is routed: candidates to be tried first, in their order, then those that were dropped.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "RoutePlan".
 */
export interface RoutePlan {
requested: string
/**
 * How candidates were put in order.
 */
strategy: string
/**
 * Estimate.
 */
prompt_tokens?: number
/**
 * @maxItems 10000
 */
candidates: RouteCandidate[]
/**
 * In an answer: what was tried.
 * 
 * @maxItems 64
 */
attempts?: RouteAttempt[]
}
/**
 * Sums of ledger rows. `cost` in USD, `cost_nano_usd` exact.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "UsageTotals".
 */
export interface UsageTotals {
requests: number
/**
 * Failed or interrupted.
 */
errors: number
/**
 * All input, cached included.
 */
input_tokens: number
cached_input_tokens: number
/**
 * All output, reasoning included.
 */
output_tokens: number
cost: number
cost_nano_usd: number
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "UsageRow".
 */
export interface UsageRow {
/**
 * The address, key id, model, provider or day; empty where calls had none.
 */
value: string
totals: UsageTotals
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "UsageReport".
 */
export interface UsageReport {
by: string
from?: Day
to?: Day
/**
 * Dearest first; days in their order.
 * 
 * @maxItems 1000
 */
data: UsageRow[]
total: UsageTotals
/**
 * There are more rows than `limit`.
 */
truncated: boolean
}
/**
 * One row of the request log.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingRequest".
 */
export interface BillingRequest {
id: number
request_id: string
parent_id?: string
started_at: string
finished_at: string
duration_ms?: number
ttft_ms?: number
ip: string
key_id?: string
method: string
model: string
model_served?: string
provider?: string
model_id?: string
provider_key?: string
stream?: boolean
/**
 * By kind, as priced.
 */
tokens?: {
[k: string]: number
}
usage_source?: string
cost: number
cost_nano_usd: number
price_known?: boolean
attempts?: number
status: ("ok" | "error" | "cancelled" | "interrupted")
error_kind?: string
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingRequests".
 */
export interface BillingRequests {
/**
 * Newest first.
 * 
 * @maxItems 1000
 */
data: BillingRequest[]
next_cursor?: string
}
/**
 * A piece of a CSV document: whole lines, the first piece begins with the header.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "CsvPart".
 */
export interface CsvPart {
text: string
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingExport".
 */
export interface BillingExport {
/**
 * Rows exported, the header not counted.
 */
rows: number
/**
 * The document, when the call does not stream; then at most 10,000 rows.
 */
text?: string
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingSummary".
 */
export interface BillingSummary {
today: UsageTotals
month: UsageTotals
all: UsageTotals
/**
 * Of this month.
 * 
 * @maxItems 10
 */
top_models: UsageRow[]
/**
 * Of this month.
 * 
 * @maxItems 10
 */
top_keys: UsageRow[]
}
/**
 * One line of the log, as pino writes it; secrets masked, no content of messages.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "LogLine".
 */
export interface LogLine {
level: ("trace" | "debug" | "info" | "warn" | "error" | "fatal")
/**
 * Unix milliseconds.
 */
time: number
msg: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "LogTail".
 */
export interface LogTail {
lines: number
/**
 * Lines that the reader was too slow for.
 */
dropped: number
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Health".
 */
export interface Health {
status: ("healthy" | "degraded" | "draining")
version: string
uptime_s: number
/**
 * Billable calls under way.
 */
in_flight: number
models: {
usable: number
configured: number
}
agents: {
configured: number
}
/**
 * What is wrong, when degraded.
 * 
 * @maxItems 16
 */
faults?: string[]
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemInfo".
 */
export interface SystemInfo {
version: string
node: string
/**
 * @maxItems 16
 */
listeners: string[]
config: {
path: string
loaded_at: string
models: number
/**
 * Why the newest file was refused.
 */
fault?: string
}
/**
 * Variables that are set, secrets masked.
 */
environment: {
[k: string]: string
}
/**
 * @maxItems 1024
 */
providers: {
name: string
dialect: Dialect
usable: boolean
/**
 * Keys in the pool.
 */
keys: number
/**
 * Models with a backend of this provider.
 */
models: number
/**
 * The variable that would make it usable, or what else it lacks.
 */
missing?: string
}[]
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Metrics".
 */
export interface Metrics {
/**
 * Prometheus text format.
 */
text?: string
/**
 * @maxItems 10000
 */
ips?: {
ip: string
requests: number
errors: number
first_seen: string
last_seen: string
in_flight: number
/**
 * The last ten, newest first.
 * 
 * @maxItems 10
 */
recent: {
request_id: string
started_at: string
finished_at: string
duration_ms: number
model: string
status: ("ok" | "error" | "cancelled" | "interrupted")
}[]
}[]
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ReloadDiff".
 */
export interface ReloadDiff {
/**
 * How many there are now.
 */
models: number
/**
 * @maxItems 10000
 */
added: ModelName[]
/**
 * @maxItems 10000
 */
removed: ModelName[]
/**
 * @maxItems 10000
 */
changed: ModelName[]
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelList".
 */
export interface ModelList {
object: "list"
/**
 * @maxItems 10000
 */
data: Model[]
}
/**
 * OpenAI's model object and what the broker knows besides. Prices in USD per million tokens.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Model".
 */
export interface Model {
id: ModelName
object: "model"
created: number
owned_by: string
display_name?: string
tier: Tier
/**
 * @maxItems 32
 */
capabilities: Capability[]
context_window: number
max_output?: number
/**
 * @maxItems 64
 */
aliases?: ModelName[]
/**
 * At least one backend can be called now.
 */
usable: boolean
/**
 * @maxItems 64
 */
backends: {
provider: string
model_id: string
priority: number
usable: boolean
free?: boolean
input_cost?: number
output_cost?: number
cached_input_cost?: number
}[]
/**
 * What it is for; chat where it is missing.
 */
kind?: ("chat" | "embedding" | "transcription" | "speech" | "moderation" | "image")
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemMessage".
 */
export interface SystemMessage {
role: ("system" | "developer")
content: TextContent
name?: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "TextPart".
 */
export interface TextPart {
type: "text"
text: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "UserMessage".
 */
export interface UserMessage {
role: "user"
/**
 * @minItems 1
 * @maxItems 4096
 */
content: (string | UserPart[])
name?: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ImagePart".
 */
export interface ImagePart {
type: "image_url"
image_url: {
/**
 * https URL, or data: URL with base64.
 */
url: string
detail?: ("auto" | "low" | "high")
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioPart".
 */
export interface AudioPart {
type: "input_audio"
input_audio: {
/**
 * Base64.
 */
data: string
format: string
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "FilePart".
 */
export interface FilePart {
type: "file"
file: {
file_data?: string
file_id?: string
filename?: string
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AssistantMessage".
 */
export interface AssistantMessage {
role: "assistant"
/**
 * @maxItems 4096
 */
content?: (string | AssistantPart[] | null)
refusal?: (string | null)
reasoning_content?: (string | null)
name?: string
/**
 * @maxItems 512
 */
tool_calls?: (ToolCall[] | null)
function_call?: ({
name: string
arguments: string
} | null)
audio?: ({
[k: string]: unknown
} | null)
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "RefusalPart".
 */
export interface RefusalPart {
type: "refusal"
refusal: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ToolCall".
 */
export interface ToolCall {
id: string
type: string
function?: {
name: string
/**
 * JSON text as the model wrote it.
 */
arguments: string
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ToolMessage".
 */
export interface ToolMessage {
role: "tool"
/**
 * @maxItems 4096
 */
content: (string | UserPart[])
tool_call_id: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "FunctionMessage".
 */
export interface FunctionMessage {
role: "function"
content: (string | null)
name: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "FunctionDefinition".
 */
export interface FunctionDefinition {
name: string
description?: string
/**
 * A JSON Schema.
 */
parameters?: {
[k: string]: unknown
}
strict?: (boolean | null)
[k: string]: unknown
}
/**
 * A function tool; tools of other types go to the provider untouched.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatTool".
 */
export interface ChatTool {
type: string
function?: FunctionDefinition
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ToolCallDelta".
 */
export interface ToolCallDelta {
index: number
id?: string
type?: string
function?: {
name?: (string | null)
arguments?: (string | null)
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatCompletion".
 */
export interface ChatCompletion {
id: string
object: "chat.completion"
/**
 * Unix seconds.
 */
created: number
/**
 * The model that answered, as its provider names it.
 */
model: string
/**
 * @maxItems 128
 */
choices: ChatChoice[]
usage?: Usage
system_fingerprint?: (string | null)
service_tier?: (string | null)
/**
 * Where the broker ran tools: their calls and results. To go on with the conversation, send them before the answer.
 * 
 * @maxItems 8192
 */
mcp_messages?: ChatMessage[]
route?: RoutePlan1
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatChoice".
 */
export interface ChatChoice {
index: number
message: {
role: "assistant"
content?: (string | null)
refusal?: (string | null)
reasoning_content?: (string | null)
/**
 * @maxItems 512
 */
tool_calls?: ToolCall[]
[k: string]: unknown
}
finish_reason: FinishReason
logprobs?: Logprobs
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "TokenLogprob".
 */
export interface TokenLogprob {
token: string
logprob: number
/**
 * @maxItems 4096
 */
bytes?: (number[] | null)
/**
 * @maxItems 20
 */
top_logprobs?: TokenLogprob[]
[k: string]: unknown
}
/**
 * Where the request asked for an explanation.
 */
export interface RoutePlan1 {
requested: string
/**
 * How candidates were put in order.
 */
strategy: string
/**
 * Estimate.
 */
prompt_tokens?: number
/**
 * @maxItems 10000
 */
candidates: RouteCandidate[]
/**
 * In an answer: what was tried.
 * 
 * @maxItems 64
 */
attempts?: RouteAttempt[]
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatChunk".
 */
export interface ChatChunk {
id: string
object: "chat.completion.chunk"
/**
 * Unix seconds.
 */
created: number
model: string
/**
 * @maxItems 128
 */
choices: ChunkChoice[]
usage?: Usage
system_fingerprint?: (string | null)
service_tier?: (string | null)
mcp?: McpStep
route?: RoutePlan2
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChunkChoice".
 */
export interface ChunkChoice {
index: number
delta: {
role?: (string | null)
content?: (string | null)
refusal?: (string | null)
reasoning_content?: (string | null)
/**
 * @maxItems 512
 */
tool_calls?: (ToolCallDelta[] | null)
[k: string]: unknown
}
finish_reason?: FinishReason
logprobs?: Logprobs
[k: string]: unknown
}
/**
 * In a chunk without text of its own: what became of a tool that the broker runs.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpStep".
 */
export interface McpStep {
type: ("call" | "progress" | "result")
/**
 * Of the call.
 */
id: string
server: McpServerName
/**
 * Its name at the server.
 */
tool: string
name: McpName
/**
 * JSON text, of a call.
 */
arguments?: string
progress?: McpProgress
/**
 * What the model is given to read.
 */
output?: string
is_error?: boolean
/**
 * Of the error, where the tool itself did not answer.
 */
code?: number
[k: string]: unknown
}
/**
 * A notification of the server about the call under way.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpProgress".
 */
export interface McpProgress {
method: ("notifications/progress" | "notifications/message" | "notifications/resources/updated")
/**
 * As MCP has it.
 */
params: {
[k: string]: unknown
}
}
/**
 * In the last chunk, where the request asked for an explanation.
 */
export interface RoutePlan2 {
requested: string
/**
 * How candidates were put in order.
 */
strategy: string
/**
 * Estimate.
 */
prompt_tokens?: number
/**
 * @maxItems 10000
 */
candidates: RouteCandidate[]
/**
 * In an answer: what was tried.
 * 
 * @maxItems 64
 */
attempts?: RouteAttempt[]
}
/**
 * OpenAI's legacy completion; chunks of a stream have the same form.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "TextCompletion".
 */
export interface TextCompletion {
id: string
object: "text_completion"
created: number
model: string
/**
 * @maxItems 2048
 */
choices: {
index: number
text: string
logprobs?: ({
[k: string]: unknown
} | null)
finish_reason: (string | null)
[k: string]: unknown
}[]
usage?: Usage
route?: RoutePlan
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "EmbeddingList".
 */
export interface EmbeddingList {
object: "list"
/**
 * @maxItems 2048
 */
data: {
object: "embedding"
index: number
/**
 * Numbers, or with encoding_format base64 their float32 little-endian bytes.
 * 
 * @maxItems 100000
 */
embedding: (number[] | string)
}[]
model: string
usage: {
prompt_tokens: number
total_tokens: number
cost?: number
cost_unknown?: boolean
estimated?: boolean
[k: string]: unknown
}
route?: RoutePlan
[k: string]: unknown
}
/**
 * Spoken text. Over REST the body is the audio itself.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Speech".
 */
export interface Speech {
content_type: string
/**
 * Base64; missing after a stream, which has sent it.
 */
audio?: string
usage: AudioUsage
route?: RoutePlan
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioUsage".
 */
export interface AudioUsage {
characters?: number
seconds?: number
/**
 * USD.
 */
cost?: number
cost_unknown?: boolean
[k: string]: unknown
}
/**
 * A piece of the audio, in order.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SpeechPart".
 */
export interface SpeechPart {
/**
 * Base64.
 */
audio: string
}
/**
 * OpenAI's transcription. For the formats text, srt and vtt `text` is that document; over REST the body is it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Transcription".
 */
export interface Transcription {
text: string
language?: string
/**
 * Seconds.
 */
duration?: number
/**
 * @maxItems 1000000
 */
words?: {
[k: string]: unknown
}[]
/**
 * @maxItems 1000000
 */
segments?: {
[k: string]: unknown
}[]
usage?: AudioUsage
route?: RoutePlan
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Moderation".
 */
export interface Moderation {
id: string
model: string
/**
 * @maxItems 2048
 */
results: {
[k: string]: unknown
}[]
usage?: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Images".
 */
export interface Images {
created: number
/**
 * @maxItems 16
 */
data: {
[k: string]: unknown
}[]
usage?: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * Anthropic's message. `usage.cost` is in USD.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Message".
 */
export interface Message {
id: string
type: "message"
role: "assistant"
/**
 * @maxItems 4096
 */
content: {
type: string
[k: string]: unknown
}[]
model: string
stop_reason: (string | null)
stop_sequence?: (string | null)
usage: {
input_tokens: number
output_tokens: number
cost?: number
[k: string]: unknown
}
route?: RoutePlan
[k: string]: unknown
}
/**
 * One of Anthropic's stream events.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "MessageEvent".
 */
export interface MessageEvent {
type: string
[k: string]: unknown
}
/**
 * One turn, in Anthropic's form.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "MessageParam".
 */
export interface MessageParam {
role: ("user" | "assistant" | "system")
/**
 * @maxItems 4096
 */
content: (string | {
type: string
[k: string]: unknown
}[])
[k: string]: unknown
}
/**
 * A tool in Anthropic's form; tools of Anthropic's own types go to Anthropic alone.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "MessageTool".
 */
export interface MessageTool {
name: string
type?: (string | null)
description?: (string | null)
input_schema?: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "TokenCount".
 */
export interface TokenCount {
input_tokens: number
}
/**
 * OpenAI's response. `usage.cost` is in USD.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "Response".
 */
export interface Response {
id: string
object: "response"
created_at: number
status: ("completed" | "incomplete" | "failed" | "in_progress" | "cancelled" | "queued")
model: string
/**
 * @maxItems 4096
 */
output: {
[k: string]: unknown
}[]
usage?: ({
[k: string]: unknown
} | null)
route?: RoutePlan
[k: string]: unknown
}
/**
 * One of the stream events of OpenAI's Responses.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseEvent".
 */
export interface ResponseEvent {
type: string
sequence_number: number
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseItems".
 */
export interface ResponseItems {
object: "list"
/**
 * @maxItems 1000
 */
data: {
[k: string]: unknown
}[]
first_id?: (string | null)
last_id?: (string | null)
has_more: boolean
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponseDeleted".
 */
export interface ResponseDeleted {
id: string
object: "response"
deleted: true
}
/**
 * modelsconfig.yml. Prices in USD per million tokens unless the name says otherwise.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelsConfig".
 */
export interface ModelsConfig {
version?: 1
/**
 * The date on which the prices were collected.
 */
prices_read?: string
providers?: {
[k: string]: ProviderConfig
}
models: ModelsSection
stt_models?: ModelsSection
tts_models?: ModelsSection
embedding_models?: ModelsSection
moderation_models?: ModelsSection
image_models?: ModelsSection
}
/**
 * A provider of your own, or changes to a built-in one. Keys come from <NAME>_API_KEY or <NAME>_API_KEYS, never from this file.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ProviderConfig".
 */
export interface ProviderConfig {
dialect?: Dialect
base_url?: string
/**
 * bearer needs a key; none works without.
 */
auth?: ("bearer" | "none")
connect_timeout_ms?: number
first_byte_timeout_ms?: number
idle_timeout_ms?: number
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelsSection".
 */
export interface ModelsSection {
[k: string]: ModelConfig
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelConfig".
 */
export interface ModelConfig {
display_name?: string
tier?: Tier
/**
 * Our own rank, 0 to 100, for routing by quality.
 */
quality?: number
/**
 * @maxItems 32
 */
capabilities?: Capability[]
context_window?: number
max_output?: number
/**
 * @maxItems 64
 */
aliases?: ModelName[]
price_source?: string
price_date?: string
/**
 * Of an embedding.
 */
dimensions?: number
/**
 * @minItems 1
 * @maxItems 64
 */
backends: BackendConfig[]
/**
 * Instead of the provider's, in milliseconds. first_token: from the request to the first text; total: the whole answer.
 */
timeouts?: {
connect_ms?: number
first_token_ms?: number
idle_ms?: number
total_ms?: number
}
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BackendConfig".
 */
export interface BackendConfig {
provider: string
model_id: ModelName1
/**
 * 1 is tried first.
 */
priority?: number
free?: boolean
input_cost?: Price
output_cost?: Price
cached_input_cost?: Price
cache_write_cost?: Price
cache_write_1h_cost?: Price
reasoning_cost?: Price
audio_input_cost?: Price
audio_output_cost?: Price
per_minute?: Price
per_hour?: Price
per_character?: Price
per_image?: Price
/**
 * Prices for requests with more input tokens than `above`; the whole request is priced so.
 * 
 * @minItems 1
 * @maxItems 8
 */
tiers?: PriceTier[]
/**
 * The backend speaks OpenAI's Responses: such requests go there as they came.
 */
responses?: boolean
/**
 * Of a local engine (provider `local`): the program and its arguments, run without a shell. `{file}` is the audio as 16 kHz mono WAV, `{input}` the file as it came; what the program prints is the text.
 * 
 * @minItems 1
 * @maxItems 64
 */
command?: string[]
}
/**
 * What is not given stays as it is below the tier.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "PriceTier".
 */
export interface PriceTier {
/**
 * Input tokens.
 */
above: number
input_cost?: Price
output_cost?: Price
cached_input_cost?: Price
cache_write_cost?: Price
cache_write_1h_cost?: Price
reasoning_cost?: Price
audio_input_cost?: Price
audio_output_cost?: Price
}
/**
 * MCP's own `_meta`, as the server gave it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpMeta".
 */
export interface McpMeta {
[k: string]: unknown
}
/**
 * The last failure of a server.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpFailure".
 */
export interface McpFailure {
stage: ("connect" | "ping" | "list" | "call" | "transport" | "config")
/**
 * Secrets are masked.
 */
message: string
/**
 * RFC 3339.
 */
at: string
/**
 * RFC 3339: the first of the failures in a row.
 */
since: string
}
/**
 * One MCP server as the broker sees it now.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServer".
 */
export interface McpServer {
name: McpServerName
transport: ("stdio" | "http" | "sse")
state: McpState
/**
 * Tools that it offers here.
 */
tools: number
/**
 * Resources, templates included.
 */
resources: number
/**
 * Prompts.
 */
prompts: number
/**
 * Open connections, one a caller.
 */
connections: number
/**
 * Connections made again since the start.
 */
restarts: number
/**
 * As agreed with the server.
 */
protocol_version?: string
/**
 * The server's own name and version.
 */
server?: {
[k: string]: unknown
}
/**
 * What the server says on its use.
 */
instructions?: string
last_failure?: McpFailure
/**
 * RFC 3339: in this state since.
 */
since?: string
}
/**
 * The configured MCP servers.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServerList".
 */
export interface McpServerList {
/**
 * @maxItems 256
 */
servers: McpServer[]
}
/**
 * A tool as its server describes it, under the name that it has here.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpTool".
 */
export interface McpTool {
name: McpName
server: McpServerName
/**
 * Its name at the server.
 */
tool: string
/**
 * For people.
 */
title?: string
/**
 * What it does.
 */
description?: string
/**
 * JSON Schema of the arguments.
 */
inputSchema: {
[k: string]: unknown
}
/**
 * JSON Schema of `structuredContent`.
 */
outputSchema?: {
[k: string]: unknown
}
/**
 * Hints of the server; not to be trusted.
 */
annotations?: {
[k: string]: unknown
}
/**
 * @maxItems 64
 */
icons?: {
[k: string]: unknown
}[]
/**
 * USD a call.
 */
cost?: number
_meta?: McpMeta
[k: string]: unknown
}
/**
 * Tools of all servers that the caller may use, by name.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpToolList".
 */
export interface McpToolList {
/**
 * @maxItems 100000
 */
tools: McpTool[]
}
/**
 * What the tool answered, as MCP has it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpToolResult".
 */
export interface McpToolResult {
/**
 * Text, images, audio, resources and links to them.
 * 
 * @maxItems 100000
 */
content: {
type: string
[k: string]: unknown
}[]
/**
 * By the tool's outputSchema.
 */
structuredContent?: {
[k: string]: unknown
}
/**
 * The tool itself failed; the content says why.
 */
isError?: boolean
/**
 * Of this call.
 */
usage?: {
/**
 * USD.
 */
cost: number
}
_meta?: McpMeta
[k: string]: unknown
}
/**
 * A resource, as its server describes it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResource".
 */
export interface McpResource {
uri: McpUri
server: McpServerName
/**
 * As the server gives it.
 */
name: string
/**
 * For people.
 */
title?: string
/**
 * What it is.
 */
description?: string
/**
 * Media type.
 */
mimeType?: string
/**
 * Bytes.
 */
size?: number
/**
 * Hints.
 */
annotations?: {
[k: string]: unknown
}
_meta?: McpMeta
[k: string]: unknown
}
/**
 * A family of resources.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourceTemplate".
 */
export interface McpResourceTemplate {
/**
 * RFC 6570.
 */
uriTemplate: string
server: McpServerName
/**
 * As the server gives it.
 */
name: string
/**
 * For people.
 */
title?: string
/**
 * What it is.
 */
description?: string
/**
 * Media type.
 */
mimeType?: string
/**
 * Hints.
 */
annotations?: {
[k: string]: unknown
}
_meta?: McpMeta
[k: string]: unknown
}
/**
 * Resources of all servers that the caller may use.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourceList".
 */
export interface McpResourceList {
/**
 * @maxItems 100000
 */
resources: McpResource[]
/**
 * @maxItems 100000
 */
resourceTemplates: McpResourceTemplate[]
}
/**
 * A resource's contents, as MCP has them.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourceContents".
 */
export interface McpResourceContents {
/**
 * @maxItems 10000
 */
contents: {
uri: string
[k: string]: unknown
}[]
_meta?: McpMeta
[k: string]: unknown
}
/**
 * A prompt, under the name that it has here.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpPrompt".
 */
export interface McpPrompt {
name: McpName
server: McpServerName
/**
 * Its name at the server.
 */
prompt: string
/**
 * For people.
 */
title?: string
/**
 * What it is for.
 */
description?: string
/**
 * @maxItems 1024
 */
arguments?: {
name: string
/**
 * What it is.
 */
description?: string
required?: boolean
[k: string]: unknown
}[]
_meta?: McpMeta
[k: string]: unknown
}
/**
 * Prompts of all servers that the caller may use.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpPromptList".
 */
export interface McpPromptList {
/**
 * @maxItems 100000
 */
prompts: McpPrompt[]
}
/**
 * The prompt filled in, as MCP has it.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpPromptMessages".
 */
export interface McpPromptMessages {
/**
 * What it is for.
 */
description?: string
/**
 * @maxItems 10000
 */
messages: {
role: ("user" | "assistant")
[k: string]: unknown
}[]
_meta?: McpMeta
[k: string]: unknown
}
/**
 * Suggested values of an argument.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpCompletion".
 */
export interface McpCompletion {
completion: {
/**
 * @maxItems 100
 */
values: string[]
total?: number
hasMore?: boolean
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * The subscription has ended.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpSubscribed".
 */
export interface McpSubscribed {
/**
 * Notifications sent.
 */
updates: number
}
/**
 * Tools of MCP servers behind the broker, for the model to use in this request.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpUse".
 */
export interface McpUse {
/**
 * All tools of these servers; of every server where neither servers nor tools are given.
 * 
 * @maxItems 256
 */
servers?: McpServerName[]
/**
 * These tools; `*` stands for any characters.
 * 
 * @maxItems 512
 */
tools?: McpName[]
/**
 * The broker runs the tools itself and asks the model again, until it answers. Otherwise tool calls come back to the caller.
 */
auto?: boolean
/**
 * Requests to the model at most; 8 unless given. Tool calls of the last round come back to the caller.
 */
max_rounds?: number
}
/**
 * One MCP server: either a command or a url. `${NAME}` stands for an environment variable, `${NAME:-value}` with a default.
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServerConfig".
 */
export interface McpServerConfig {
name?: McpServerName
/**
 * A program, run without a shell.
 */
command?: string
/**
 * Its arguments.
 * 
 * @maxItems 256
 */
args?: string[]
/**
 * Its whole environment, but for PATH, HOME and the like.
 */
env?: {
[k: string]: string
}
/**
 * Where it runs.
 */
cwd?: string
/**
 * http or https.
 */
url?: string
/**
 * stdio for a command; http (streamable HTTP) for a url unless given.
 */
transport?: ("stdio" | "http" | "streamable-http" | "streamableHttp" | "sse")
/**
 * Another name for transport.
 */
type?: ("stdio" | "http" | "streamable-http" | "streamableHttp" | "sse")
/**
 * Sent with each request to the url.
 */
headers?: {
[k: string]: string
}
disabled?: boolean
/**
 * One connection for all callers. Otherwise each caller has its own, so that servers with a memory mix nobody up.
 */
shared?: boolean
/**
 * Tools offered, by the server's own names; `*` stands for any characters. All unless given.
 * 
 * @maxItems 256
 */
allow_tools?: string[]
/**
 * Tools not offered.
 * 
 * @maxItems 256
 */
deny_tools?: string[]
/**
 * USD a call of any of its tools.
 */
cost?: number
/**
 * USD a call, by the server's own tool names.
 */
tool_costs?: {
[k: string]: number
}
/**
 * 30000 unless given.
 */
connect_timeout_ms?: number
/**
 * Of one call, 60000 unless given; progress begins it anew, for ten times as long in all.
 */
timeout_ms?: number
/**
 * Of one answer, 4 MiB unless given.
 */
max_result_bytes?: number
/**
 * Follow redirects to addresses of this machine or network too.
 */
allow_private_redirects?: boolean
}
/**
 * The file that MCP_CONFIG_PATH names (JSON or YAML).
 * 
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpConfig".
 */
export interface McpConfig {
/**
 * A list with names, or a map by name as desktop clients have it.
 */
mcpServers: (McpServerConfig[] | {
[k: string]: McpServerConfig
})
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "RpcDiscoverParams".
 */
export interface RpcDiscoverParams {
format?: ("openrpc" | "openapi")
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SessionAuthenticateParams".
 */
export interface SessionAuthenticateParams {
token: string
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemHealthParams".
 */
export interface SystemHealthParams {
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemInfoParams".
 */
export interface SystemInfoParams {
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemMetricsParams".
 */
export interface SystemMetricsParams {
format?: ("prometheus" | "detailed")
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "SystemReloadParams".
 */
export interface SystemReloadParams {
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelsListParams".
 */
export interface ModelsListParams {
usable?: boolean
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelsRetrieveParams".
 */
export interface ModelsRetrieveParams {
model: ModelName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModelsRouteParams".
 */
export interface ModelsRouteParams {
model: ModelName
/**
 * @minItems 1
 * @maxItems 8192
 */
messages?: ChatMessage[]
/**
 * @maxItems 512
 */
tools?: (ChatTool[] | null)
response_format?: ResponseFormat
max_tokens?: (number | null)
max_completion_tokens?: (number | null)
/**
 * @maxItems 4
 */
modalities?: (("text" | "audio" | "image")[] | null)
seed?: (number | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ChatCompletionsCreateParams".
 */
export interface ChatCompletionsCreateParams {
model: ModelName
/**
 * @minItems 1
 * @maxItems 8192
 */
messages: ChatMessage[]
stream?: (boolean | null)
stream_options?: StreamOptions
/**
 * @maxItems 512
 */
tools?: (ChatTool[] | null)
tool_choice?: ToolChoice
parallel_tool_calls?: (boolean | null)
response_format?: ResponseFormat
temperature?: (number | null)
top_p?: (number | null)
n?: (number | null)
/**
 * @maxItems 16
 */
stop?: (string | string[] | null)
max_tokens?: (number | null)
max_completion_tokens?: (number | null)
seed?: (number | null)
frequency_penalty?: (number | null)
presence_penalty?: (number | null)
logit_bias?: ({
[k: string]: number
} | null)
logprobs?: (boolean | null)
top_logprobs?: (number | null)
reasoning_effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | null)
verbosity?: ("low" | "medium" | "high" | null)
/**
 * @maxItems 4
 */
modalities?: (("text" | "audio" | "image")[] | null)
audio?: AudioOutput
metadata?: ({
[k: string]: string
} | null)
store?: (boolean | null)
service_tier?: (string | null)
user?: (string | null)
safety_identifier?: (string | null)
prompt_cache_key?: (string | null)
prediction?: ({
[k: string]: unknown
} | null)
web_search_options?: ({
[k: string]: unknown
} | null)
/**
 * @maxItems 512
 */
functions?: (FunctionDefinition[] | null)
function_call?: (string | {

} | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
mcp?: McpUse
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "CompletionsCreateParams".
 */
export interface CompletionsCreateParams {
model: ModelName
prompt: Prompt
stream?: (boolean | null)
stream_options?: StreamOptions
max_tokens?: (number | null)
temperature?: (number | null)
top_p?: (number | null)
n?: (number | null)
best_of?: (number | null)
echo?: (boolean | null)
suffix?: (string | null)
logprobs?: (number | null)
/**
 * @maxItems 4
 */
stop?: (string | string[] | null)
seed?: (number | null)
frequency_penalty?: (number | null)
presence_penalty?: (number | null)
logit_bias?: ({
[k: string]: number
} | null)
user?: (string | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "EmbeddingsCreateParams".
 */
export interface EmbeddingsCreateParams {
model: ModelName
input: EmbeddingInput
encoding_format?: ("float" | "base64" | null)
dimensions?: (number | null)
user?: (string | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ModerationsCreateParams".
 */
export interface ModerationsCreateParams {
model?: ModelName
/**
 * @minItems 1
 * @maxItems 2048
 */
input: (string | (string | {
[k: string]: unknown
})[])
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ImagesGenerationsCreateParams".
 */
export interface ImagesGenerationsCreateParams {
model?: ModelName
prompt: string
n?: (number | null)
size?: (string | null)
quality?: (string | null)
response_format?: ("url" | "b64_json" | null)
user?: (string | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioSpeechCreateParams".
 */
export interface AudioSpeechCreateParams {
model: ModelName
input: string
voice?: (string | {
[k: string]: unknown
} | null)
response_format?: ("mp3" | "opus" | "aac" | "flac" | "wav" | "pcm" | null)
speed?: (number | null)
instructions?: (string | null)
stream?: (boolean | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioTranscriptionsCreateParams".
 */
export interface AudioTranscriptionsCreateParams {
model: ModelName
file: AudioFile
filename?: (string | null)
language?: (string | null)
prompt?: (string | null)
response_format?: ("json" | "text" | "srt" | "verbose_json" | "vtt" | null)
temperature?: (number | null)
/**
 * @maxItems 2
 */
timestamp_granularities?: (("word" | "segment")[] | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "AudioTranslationsCreateParams".
 */
export interface AudioTranslationsCreateParams {
model: ModelName
file: AudioFile
filename?: (string | null)
prompt?: (string | null)
response_format?: ("json" | "text" | "srt" | "verbose_json" | "vtt" | null)
temperature?: (number | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "MessagesCreateParams".
 */
export interface MessagesCreateParams {
model: ModelName
/**
 * @minItems 1
 * @maxItems 8192
 */
messages: MessageParam[]
max_tokens: number
system?: SystemPrompt
stream?: (boolean | null)
/**
 * @maxItems 1024
 */
tools?: (MessageTool[] | null)
tool_choice?: ({
[k: string]: unknown
} | null)
temperature?: (number | null)
top_p?: (number | null)
top_k?: (number | null)
/**
 * @maxItems 8192
 */
stop_sequences?: (string[] | null)
metadata?: ({
[k: string]: unknown
} | null)
thinking?: ({
[k: string]: unknown
} | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
mcp?: McpUse
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "MessagesCountTokensParams".
 */
export interface MessagesCountTokensParams {
model: ModelName
/**
 * @minItems 1
 * @maxItems 8192
 */
messages: MessageParam[]
system?: SystemPrompt
/**
 * @maxItems 1024
 */
tools?: (MessageTool[] | null)
tool_choice?: ({
[k: string]: unknown
} | null)
thinking?: ({
[k: string]: unknown
} | null)
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponsesCreateParams".
 */
export interface ResponsesCreateParams {
model: ModelName
input?: ResponseInput
instructions?: (string | null)
stream?: (boolean | null)
previous_response_id?: (string | null)
store?: (boolean | null)
/**
 * @maxItems 1024
 */
tools?: ({
type: string
[k: string]: unknown
}[] | null)
tool_choice?: (string | {
[k: string]: unknown
} | null)
parallel_tool_calls?: (boolean | null)
text?: ({
[k: string]: unknown
} | null)
reasoning?: ({
[k: string]: unknown
} | null)
max_output_tokens?: (number | null)
temperature?: (number | null)
top_p?: (number | null)
metadata?: ({
[k: string]: unknown
} | null)
/**
 * @maxItems 32
 */
include?: (string[] | null)
truncation?: (string | null)
safety_identifier?: (string | null)
prompt_cache_key?: (string | null)
top_logprobs?: (number | null)
background?: (boolean | null)
user?: (string | null)
/**
 * @maxItems 16
 */
models?: ModelName[]
max_cost?: number
mcp?: McpUse
_meta?: Meta
[k: string]: unknown
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponsesRetrieveParams".
 */
export interface ResponsesRetrieveParams {
response_id: ResponseId
stream?: (false | null)
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponsesDeleteParams".
 */
export interface ResponsesDeleteParams {
response_id: ResponseId
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponsesCancelParams".
 */
export interface ResponsesCancelParams {
response_id: ResponseId
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "ResponsesInputItemsListParams".
 */
export interface ResponsesInputItemsListParams {
response_id: ResponseId
limit?: (number | null)
order?: ("asc" | "desc" | null)
after?: (string | null)
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysCreateParams".
 */
export interface KeysCreateParams {
name: string
models?: Patterns
tools?: Patterns
budgets?: Budgets
limits?: KeyLimits
expires_at?: (string | null)
labels?: Labels
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysListParams".
 */
export interface KeysListParams {
all?: boolean
limit?: number
cursor?: string
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysRetrieveParams".
 */
export interface KeysRetrieveParams {
key: KeyId
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysUpdateParams".
 */
export interface KeysUpdateParams {
key: KeyId
name?: string
models?: Patterns
tools?: Patterns
budgets?: Budgets
limits?: KeyLimits
expires_at?: (string | null)
labels?: Labels
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysRotateParams".
 */
export interface KeysRotateParams {
key: KeyId
grace_s?: number
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "KeysRevokeParams".
 */
export interface KeysRevokeParams {
key: KeyId
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingUsageParams".
 */
export interface BillingUsageParams {
by?: ("ip" | "key" | "model" | "provider" | "day")
from?: Day
to?: Day
ip?: string
key?: KeyId
limit?: number
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingRequestsParams".
 */
export interface BillingRequestsParams {
from?: Day
to?: Day
ip?: string
key?: KeyId
model?: ModelName
provider?: string
status?: ("ok" | "error" | "cancelled" | "interrupted")
limit?: number
cursor?: string
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingExportParams".
 */
export interface BillingExportParams {
from?: Day
to?: Day
ip?: string
key?: KeyId
stream?: boolean
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "BillingSummaryParams".
 */
export interface BillingSummaryParams {
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "LogsTailParams".
 */
export interface LogsTailParams {
level?: ("trace" | "debug" | "info" | "warn" | "error" | "fatal")
last?: number
stream?: boolean
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServersListParams".
 */
export interface McpServersListParams {
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpServersRestartParams".
 */
export interface McpServersRestartParams {
server: McpServerName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpToolsListParams".
 */
export interface McpToolsListParams {
server?: McpServerName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpToolsCallParams".
 */
export interface McpToolsCallParams {
name: McpName
arguments?: {
[k: string]: unknown
}
stream?: boolean
max_cost?: number
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourcesListParams".
 */
export interface McpResourcesListParams {
server?: McpServerName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourcesReadParams".
 */
export interface McpResourcesReadParams {
uri: McpUri
server?: McpServerName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpResourcesSubscribeParams".
 */
export interface McpResourcesSubscribeParams {
uri: McpUri
server?: McpServerName
stream?: boolean
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpPromptsListParams".
 */
export interface McpPromptsListParams {
server?: McpServerName
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpPromptsGetParams".
 */
export interface McpPromptsGetParams {
name: McpName
arguments?: {
[k: string]: string
}
_meta?: Meta
}
/**
 * This interface was referenced by `Root`'s JSON-Schema
 * via the `definition` "McpCompleteParams".
 */
export interface McpCompleteParams {
ref: ({
type: "ref/prompt"
name: McpName
[k: string]: unknown
} | {
type: "ref/resource"
uri: McpUri
[k: string]: unknown
})
argument: {
name: string
value: string
}
context?: {
[k: string]: unknown
}
_meta?: Meta
}

/** Every method of the document: what it takes, gives and streams. */
export interface Methods {
  "rpc.discover": { params: RpcDiscoverParams; result: Document; progress: never };
  "session.authenticate": { params: SessionAuthenticateParams; result: Session; progress: never };
  "system.health": { params: SystemHealthParams; result: Health; progress: never };
  "system.info": { params: SystemInfoParams; result: SystemInfo; progress: never };
  "system.metrics": { params: SystemMetricsParams; result: Metrics; progress: never };
  "system.reload": { params: SystemReloadParams; result: ReloadDiff; progress: never };
  "models.list": { params: ModelsListParams; result: ModelList; progress: never };
  "models.retrieve": { params: ModelsRetrieveParams; result: Model; progress: never };
  "models.route": { params: ModelsRouteParams; result: RoutePlan; progress: never };
  "chat.completions.create": { params: ChatCompletionsCreateParams; result: ChatCompletion; progress: ChatChunk };
  "completions.create": { params: CompletionsCreateParams; result: TextCompletion; progress: TextCompletion };
  "embeddings.create": { params: EmbeddingsCreateParams; result: EmbeddingList; progress: never };
  "moderations.create": { params: ModerationsCreateParams; result: Moderation; progress: never };
  "images.generations.create": { params: ImagesGenerationsCreateParams; result: Images; progress: never };
  "audio.speech.create": { params: AudioSpeechCreateParams; result: Speech; progress: SpeechPart };
  "audio.transcriptions.create": { params: AudioTranscriptionsCreateParams; result: Transcription; progress: never };
  "audio.translations.create": { params: AudioTranslationsCreateParams; result: Transcription; progress: never };
  "messages.create": { params: MessagesCreateParams; result: Message; progress: MessageEvent };
  "messages.countTokens": { params: MessagesCountTokensParams; result: TokenCount; progress: never };
  "responses.create": { params: ResponsesCreateParams; result: Response; progress: ResponseEvent };
  "responses.retrieve": { params: ResponsesRetrieveParams; result: Response; progress: never };
  "responses.delete": { params: ResponsesDeleteParams; result: ResponseDeleted; progress: never };
  "responses.cancel": { params: ResponsesCancelParams; result: Response; progress: never };
  "responses.inputItems.list": { params: ResponsesInputItemsListParams; result: ResponseItems; progress: never };
  "keys.create": { params: KeysCreateParams; result: Key; progress: never };
  "keys.list": { params: KeysListParams; result: KeyList; progress: never };
  "keys.retrieve": { params: KeysRetrieveParams; result: Key; progress: never };
  "keys.update": { params: KeysUpdateParams; result: Key; progress: never };
  "keys.rotate": { params: KeysRotateParams; result: Key; progress: never };
  "keys.revoke": { params: KeysRevokeParams; result: Key; progress: never };
  "billing.usage": { params: BillingUsageParams; result: UsageReport; progress: never };
  "billing.requests": { params: BillingRequestsParams; result: BillingRequests; progress: never };
  "billing.export": { params: BillingExportParams; result: BillingExport; progress: CsvPart };
  "billing.summary": { params: BillingSummaryParams; result: BillingSummary; progress: never };
  "logs.tail": { params: LogsTailParams; result: LogTail; progress: LogLine };
  "mcp.servers.list": { params: McpServersListParams; result: McpServerList; progress: never };
  "mcp.servers.restart": { params: McpServersRestartParams; result: McpServer; progress: never };
  "mcp.tools.list": { params: McpToolsListParams; result: McpToolList; progress: never };
  "mcp.tools.call": { params: McpToolsCallParams; result: McpToolResult; progress: McpProgress };
  "mcp.resources.list": { params: McpResourcesListParams; result: McpResourceList; progress: never };
  "mcp.resources.read": { params: McpResourcesReadParams; result: McpResourceContents; progress: never };
  "mcp.resources.subscribe": { params: McpResourcesSubscribeParams; result: McpSubscribed; progress: McpProgress };
  "mcp.prompts.list": { params: McpPromptsListParams; result: McpPromptList; progress: never };
  "mcp.prompts.get": { params: McpPromptsGetParams; result: McpPromptMessages; progress: never };
  "mcp.complete": { params: McpCompleteParams; result: McpCompletion; progress: never };
}
export type MethodName = keyof Methods;

/** The closed set of error kinds, `data.kind` on the wire. */
export type ErrorKind = "parse_error" | "invalid_request" | "method_not_found" | "invalid_params" | "internal" | "unauthorized" | "forbidden" | "key_not_found" | "model_not_allowed" | "rate_limited" | "budget_exceeded" | "max_cost_exceeded" | "price_unknown" | "model_not_found" | "no_usable_target" | "capability_missing" | "context_length_exceeded" | "targets_cooling" | "response_not_found" | "model_kind_unavailable" | "provider_failed" | "provider_timeout" | "provider_rejected" | "provider_rate_limited" | "provider_credentials_exhausted" | "stream_cut" | "overloaded" | "draining" | "too_large" | "cancelled" | "request_timeout" | "config_invalid" | "route_not_found" | "verb_not_allowed" | "unsupported_media_type" | "storage_unavailable" | "deadline_exceeded" | "tool_not_found" | "tool_not_allowed" | "mcp_server_not_found" | "mcp_server_unavailable" | "mcp_server_failed" | "mcp_server_timeout" | "mcp_rejected" | "resource_not_found" | "prompt_not_found";

// The tool calls of one round with the model, several at once. What goes wrong with one tool is for the model to read and
// react to; what ends the request (cancelled, out of time, money or room) ends it here too, once the tools that were begun
// have come to an end.

import { BrokerError } from "../core/errors.ts";
import { isObject } from "../core/json-object.ts";
import type { ToolTurn } from "../core/tool-use/conversation.ts";
import type { ToolEvent, ToolEventOf } from "../core/tool-use/event.ts";
import { OutputRoom, type ToolOutput } from "../core/tool-use/output.ts";
import type { ErrorKind, McpToolResult, ToolCall } from "../generated/types.ts";

export interface RunToolCallsDeps {
  /** The tool that the model means; `undefined`: there is none of this name in the request. */
  readonly find: (name: string) => { readonly server: string; readonly tool: string } | undefined;
  /** Rejects as `callTool` does. */
  readonly call: (of: ToolEventOf, args: Record<string, unknown>) => Promise<McpToolResult>;
  readonly read: (result: McpToolResult) => ToolOutput;
  readonly tell: (event: ToolEvent) => void | Promise<void>;
  /** Calls at once. */
  readonly atOnce: number;
}

/** Calls of one round; the model is told that further ones were not made. */
const MOST_CALLS = 64;
/** Of one tool, with which the model can do something. */
const FOR_THE_MODEL: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  ...(["tool_not_found", "tool_not_allowed", "invalid_params", "mcp_server_not_found"] as const),
  ...(["mcp_server_unavailable", "mcp_server_failed", "mcp_server_timeout", "mcp_rejected"] as const),
]);

interface Outcome {
  readonly output: ToolOutput;
  readonly isError: boolean;
  readonly code?: number;
}

export class ToolCalls {
  readonly #deps: RunToolCallsDeps;
  readonly #room = new OutputRoom();

  constructor(deps: RunToolCallsDeps) {
    this.#deps = deps;
  }

  /** Results in the order of the calls. */
  async run(calls: readonly ToolCall[]): Promise<ToolTurn[]> {
    const turns: ToolTurn[] = [];
    let next = 0;
    let fatal: unknown;
    const work = async (): Promise<void> => {
      while (next < calls.length && fatal === undefined) {
        const place = next++;
        try {
          turns[place] = await this.#one(calls[place] as ToolCall, place);
        } catch (cause) {
          fatal ??= cause;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#deps.atOnce, calls.length) }, work));
    if (fatal !== undefined) throw fatal;
    return turns;
  }

  async #one(call: ToolCall, place: number): Promise<ToolTurn> {
    const { id, function: called } = call;
    const name = called?.name ?? "";
    const known = this.#deps.find(name);
    if (!known) return turn(id, failed(`there is no tool "${name.slice(0, 128)}"`));
    const of = { id, server: known.server, tool: known.tool, name };
    const text = called?.arguments ?? "";
    await this.#deps.tell({ type: "call", ...of, arguments: text === "" ? "{}" : text });
    const outcome =
      place < MOST_CALLS ? await this.#outcome(of, text) : failed("not run: too many calls in one answer");
    const done = turn(id, { ...outcome, output: this.#room.fit(outcome.output) });
    const { isError: is_error, code } = outcome;
    await this.#deps.tell({
      ...{ type: "result", ...of, output: done.text, is_error },
      ...(code === undefined ? {} : { code }),
    });
    return done;
  }

  async #outcome(of: ToolEventOf, text: string): Promise<Outcome> {
    const args = argumentsOf(text);
    if (!args) return failed("the arguments are not a JSON object");
    try {
      const result = await this.#deps.call(of, args);
      return { output: this.#deps.read(result), isError: result.isError === true };
    } catch (cause) {
      if (!(cause instanceof BrokerError) || !FOR_THE_MODEL.has(cause.kind)) throw cause;
      return { ...failed(cause.message), code: cause.code };
    }
  }
}

function failed(text: string): Outcome {
  return { output: { text, pictures: [] }, isError: true };
}

function turn(id: string, { output: { text, pictures }, isError }: Outcome): ToolTurn {
  return { id, text, isError, pictures };
}

/** No text at all is no arguments. */
function argumentsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// The turns that a round of tools adds to a conversation, and what changes in the request for the next round.

import type {
  AssistantMessage,
  ChatChoice,
  ChatMessage,
  ImagePart,
  ToolCall,
  ToolChoice,
} from "../../generated/types.ts";

export interface ToolTurn {
  readonly id: string;
  /** What the model is given to read. */
  readonly text: string;
  readonly isError: boolean;
  readonly pictures: readonly ImagePart[];
}

/** Of an answer, and not of what was said before. */
const NOT_SAID: ReadonlySet<string> = new Set(["annotations", "audio", "tool_calls", "function_call"]);

/** What the model has said, and called, with proofs of its thoughts; then the results. */
export function turnsOf(
  message: ChatChoice["message"],
  calls: readonly ToolCall[],
  results: readonly ToolTurn[],
): ChatMessage[] {
  const said = Object.entries(message).filter(([name, value]) => value !== null && !NOT_SAID.has(name));
  const turn: AssistantMessage = {
    content: null,
    ...Object.fromEntries(said),
    role: "assistant",
    tool_calls: [...calls],
  };
  const messages: ChatMessage[] = [turn];
  for (const { id, text, isError } of results) {
    messages.push({ role: "tool", tool_call_id: id, content: isError ? `Error: ${text}` : text });
  }
  const pictures = results.flatMap((result) => result.pictures);
  if (pictures.length > 0)
    messages.push({ role: "user", content: [{ type: "text", text: "Pictures of the results:" }, ...pictures] });
  return messages;
}

/** A tool that must be called is called in the first round; else no round could be the last. */
export function laterChoice(choice: ToolChoice | undefined): ToolChoice | undefined {
  if (choice === "required") return "auto";
  if (typeof choice !== "object" || choice === null) return choice;
  if (choice.type !== "allowed_tools") return "auto";
  const allowed = choice.allowed_tools;
  return typeof allowed === "object" && allowed !== null
    ? { ...choice, allowed_tools: { ...allowed, mode: "auto" } }
    : choice;
}

/** Gives calls ids that are theirs alone: vendors are known to send none, or the same in every answer. */
export class CallIds {
  readonly #taken = new Set<string>();
  readonly #stem: string;

  constructor(requestId: string) {
    this.#stem = requestId;
  }

  own(call: ToolCall): ToolCall {
    const { size } = this.#taken;
    const id = call.id === "" || this.#taken.has(call.id) ? `call_${this.#stem}_${size}` : call.id;
    this.#taken.add(id);
    return id === call.id ? call : { ...call, id };
  }
}

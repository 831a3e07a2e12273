// Tools and the choice among them, in Anthropic's form.

import type { ChatCompletionsCreateParams, ChatTool } from "../../generated/types.ts";

type Json = Record<string, unknown>;

/** Functions are translated; tools of another type are Anthropic's own and go as they are. */
export function tools(list: readonly ChatTool[]): Json[] {
  return list.map((tool) => {
    const { function: definition, cache_control } = tool;
    if (!definition) return tool;
    const { name, description, parameters, strict } = definition;
    return {
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: { type: "object", ...(parameters ?? { properties: {} }) },
      ...(strict ? { strict } : {}),
      ...(cache_control === undefined ? {} : { cache_control }),
    };
  });
}

/** `undefined`: Anthropic's default, which is OpenAI's too. */
export function toolChoice({ tool_choice, parallel_tool_calls }: ChatCompletionsCreateParams): Json | undefined {
  const single = parallel_tool_calls === false ? { disable_parallel_tool_use: true } : {};
  if (tool_choice === "none") return { type: "none" };
  if (tool_choice === "required") return { type: "any", ...single };
  if (typeof tool_choice === "object" && tool_choice?.function) {
    return { type: "tool", name: tool_choice.function.name, ...single };
  }
  return tool_choice === "auto" || parallel_tool_calls === false ? { type: "auto", ...single } : undefined;
}

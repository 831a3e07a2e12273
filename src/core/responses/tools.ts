// Tools, the choice among them and the format of the text, from Responses (flat) to chat (nested).

import type { ChatTool, ResponseFormat, ResponsesCreateParams, ToolChoice } from "../../generated/types.ts";
import { type Json, objectAt, oneOf, textAt, unfit, worded } from "./fault.ts";

/** A tool of an MCP server that the broker knows; where an address is given it is the vendor's to connect to. */
export function isOwnMcp({ type, server_url: url, connector_id: connector, tunnel_id: tunnel }: Json): boolean {
  return type === "mcp" && url === undefined && connector === undefined && tunnel === undefined;
}

export function toChatTools(tools: NonNullable<ResponsesCreateParams["tools"]>): ChatTool[] {
  return tools.map((tool, index) => {
    const param = `/tools/${index}`;
    if (isOwnMcp(tool)) return tool;
    if (tool.type !== "function")
      throw unfit(`${param}/type`, `tools of type ${worded(tool.type)} are not supported, only functions`);
    const { description, parameters, strict } = tool;
    return {
      type: "function",
      function: {
        name: textAt(tool, "name", param),
        ...(typeof description === "string" ? { description } : {}),
        ...(parameters ? { parameters: objectAt(parameters, `${param}/parameters`) as Record<string, unknown> } : {}),
        ...(typeof strict === "boolean" ? { strict } : {}),
      },
    };
  });
}

export function toChatToolChoice(choice: ResponsesCreateParams["tool_choice"]): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === "string") return oneOf(choice, ["auto", "none", "required"], "/tool_choice");
  if (choice.type === "function") return named(choice, "/tool_choice");
  if (choice.type !== "allowed_tools") throw unfit("/tool_choice/type", "must be function or allowed_tools");
  const { mode, tools } = choice;
  if (!Array.isArray(tools)) throw unfit("/tool_choice/tools", "must be a list");
  const allowed = tools.map((tool, index) => {
    const param = `/tool_choice/tools/${index}`;
    if (objectAt(tool, param).type === "function") return named(tool, param);
    throw unfit(`${param}/type`, "must be function");
  });
  return { type: "allowed_tools", allowed_tools: { mode, tools: allowed } };
}

function named(tool: Json, param: string): { type: string; function: { name: string } } {
  return { type: "function", function: { name: textAt(tool, "name", param) } };
}

/** `text.format`; plain text needs no word. */
export function toResponseFormat(text: Json): ResponseFormat | undefined {
  if (text.format === undefined || text.format === null) return undefined;
  const format = objectAt(text.format, "/text/format");
  const type = oneOf(format.type, ["text", "json_object", "json_schema"], "/text/format/type");
  if (type === undefined) throw unfit("/text/format/type", "is required");
  if (type !== "json_schema") return type === "text" ? undefined : { type };
  const { description, strict } = format;
  return {
    type,
    json_schema: {
      name: textAt(format, "name", "/text/format"),
      schema: objectAt(format.schema, "/text/format/schema") as Record<string, unknown>,
      ...(typeof description === "string" ? { description } : {}),
      ...(typeof strict === "boolean" ? { strict } : {}),
    },
  };
}

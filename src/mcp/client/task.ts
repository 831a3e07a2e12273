// A tool that runs as a task, as MCP 2025-11-25 has it: the server answers at once that it has begun, and gives the result
// to who asks for it, which takes as long as the tool does. The broker waits in place of its caller.

import type { McpProgress, McpTool } from "../../generated/types.ts";
import type { Ask } from "./ask.ts";

/** A request on the connection of the call. */
export type Send = (method: string, params: object, signal: AbortSignal) => Promise<object>;

/** For a server to take note that nobody waits. */
const CANCEL_MS = 10_000;

/** Member of a call's params; `ttl`: milliseconds that the server need not keep the result longer than. */
export const AS_TASK = { task: { ttl: 3_600_000 } };

/** Whether the tool may be called in no other way. */
export function isTaskOnly({ execution }: McpTool): boolean {
  return typeof execution === "object" && execution !== null && "taskSupport" in execution
    ? execution.taskSupport === "required"
    : false;
}

/** The answer itself, or what the task that it tells of comes to. The server is told when nobody waits for that any more. */
export async function outcomeOf(answer: object, ask: Ask, send: Send): Promise<object> {
  const id = ask.task;
  if (id === undefined) return answer;
  try {
    return await send("tasks/result", { taskId: id }, ask.signal);
  } catch (cause) {
    if (ask.signal.aborted) void send("tasks/cancel", { taskId: id }, AbortSignal.timeout(CANCEL_MS)).catch(() => {});
    throw cause;
  }
}

/** The state of a task as a call's progress: each state is a step further. */
export function progressOf(steps: number, statusMessage: unknown): McpProgress {
  const message = typeof statusMessage === "string" ? { message: statusMessage } : {};
  return { method: "notifications/progress", params: { progress: steps, ...message } };
}

/** Id of the task that an answer tells of: it has begun. */
export function taskIn({ task }: Readonly<Record<string, unknown>>): string | undefined {
  const id = typeof task === "object" && task !== null && "taskId" in task ? task.taskId : undefined;
  return typeof id === "string" ? id : undefined;
}

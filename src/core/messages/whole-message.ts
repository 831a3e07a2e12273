// A completion as Anthropic's message, in which tools that the broker ran stand between the texts that they led to.

import type { ChatCompletion, Message } from "../../generated/types.ts";
import { stepsOf } from "../tool-use/event.ts";
import { ChatEvents } from "./events.ts";
import { MessageFold } from "./fold.ts";
import { toMessage } from "./to-message.ts";

/** `requestId` names a message that its provider did not name. */
export function wholeMessage(completion: ChatCompletion, requestId: string): Message {
  const message = toMessage(completion, requestId);
  const steps = stepsOf(completion);
  if (!steps) return message;
  const events = new ChatEvents(requestId);
  for (const step of steps) events.add(step);
  const fold = new MessageFold();
  for (const event of events.end(message)) fold.add(event);
  return { ...message, content: fold.message()?.content ?? message.content };
}

// The server for tests: it needs no key and reaches nothing.

import { object, text } from "./schema.ts";
import type { BundledTool } from "./vendor.ts";

export const PING: readonly BundledTool[] = [
  {
    name: "ping",
    description: "Answers pong.",
    input: object([], {}),
    run: async () => ({ content: [{ type: "text", text: "pong" }] }),
  },
  {
    name: "echo",
    description: "Answers with the message it was given.",
    input: object(["message"], { message: text("What to answer.", 65_536) }),
    run: async ({ message }) => ({
      content: [{ type: "text", text: String(message) }],
      structuredContent: { message },
    }),
  },
];

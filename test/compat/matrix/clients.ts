// The rows of the compatibility table.

import { aiSdk } from "./ai-sdk.ts";
import { anthropic } from "./anthropic.ts";
import type { ClientUnderTest } from "./door.ts";
import { langChain } from "./langchain.ts";
import { openAi, openAiResponses } from "./openai.ts";

export const CLIENTS: readonly ClientUnderTest[] = [openAi, openAiResponses, anthropic, aiSdk, langChain];

// The broker's usage in Anthropic's words, where input does not include what a cache gave or took. The counts are those
// that the ledger has; `cost`, and whether it and they are sure, go along.

import type { Message, Usage } from "../../generated/types.ts";
import { outputTokens, tokenParts } from "../usage.ts";

export function messageUsage(usage: Usage | undefined): Message["usage"] {
  if (!usage) return { input_tokens: 0, output_tokens: 0 };
  const parts = tokenParts(usage);
  const { cost, cost_unknown, estimated } = usage;
  return {
    input_tokens: parts.inputUncached + parts.audioInput,
    cache_creation_input_tokens: parts.cacheWrite + parts.cacheWrite1h,
    cache_read_input_tokens: parts.cacheRead,
    output_tokens: outputTokens(parts),
    ...(parts.reasoning > 0 ? { output_tokens_details: { thinking_tokens: parts.reasoning } } : {}),
    ...(cost === undefined ? {} : { cost }),
    ...(cost_unknown ? { cost_unknown } : {}),
    ...(estimated ? { estimated } : {}),
  };
}

// A BrokerError as the OpenAI SDKs read it. A provider's refusal of the caller's request keeps the provider's own type and
// code, so that a program written for that provider finds what it looks for.

import { type BrokerError, KINDS } from "../core/errors.ts";

export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** JSON pointer or name of the param at fault. */
    readonly param: string | null;
    readonly code: string;
    readonly request_id: string;
    /** How the call was routed, where the caller asked to know. */
    readonly route?: unknown;
  };
}

export function toOpenAiError({ kind, message, facts }: BrokerError, requestId: string): OpenAiError {
  const upstream = kind === "provider_rejected" ? facts.upstream : undefined;
  return {
    error: {
      message,
      type: upstream?.type ?? KINDS[kind].openaiType,
      param: facts.param ?? null,
      code: upstream?.code ?? kind,
      request_id: requestId,
      ...(facts.route === undefined ? undefined : { route: facts.route }),
    },
  };
}

// moderations.*: whether text or images are fit to be seen.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { Moderation, ModerationsCreateParams } from "../generated/types.ts";

export interface ModerationsDeps {
  readonly moderate: (params: ModerationsCreateParams, call: Call) => Promise<Moderation>;
}

export function moderationsMethods({ moderate }: ModerationsDeps): HandlersOf<"moderations", Call> {
  return { "moderations.create": moderate };
}

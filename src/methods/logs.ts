// logs.*: the log, for those who may see it.

import { tailLog } from "../broker/tail-log.ts";
import type { Call } from "../core/call.ts";
import type { LogSource } from "../core/log-source.ts";
import type { HandlersOf } from "../generated/methods.ts";

export interface LogsDeps {
  readonly lines: LogSource;
}

export function logsMethods({ lines }: LogsDeps): HandlersOf<"logs", Call> {
  return { "logs.tail": (params, call) => tailLog(lines, params, call) };
}

// Which answers of a row go out in pieces: what the caller wants as a stream, and audio always, since it is none the worse.

import type { AnswerStream } from "./answer-stream.ts";
import { AudioStream } from "./audio.ts";
import { CsvStream } from "./csv.ts";
import type { RestLimits } from "./limits.ts";
import type { Reply } from "./respond.ts";
import type { Route } from "./routes.ts";
import { EventStream } from "./stream.ts";

/** `undefined`: the answer comes in one piece. */
export function streamOf(
  reply: Reply,
  limits: RestLimits,
  route: Route,
  params: { readonly stream?: unknown },
): AnswerStream | undefined {
  const { response } = route.row;
  if (response === "audio") return new AudioStream(reply, limits.stalledMs);
  if (params.stream !== true) return undefined;
  if (response === "sse") return new EventStream(reply, limits, route);
  return response === "csv" ? new CsvStream(reply, limits.stalledMs) : undefined;
}

// What happens to a client that does not read its answer. The socket's own timer serves: it starts again whenever the
// kernel took some of what waits, so a slow reader lives and one that stands still is cut.

import type { Socket } from "node:net";
import type { HttpAnswer } from "./http-answer.ts";

/** Destroys the connection when nothing of what waits is taken in `stalledMs`, until `socket.setTimeout(0)`. */
export function cutWhenStalled(response: HttpAnswer, stalledMs: number): void {
  if (response.socket) response.socket.setTimeout(stalledMs);
  else
    onTurn(response, (socket) => {
      if (socket.writableNeedDrain) socket.setTimeout(stalledMs);
    });
}

/** The same for an answer that has been ended but has not left. */
export function watchLastBytes(response: HttpAnswer, stalledMs: number): void {
  const { socket } = response;
  if (response.writableFinished) return;
  if (!socket) onTurn(response, () => watchLastBytes(response, stalledMs));
  if (!socket || socket.writableLength === 0) return;
  socket.setTimeout(stalledMs);
  // First, because the server then starts its keep-alive timer in the same place.
  response.prependListener("finish", () => socket.setTimeout(0));
}

/** No socket yet: an earlier answer of a pipelining client comes first and has its own watch. */
function onTurn(response: HttpAnswer, watch: (socket: Socket) => void): void {
  // Told before what has waited is written.
  response.on("socket", (socket) => queueMicrotask(() => watch(socket)));
}

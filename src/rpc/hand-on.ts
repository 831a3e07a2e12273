// A connection of which something has been read goes to another reader, as if nothing had been.

import type { Socket } from "node:net";

/** Nothing listens to the socket any more; `take` does. What was read comes to it with the next turn of the event loop. */
export function handOn(socket: Socket, read: Buffer, take: (socket: Socket) => void): void {
  socket.pause();
  socket.unshift(read);
  take(socket);
  socket.resume();
}

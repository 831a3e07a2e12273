// The end of an answer whose request is still arriving. Closing at once would reset the connection, and the client would
// see that instead of the answer; so what still comes is read and thrown away for a moment.

import type { HttpAnswer } from "../rpc/http-answer.ts";
import type { RestRequest } from "./request.ts";

/** For an answer that closes the connection. Ends it when the request has arrived, or `lingerMs` have passed. */
export function lingerThenEnd(request: RestRequest, response: HttpAnswer, text: string, lingerMs: number): void {
  const end = (): void => {
    clearTimeout(timer);
    request.off("end", end);
    request.off("close", end);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  response.write(text);
  request.on("end", end);
  request.on("close", end);
  request.resume();
}

// What a server answered over HTTP, as much of fetch's Response as the SDK's transports read, over undici's own stream: the
// whole of fetch would cost more than the rest of the call. A body that is longer than it may be fails: as a whole, or, of a
// stream of events, each event for itself.

import type { Dispatcher } from "undici";

/** An answer, or one event of a stream, is longer than it may be. */
export class TooLong extends Error {
  override readonly name = "TooLong";

  constructor(most: number) {
    super(`the answer is longer than ${most} bytes`);
  }
}

export function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData, most: number): Response {
  body.on("error", () => {}); // whoever reads it is told; whoever has left does not want to know
  const names = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) names.append(name, each);
  }
  const events = /^text\/event-stream/i.test(names.get("content-type") ?? "");
  const text = (): Promise<string> => whole(body, most);
  let stream: ReadableStream<Uint8Array> | undefined;
  const answer = {
    status: statusCode,
    statusText: "",
    ok: statusCode >= 200 && statusCode < 300,
    redirected: false,
    headers: names,
    get body(): ReadableStream<Uint8Array> {
      stream ??= streamOf(body, most, events);
      return stream;
    },
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
  return answer as unknown as Response;
}

async function whole(body: Dispatcher.ResponseData["body"], most: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw new TooLong(most); // leaving the loop closes the connection
    parts.push(part);
  }
  return (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size)).toString();
}

function streamOf(body: Dispatcher.ResponseData["body"], most: number, events: boolean): ReadableStream<Uint8Array> {
  const parts = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let size = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await parts.next();
        if (done) return controller.close();
        const end = events ? endOfEvent(value) : -1;
        size = end < 0 ? size + value.length : value.length - end;
        if (size <= most) return controller.enqueue(value);
        body.destroy();
        return controller.error(new TooLong(most));
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
}

/** Behind the last blank line. */
function endOfEvent(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf("\n\n"), bytes.lastIndexOf("\r\n\r\n"));
}

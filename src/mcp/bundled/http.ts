// One exchange with a vendor over HTTP: bounded in time, size and redirects, never repeated. The key goes to the
// vendor's own origin alone, so a redirect is followed on that origin only. Nothing here shows URLs: they can hold the key.

/** Bytes of an answer that are kept; of a longer one the beginning. */
export const MOST_BYTES = 6 * 1_024 * 1_024;
const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  /** Aborting closes the connection. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** There was more than `bytes`. */
  readonly cut: boolean;
}

/** No answer came: the message says why in a few words, for people. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Rejects with a NoAnswer or, aborted, with the signal's reason. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), request.timeoutMs);
  try {
    return await follow(request, AbortSignal.any([request.signal, tooLate.signal]));
  } catch (cause) {
    request.signal.throwIfAborted();
    if (tooLate.signal.aborted) throw new NoAnswer(`did not answer within ${request.timeoutMs / 1_000} s`);
    throw cause instanceof NoAnswer ? cause : new NoAnswer(`could not be reached (${codeOf(cause)})`);
  } finally {
    clearTimeout(timer);
  }
}

async function follow(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, headers, body = null } = request;
  let url = request.url;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
    const location = REDIRECTS.includes(response.status) ? response.headers.get("location") : null;
    if (location === null) return { status: response.status, headers: response.headers, ...(await start(response)) };
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next?.origin !== url.origin) throw new NoAnswer(`redirects to ${next?.origin}, which is not followed`);
    if (method !== "GET") throw new NoAnswer(`redirects a ${method}, which is not followed`);
    if (redirects === MOST_REDIRECTS) throw new NoAnswer(`redirects more than ${MOST_REDIRECTS} times`);
    url = next;
  }
}

/** Reads what is kept of a body; leaving the loop early cancels the rest. */
async function start(response: Response): Promise<Pick<HttpAnswer, "bytes" | "cut">> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, MOST_BYTES), cut: length > MOST_BYTES };
}

/** `ECONNREFUSED` and its like, from wherever fetch has put it. */
function codeOf(cause: unknown): string {
  for (let each = cause; each instanceof Error; each = each.cause) {
    if ("code" in each && typeof each.code === "string") return each.code;
  }
  return "connection failed";
}

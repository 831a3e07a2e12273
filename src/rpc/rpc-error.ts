// An answer that is not a result, as a client of JSON-RPC sees it.

/** `data.kind` is the stable word to switch on. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** Of the document's catalogue; 0: there was no answer. */
  readonly code: number;
  readonly data: { readonly kind: string; readonly retryable: boolean; readonly [fact: string]: unknown };

  constructor(code: number, message: string, data: Partial<RpcError["data"]> = {}) {
    super(message);
    this.code = code;
    this.data = { kind: "unknown", retryable: false, ...data };
  }
}

/** The connection could not be made, or went before the answer came. */
export function disconnected(why: string): RpcError {
  return new RpcError(0, why, { kind: "disconnected", retryable: true });
}

// The port to the responses that were kept. Each belongs to whoever made it: to others it is as if it did not exist, so
// that nobody learns an id by asking. What is too old or was deleted does not exist either.

import type { Response } from "../generated/types.ts";
import type { Call } from "./call.ts";
import { BrokerError } from "./errors.ts";
import type { Item } from "./responses/items.ts";

/** Characters of JSON that one response, its input included, may have; a larger one is not kept. */
export const MAX_RESPONSE_CHARS = 16 * 1024 * 1024;
/** Characters of JSON that a response and all those before it may have, and how many those may be. */
export const MAX_CHAIN_CHARS = 32 * 1024 * 1024;
export const MAX_CHAIN = 1_000;

/** Who reads; `undefined`: an administrator, who sees all. */
export type Reader = string | undefined;

export interface NewResponse {
  readonly owner: string;
  readonly response: Response;
  /** In full form, without those of the responses before it. */
  readonly input: readonly Item[];
}

/** All throw `storage_unavailable` where the database can't serve, `response_not_found` for what this reader can't see. */
export interface ResponseStore {
  /** False: it is too large, or none is kept. */
  put(entry: NewResponse): boolean;
  get(id: string, reader: Reader): Response;
  /** What the response itself was asked, and the id of the one before it. */
  asked(id: string, reader: Reader): { readonly input: readonly Item[]; readonly previous: string | undefined };
  /**
   * Everything asked and answered up to and with this response, oldest first. Not found either when one before it is gone:
   * the model would answer without knowing what was left out. Throws `invalid_params` beyond the
   * bounds of a chain.
   */
  chain(id: string, reader: Reader): readonly Item[];
  delete(id: string, reader: Reader): void;
  /** Removes what is too old, some rows a turn of the event loop; their number. Rejects with what the database throws. */
  sweep(): Promise<number>;
}

/** To whom the responses of this caller belong: a key, a token's subject, the administrators, or an address. */
export function ownerOf({ principal, ip }: Pick<Call, "principal" | "ip">): string {
  return principal.name === "anonymous" ? `ip:${ip}` : principal.name;
}

export function readerOf(call: Pick<Call, "principal" | "ip">): Reader {
  return call.principal.scopes.has("admin") ? undefined : ownerOf(call);
}

export function responseNotFound(id: string, param: string): BrokerError {
  return new BrokerError("response_not_found", `No response has the id "${id.slice(0, 128)}"`, { param });
}

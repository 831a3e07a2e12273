// Limits a minute and at once, of keys and of addresses (of IPv6: their /64). Checking takes nothing; what is taken is given
// back by the call that took it.

import type { Call, RateState, RateStates } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Key } from "../core/key.ts";
import { MinuteWindow } from "../core/limit.ts";
import { networkOf } from "../core/network.ts";
import { forgetOldest } from "./bounded.ts";

export type Payer = Pick<Call, "principal" | "ip">;

interface Meter {
  readonly requests: MinuteWindow;
  readonly tokens: MinuteWindow;
  running: number;
}

/** What the limits of one caller are counted by. */
export interface Meters {
  readonly limits: Key["limits"] | undefined;
  readonly key: Meter | undefined;
  readonly address: MinuteWindow | undefined;
}

/** When a call of the same key may have ended; nobody can know. */
const CONCURRENCY_WAIT_MS = 1000;

export class Limiter {
  readonly #ipRequestsPerMinute: number | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly #ticks: () => number;
  readonly #meters = new Map<string, Meter>();
  readonly #addresses = new Map<string, MinuteWindow>();

  constructor(ipRequestsPerMinute: number | undefined, ticks: () => number) {
    this.#ipRequestsPerMinute = ipRequestsPerMinute;
    this.#ticks = ticks;
  }

  /** Calls of keys with limits that are under way. */
  get running(): number {
    let running = 0;
    for (const meter of this.#meters.values()) running += meter.running;
    return running;
  }

  of({ principal, ip }: Payer): Meters {
    const { key } = principal;
    return { limits: key?.limits, key: key && this.#ofKey(key), address: this.#ofAddress(principal, ip) };
  }

  /** Throws `rate_limited`. */
  check({ limits, key, address }: Meters, tokens: number): void {
    const now = this.#ticks();
    if (address) atMost(address, 1, this.#ipRequestsPerMinute, "address", "This address may make", "requests", now);
    if (!key || !limits) return;
    const { requestsPerMinute, tokensPerMinute, concurrency } = limits;
    if (concurrency !== undefined && key.running >= concurrency) {
      const facts = { limit: "concurrency", retry_after_ms: CONCURRENCY_WAIT_MS };
      throw new BrokerError("rate_limited", `The key may make ${concurrency} calls at once`, facts);
    }
    atMost(key.requests, 1, requestsPerMinute, "requests", "The key may make", "requests", now);
    atMost(key.tokens, tokens, tokensPerMinute, "tokens", "The key may use", "tokens", now);
  }

  /** The second in which it was taken; `correct` wants it. */
  take({ key, address }: Meters, tokens: number): number {
    const now = this.#ticks();
    address?.take(1, now);
    if (key) {
      key.requests.take(1, now);
      key.tokens.take(tokens, now);
      key.running++;
    }
    return Math.floor(now / 1000);
  }

  /** The call has ended: it took `tokens` more than was taken for it. */
  end({ key }: Meters, taken: number, tokens: number): void {
    if (!key) return;
    key.running--;
    key.tokens.correct(taken, tokens, this.#ticks());
  }

  /** The call was never made. */
  giveBack({ key, address }: Meters, taken: number, tokens: number): void {
    const now = this.#ticks();
    address?.correct(taken, -1, now);
    if (!key) return;
    key.running--;
    key.requests.correct(taken, -1, now);
    key.tokens.correct(taken, -tokens, now);
  }

  /** As callers are told; of two limits the one that leaves less. */
  rates({ limits, key, address }: Meters): RateStates | undefined {
    const now = this.#ticks();
    let requests = key && rate(key.requests, limits?.requestsPerMinute, now);
    const ofAddress = address && rate(address, this.#ipRequestsPerMinute, now);
    if (ofAddress && (!requests || ofAddress.remaining < requests.remaining)) requests = ofAddress;
    const tokens = key && rate(key.tokens, limits?.tokensPerMinute, now);
    if (!requests && !tokens) return undefined;
    return { ...(requests ? { requests } : {}), ...(tokens ? { tokens } : {}) };
  }

  #ofKey({ id, limits }: Key): Meter | undefined {
    const { requestsPerMinute, tokensPerMinute, concurrency } = limits;
    let meter = this.#meters.get(id);
    // A limit that was taken away must not lose the calls under way, nor one that comes.
    if (!meter && (requestsPerMinute ?? tokensPerMinute ?? concurrency) !== undefined) {
      forgetOldest(this.#meters, (each) => each.running === 0 && each.requests.resetMs(this.#ticks()) === 0);
      meter = { requests: new MinuteWindow(), tokens: new MinuteWindow(), running: 0 };
      this.#meters.set(id, meter);
    }
    return meter;
  }

  #ofAddress(principal: Payer["principal"], ip: string): MinuteWindow | undefined {
    if (this.#ipRequestsPerMinute === undefined || principal.scopes.has("admin")) return undefined;
    const network = networkOf(ip);
    let window = this.#addresses.get(network);
    if (!window) {
      forgetOldest(this.#addresses, () => true);
      window = new MinuteWindow();
      this.#addresses.set(network, window);
    }
    return window;
  }
}

function atMost(
  window: MinuteWindow,
  amount: number,
  limit: number | undefined,
  name: "address" | "requests" | "tokens",
  who: string,
  what: "requests" | "tokens",
  now: number,
): void {
  if (limit === undefined) return;
  const wait = window.waitMs(amount, limit, now);
  if (wait === 0) return;
  const facts = { limit: name, retry_after_ms: wait, rates: { [what]: rate(window, limit, now) } };
  throw new BrokerError("rate_limited", `${who} ${limit} ${what} a minute`, facts);
}

function rate(window: MinuteWindow, limit: number | undefined, now: number): RateState | undefined {
  if (limit === undefined) return undefined;
  return { limit, remaining: Math.max(0, limit - window.total), resetMs: window.resetMs(now) };
}

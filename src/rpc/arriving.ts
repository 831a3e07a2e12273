// How much of bodies and messages is held while they arrive, of all connections together. Each may be as large as one can
// be, and whoever has not shown who they are must not take the room of those who have: strangers share a room of their own.

import type { Principal } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";
import type { RpcLimits } from "./limits.ts";

/** Who a message comes from. Throws or rejects when the credential is not good. */
export type Identify = (credential: string | undefined, caller: Caller) => Principal | Promise<Principal>;

/** Bytes of a sender, as one read may bring, that are taken however much of others arrives. */
const UNCOUNTED = 65_536;

interface Room {
  readonly most: number;
  bytes: number;
}

export class Arriving {
  readonly known: Room;
  readonly strangers: Room;
  readonly #identify: Identify;

  constructor(
    { arrivingBytes, strangerBytes }: Pick<RpcLimits, "arrivingBytes" | "strangerBytes">,
    identify: Identify,
  ) {
    this.known = { most: arrivingBytes, bytes: 0 };
    this.strangers = { most: strangerBytes, bytes: 0 };
    this.#identify = identify;
  }

  /** For one body, or for all messages of a connection. */
  from(caller: Caller, credential: string | undefined): Arrival {
    return new Arrival(this, () => this.#identify(credential, caller));
  }
}

/** What one sender has on its way. */
export class Arrival {
  readonly #arriving: Arriving;
  readonly #identify: () => Principal | Promise<Principal>;
  #room: Room | undefined;
  /** That the room counts. */
  #bytes = 0;
  /** Who it is, is being found out. */
  #asking = false;

  constructor(arriving: Arriving, identify: () => Principal | Promise<Principal>) {
    this.#arriving = arriving;
    this.#identify = identify;
  }

  /** So much is held now. Throws `overloaded` where there is no room for more; it counts all the same, until it is let go. */
  hold(bytes: number): void {
    const counted = bytes > UNCOUNTED ? bytes : 0;
    const more = counted - this.#bytes;
    if (more === 0) return;
    this.#room ??= this.#find();
    this.#room.bytes += more;
    this.#bytes = counted;
    if (more > 0 && this.#room.bytes > this.#room.most && !this.#asking)
      throw new BrokerError("overloaded", "Too many large requests arrive at once");
    if (counted === 0) this.#room = undefined; // who it is may be another matter by the next time
  }

  /** A credential that takes time to look at is counted as a stranger's, and not refused, until that is known. */
  #find(): Room {
    try {
      const found = this.#identify();
      if (!(found instanceof Promise)) return this.#roomOf(found);
      this.#asking = true;
      found
        .then(
          (principal) => this.#move(this.#roomOf(principal)),
          () => {},
        )
        .finally(() => {
          this.#asking = false;
        });
    } catch {
      // The call itself will tell what is wrong.
    }
    return this.#arriving.strangers;
  }

  /** Known is who may do more than anybody may. */
  #roomOf({ scopes }: Principal): Room {
    return scopes.has("inference") ? this.#arriving.known : this.#arriving.strangers;
  }

  #move(room: Room): void {
    if (!this.#room) return;
    this.#room.bytes -= this.#bytes;
    room.bytes += this.#bytes;
    this.#room = room;
  }
}

// Client addresses with their totals and last requests. Reads one row an address, and those not summed up yet; never the
// whole log.

import type { EntryStatus, IpTotals } from "../core/ledger.ts";
import type { Sqlite } from "./sqlite.ts";

const SELECT_ADDRESSES = "SELECT * FROM usage_addresses ORDER BY last_seen DESC LIMIT ?";
const SELECT_ADDRESS = "SELECT * FROM usage_addresses WHERE ip = ?";
const SELECT_NOT_FOLDED = `SELECT ip, count(*) AS requests, sum(status IN ('error', 'interrupted')) AS errors,
  min(started_at) AS first_seen, max(finished_at) AS last_seen FROM request_logs
  WHERE id > (SELECT folded_id FROM usage_mark) GROUP BY +ip`; // by id: without the plus it reads the whole index by ip
const SELECT_RECENT = `SELECT request_id AS requestId, started_at AS started, finished_at AS finished, model, status
  FROM request_logs WHERE ip = ? ORDER BY id DESC LIMIT 10`;

interface Address {
  readonly ip: string;
  readonly requests: number;
  readonly errors: number;
  readonly first_seen: string;
  readonly last_seen: string;
}

interface Recent {
  readonly requestId: string;
  readonly started: string;
  readonly finished: string;
  readonly model: string;
  readonly status: EntryStatus;
}

export class Addresses {
  readonly #selectAddress;
  readonly #selectRecent;
  readonly #list: (limit: number) => Address[];

  constructor(db: Sqlite) {
    const selectAddresses = db.prepare(SELECT_ADDRESSES);
    const selectNotFolded = db.prepare(SELECT_NOT_FOLDED);
    this.#selectAddress = db.prepare(SELECT_ADDRESS);
    this.#selectRecent = db.prepare(SELECT_RECENT);
    this.#list = db.transaction((limit: number) =>
      this.#merge(selectAddresses.all(limit) as Address[], selectNotFolded.all() as Address[])
        .sort((a, b) => (a.last_seen > b.last_seen ? -1 : 1))
        .slice(0, limit),
    );
  }

  /** Newest first; `inFlight` is filled in by the caller. */
  list(limit: number): IpTotals[] {
    return this.#list(limit).map(({ ip, requests, errors, first_seen, last_seen }) => ({
      ip,
      requests,
      errors,
      firstSeen: Date.parse(first_seen),
      lastSeen: Date.parse(last_seen),
      inFlight: 0,
      recent: (this.#selectRecent.all(ip) as Recent[]).map(({ started, finished, ...row }) => ({
        ...row,
        startedAt: Date.parse(started),
        finishedAt: Date.parse(finished),
      })),
    }));
  }

  #merge(folded: readonly Address[], notFolded: readonly Address[]): Address[] {
    const merged = new Map(folded.map((address) => [address.ip, address]));
    for (const { ip, ...more } of notFolded) {
      const before = merged.get(ip) ?? (this.#selectAddress.get(ip) as Address | undefined);
      merged.set(ip, before ? sum(before, { ip, ...more }) : { ip, ...more });
    }
    return [...merged.values()];
  }
}

function sum(a: Address, b: Address): Address {
  return {
    ip: a.ip,
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    first_seen: a.first_seen < b.first_seen ? a.first_seen : b.first_seen,
    last_seen: a.last_seen > b.last_seen ? a.last_seen : b.last_seen,
  };
}

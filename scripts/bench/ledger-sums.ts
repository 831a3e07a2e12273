// The sums of the rows that ledger-fill.ts makes, counted in plain arrays while it makes them: summing ten million rows
// the broker's way would take longer than all else together.

import type { Sqlite } from "../../src/store/sqlite.ts";
import {
  ADDRESSES,
  addressName,
  INPUT,
  KEYS,
  keyName,
  modelOf,
  NOT_FOLDED,
  OUTPUT,
  providerOf,
  SERVED,
} from "./ledger-names.ts";

const HOURS_KEPT = 32 * 24;

interface Made {
  readonly id: number;
  readonly at: string;
  /** Since the first day. */
  readonly hour: number;
  readonly key: number;
  readonly address: number;
  readonly served: number;
  readonly error: number;
  readonly cost: number;
}

type Add = (cell: number, requests: number, errors: number, cost: number) => void;

/** Requests, errors and cost of each cell. */
class Cells {
  readonly #requests: Float64Array;
  readonly #errors: Float64Array;
  readonly #cost: Float64Array;

  constructor(size: number) {
    this.#requests = new Float64Array(size);
    this.#errors = new Float64Array(size);
    this.#cost = new Float64Array(size);
  }

  readonly add: Add = (cell, requests, errors, cost) => {
    this.#requests[cell] = (this.#requests[cell] ?? 0) + requests;
    this.#errors[cell] = (this.#errors[cell] ?? 0) + errors;
    this.#cost[cell] = (this.#cost[cell] ?? 0) + cost;
  };

  forEach(take: Add): void {
    for (const [cell, requests] of this.#requests.entries()) {
      if (requests > 0) take(cell, requests, this.#errors[cell] ?? 0, this.#cost[cell] ?? 0);
    }
  }
}

export class LedgerSums {
  readonly #days: readonly string[];
  readonly #byAddress: Cells;
  readonly #byKey: Cells;
  readonly #byHour: Cells;
  readonly #ids = new Map<string, { first: number; last: number }>();
  readonly #seen = new Map<number, { requests: number; errors: number; first: string; last: string }>();

  constructor(days: readonly string[]) {
    this.#days = days;
    this.#byAddress = new Cells(days.length * ADDRESSES * SERVED);
    this.#byKey = new Cells(days.length * KEYS * SERVED);
    this.#byHour = new Cells(days.length * 24 * KEYS);
  }

  add({ id, at, hour, key, address, served, error, cost }: Made): void {
    const day = Math.floor(hour / 24);
    this.#byAddress.add((day * ADDRESSES + address) * SERVED + served, 1, error, cost);
    this.#byKey.add((day * KEYS + key) * SERVED + served, 1, error, cost);
    this.#byHour.add(hour * KEYS + key, 1, error, cost);
    const name = this.#days[day] ?? "";
    const ids = this.#ids.get(name);
    if (ids) ids.last = id;
    else this.#ids.set(name, { first: id, last: id });
    const seen = this.#seen.get(address);
    if (!seen) this.#seen.set(address, { requests: 1, errors: error, first: at, last: at });
    else {
      seen.requests++;
      seen.errors += error;
      seen.last = at;
    }
  }

  write(db: Sqlite): void {
    const insert = db.prepare("INSERT INTO usage_rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const rollups = new Map<string, Parameters<Add>>();
    const add = (name: readonly string[], requests: number, errors: number, cost: number): void => {
      const sums = rollups.get(name.join("\n")) ?? [0, 0, 0, 0];
      rollups.set(name.join("\n"), [0, sums[1] + requests, sums[2] + errors, sums[3] + cost]);
    };
    this.#byAddress.forEach((cell, ...sums) => {
      const [value, day] = [addressName(Math.floor(cell / SERVED) % ADDRESSES), Math.floor(cell / SERVED / ADDRESSES)];
      const served = [modelOf(cell % SERVED), providerOf(cell % SERVED)];
      for (const span of this.#spans(day)) {
        add(["all", span, "", "", ""], ...sums);
        add(["ip", span, value, "", ""], ...sums);
        add(["model", span, "", ...served], ...sums);
      }
      add(["ip_model", `day ${this.#days[day]}`, value, ...served], ...sums);
    });
    this.#byKey.forEach((cell, ...sums) => {
      const [value, day] = [keyName(Math.floor(cell / SERVED) % KEYS), Math.floor(cell / SERVED / KEYS)];
      for (const span of this.#spans(day)) add(["key", span, value, "", ""], ...sums);
      add(["key_model", `day ${this.#days[day]}`, value, modelOf(cell % SERVED), providerOf(cell % SERVED)], ...sums);
    });
    this.#byHour.forEach((cell, ...sums) => {
      const hour = Math.floor(cell / KEYS);
      if (hour < this.#days.length * 24 - HOURS_KEPT) return;
      const span = `hour ${this.#days[Math.floor(hour / 24)]}T${String(hour % 24).padStart(2, "0")}`;
      add(["all", span, "", "", ""], ...sums);
      add(["key", span, keyName(cell % KEYS), "", ""], ...sums);
    });
    for (const name of [...rollups.keys()].sort()) {
      const [, requests, errors, cost] = rollups.get(name) ?? [0, 0, 0, 0];
      insert.run(...name.split("\n"), requests, errors, requests * INPUT, 0, requests * OUTPUT, cost);
    }
    this.#writeOthers(db);
  }

  #spans(day: number): string[] {
    const name = this.#days[day] ?? "";
    return [`day ${name}`, `month ${name.slice(0, 7)}`];
  }

  #writeOthers(db: Sqlite): void {
    const days = db.prepare("INSERT INTO usage_days VALUES (?, ?, ?)");
    for (const [day, { first, last }] of this.#ids) days.run(day, first, last);
    const addresses = db.prepare("INSERT INTO usage_addresses VALUES (?, ?, ?, ?, ?)");
    for (const [n, seen] of this.#seen)
      addresses.run(addressName(n), seen.requests, seen.errors, seen.first, seen.last);
    db.exec(`UPDATE usage_mark SET folded_id = (SELECT max(id) - ${NOT_FOLDED} FROM request_logs)`);
  }
}

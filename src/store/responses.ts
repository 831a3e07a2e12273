// Kept responses on SQLite, in the same file as the request log: one transaction log, one backup, one mode 0600.

import { setImmediate as nextTurn } from "node:timers/promises";
import { DAY_MS } from "../core/budget.ts";
import { BrokerError } from "../core/errors.ts";
import {
  MAX_CHAIN,
  MAX_CHAIN_CHARS,
  MAX_RESPONSE_CHARS,
  type NewResponse,
  type Reader,
  type ResponseStore,
  responseNotFound,
} from "../core/response-store.ts";
import type { Item } from "../core/responses/items.ts";
import type { Response } from "../generated/types.ts";
import { type Sqlite, stored } from "./sqlite.ts";

/** Rows can be large, so few. */
const ROWS_A_TURN = 20;

interface Row {
  readonly owner: string;
  readonly previous_id: string | null;
  readonly response: string;
  readonly input: string;
}

export interface ResponsesDeps {
  readonly db: Sqlite;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Days for which a response is kept; 0: none is. */
  readonly days: number;
}

export function createResponses(deps: ResponsesDeps): ResponseStore {
  return new SqliteResponses(deps);
}

class SqliteResponses implements ResponseStore {
  readonly #deps: ResponsesDeps;
  readonly #select;
  readonly #insert;
  readonly #delete;
  readonly #deleteOld;
  readonly #chain;

  constructor(deps: ResponsesDeps) {
    const { db } = deps;
    this.#deps = deps;
    this.#select = db.prepare(
      "SELECT owner, previous_id, response, input FROM responses WHERE id = ? AND expires_at > ?",
    );
    this.#insert = db.prepare(`INSERT INTO responses (id, owner, previous_id, created_at, expires_at, response, input)
      VALUES (@id, @owner, @previous, @now, @expires, @response, @input)`);
    this.#delete = db.prepare(
      "DELETE FROM responses WHERE id = @id AND expires_at > @now AND (@reader IS NULL OR owner = @reader)",
    );
    this.#deleteOld = db.prepare(`DELETE FROM responses WHERE rowid IN
      (SELECT rowid FROM responses WHERE expires_at <= ? ORDER BY expires_at LIMIT ${ROWS_A_TURN})`);
    this.#chain = db.transaction((id: string, reader: Reader) => this.#collect(id, reader));
  }

  put({ owner, response, input }: NewResponse): boolean {
    if (this.#deps.days === 0) return false;
    const asked = JSON.stringify(input);
    const text = asked.length > MAX_RESPONSE_CHARS ? asked : JSON.stringify(response);
    if (text.length + asked.length > MAX_RESPONSE_CHARS) return false;
    const now = this.#deps.now();
    const { id, previous_response_id: previous = null } = response;
    stored(() =>
      this.#insert.run({
        ...{ id, owner, previous, now },
        expires: now + this.#deps.days * DAY_MS,
        response: text,
        input: asked,
      }),
    );
    return true;
  }

  get(id: string, reader: Reader): Response {
    return stored(() => JSON.parse(this.#row(id, reader, "response_id").response));
  }

  asked(id: string, reader: Reader): { input: readonly Item[]; previous: string | undefined } {
    return stored(() => {
      const { input, previous_id } = this.#row(id, reader, "response_id");
      return { input: JSON.parse(input), previous: previous_id ?? undefined };
    });
  }

  chain(id: string, reader: Reader): readonly Item[] {
    return stored(() => this.#chain(id, reader));
  }

  delete(id: string, reader: Reader): void {
    const { changes } = stored(() => this.#delete.run({ id, reader: reader ?? null, now: this.#deps.now() }));
    if (changes === 0) throw responseNotFound(id, "response_id");
  }

  async sweep(): Promise<number> {
    let count = 0;
    while (this.#deps.db.open) {
      const { changes } = this.#deleteOld.run(this.#deps.now());
      count += changes;
      if (changes < ROWS_A_TURN) break;
      await nextTurn();
    }
    return count;
  }

  #collect(id: string, reader: Reader): Item[] {
    const turns: Item[][] = [];
    let chars = 0;
    for (let at: string | null = id; at !== null; ) {
      const row = this.#row(at, reader, "previous_response_id");
      chars += row.response.length + row.input.length;
      if (turns.length === MAX_CHAIN || chars > MAX_CHAIN_CHARS) throw tooLong();
      turns.push([...JSON.parse(row.input), ...(JSON.parse(row.response) as Response).output]);
      at = row.previous_id;
    }
    return turns.reverse().flat();
  }

  #row(id: string, reader: Reader, param: string): Row {
    const row = this.#select.get(id, this.#deps.now()) as Row | undefined;
    if (row && (reader === undefined || row.owner === reader)) return row;
    throw responseNotFound(id, param);
  }
}

function tooLong(): BrokerError {
  const most = `${MAX_CHAIN} responses or ${MAX_CHAIN_CHARS / 1024 / 1024} MiB`;
  const message = `/previous_response_id: the conversation has more than ${most}: begin a new one with a summary`;
  return new BrokerError("invalid_params", message, { param: "/previous_response_id" });
}

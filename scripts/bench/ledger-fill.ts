// A request log of any size, made fast: rows in one transaction without indexes, sums counted beside them and written at
// the end. What comes out is what the broker would have written, and the bench checks that before it measures.

import { openSqlite, type Sqlite } from "../../src/store/sqlite.ts";
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
import { LedgerSums } from "./ledger-sums.ts";

const DAYS = 90;
const DAY_MS = 86_400_000;

const INSERT = `INSERT INTO request_logs (started_at, finished_at, duration_ms, ttft_ms, ip, key_id, method, model,
  model_served, provider, model_id, provider_key, stream, input_tokens, cached_input_tokens, cache_write_tokens,
  cache_write_1h_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, cost_nano_usd,
  usage_source, attempts, status, request_id) VALUES (?, ?, 900, 250, ?, ?, 'chat.completions.create', 'auto', ?, ?, 'm',
  'k-0', 0, ${INPUT}, 0, 0, 0, 0, ${OUTPUT}, 0, 0, ?, 'provider', 1, ?, ?)`;

/** Rows spread over the last 90 days before `now`, keys, addresses and models at random. */
export function fill(path: string, rows: number, now: number): Sqlite {
  const db = openSqlite(path);
  db.pragma("synchronous = OFF");
  const indexes = db
    .prepare("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'request_logs' AND type = 'index'")
    .all();
  for (const { name } of indexes as { name: string }[]) db.exec(`DROP INDEX ${name}`);
  db.transaction(() => {
    const first = Math.floor(now / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
    const days = Array.from({ length: DAYS }, (_, day) => new Date(first + day * DAY_MS).toISOString().slice(0, 10));
    const sums = new LedgerSums(days);
    writeRows(db, days, rows, (now - first) / rows, sums);
    sums.write(db);
    for (const { sql } of indexes as { sql: string }[]) db.exec(sql);
  })();
  db.pragma("synchronous = NORMAL");
  db.pragma("wal_checkpoint(TRUNCATE)");
  return db;
}

function writeRows(db: Sqlite, days: readonly string[], rows: number, step: number, sums: LedgerSums): void {
  const insert = db.prepare(INSERT);
  for (let id = 1; id <= rows; id++) {
    const time = Math.floor((id - 1) * step);
    const day = Math.floor(time / DAY_MS);
    const [key, address, served] = [random(KEYS), random(ADDRESSES), random(SERVED)];
    const [cost, error] = [1_000_000 + random(1_000_000), random(50) === 0 ? 1 : 0];
    const at = isoOf(days[day] ?? "", time - day * DAY_MS);
    const status = error === 1 ? "error" : "ok";
    insert.run(
      at,
      at,
      addressName(address),
      keyName(key),
      modelOf(served),
      providerOf(served),
      cost,
      status,
      `req_${id}`,
    );
    if (id <= rows - NOT_FOLDED)
      sums.add({ id, at, hour: Math.floor(time / 3_600_000), key, address, served, error, cost });
  }
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function isoOf(day: string, ms: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hour, minute, second] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${day}T${two(hour)}:${two(minute)}:${two(second)}.${String(ms % 1000).padStart(3, "0")}Z`;
}

-- Sums of rows, so that budgets and reports read few rows however many there are. A row with an id up to `folded_id` is
-- summed up in the rollups, a row after it is not: rollups and mark move in one transaction. The rows that are here
-- already are summed up at the next start, some thousands at a time.
ALTER TABLE request_logs ADD COLUMN price_known INTEGER NOT NULL DEFAULT 1; -- 0: the cost of 0 is none

CREATE TABLE usage_rollups (
  dimension TEXT NOT NULL,                        -- all, ip, key, model; ip_model, key_model (by day alone)
  span TEXT NOT NULL,                             -- in which rows finished, UTC: `day 2026-11-21`, `month 2026-11`, and
                                                  -- for `all` and `key` also `hour 2026-11-21T08`
  value TEXT NOT NULL,                            -- the address or key; empty for calls without one, and for all
  model TEXT NOT NULL,                            -- as served, and by whom; empty where it is not told apart
  provider TEXT NOT NULL,
  requests INTEGER NOT NULL,
  errors INTEGER NOT NULL,                        -- failed or interrupted
  input_tokens INTEGER NOT NULL,                  -- of every kind
  cached_input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,                 -- of every kind
  cost_nano_usd INTEGER NOT NULL,
  PRIMARY KEY (dimension, span, value, model, provider)
) STRICT, WITHOUT ROWID;

-- Where the rows are that finished on a day, clocks that jumped included.
CREATE TABLE usage_days (
  day TEXT PRIMARY KEY,                           -- `2026-11-21`
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_addresses (
  ip TEXT PRIMARY KEY,
  requests INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  first_seen TEXT NOT NULL,                       -- the earliest start
  last_seen TEXT NOT NULL                         -- the latest end
) STRICT, WITHOUT ROWID;

-- One row.
CREATE TABLE usage_mark (
  folded_id INTEGER NOT NULL,
  removed_before TEXT NOT NULL                    -- rows that finished before may be removed already
) STRICT;
INSERT INTO usage_mark VALUES (0, '');

CREATE INDEX request_logs_by_key ON request_logs (key_id, id) WHERE key_id IS NOT NULL;
CREATE INDEX request_logs_by_fault ON request_logs (status, id) WHERE status <> 'ok';

-- One row per billable call. Written once, never updated: totals are sums of rows.
CREATE TABLE request_logs (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,                       -- ISO 8601, UTC, milliseconds
  finished_at TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  ttft_ms INTEGER,                                -- time to the first byte of the answer
  ip TEXT NOT NULL,
  key_id TEXT,
  method TEXT NOT NULL,
  model TEXT NOT NULL,                            -- as asked
  model_served TEXT,
  provider TEXT,
  model_id TEXT,                                  -- the model's name at the provider
  provider_key TEXT,                              -- label of the key, not the key
  stream INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,                  -- uncached
  cached_input_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  cache_write_1h_tokens INTEGER NOT NULL,
  audio_input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,                 -- text
  reasoning_tokens INTEGER NOT NULL,
  audio_output_tokens INTEGER NOT NULL,
  audio_seconds REAL,
  characters INTEGER,
  cost_nano_usd INTEGER NOT NULL,
  usage_source TEXT NOT NULL,                     -- provider, estimated or none
  attempts INTEGER NOT NULL,
  status TEXT NOT NULL,                           -- ok, error, cancelled or interrupted
  error_kind TEXT,
  request_id TEXT NOT NULL,
  parent_id TEXT
) STRICT;

CREATE INDEX request_logs_by_ip ON request_logs (ip, id);

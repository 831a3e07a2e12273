-- Keys that the broker issued. No secrets, only their SHA-256 in hex; no counters, so that no write undoes a revocation.
-- Rows are never deleted. Times are Unix milliseconds; lists and settings are JSON, NULL where everything is allowed.
CREATE TABLE keys (
  seq INTEGER PRIMARY KEY,                        -- in the order of making
  version INTEGER NOT NULL UNIQUE,                -- of all keys together: the newest change has the highest
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  last4 TEXT NOT NULL,                            -- of the newest secret
  digest TEXT NOT NULL UNIQUE,
  previous_digest TEXT UNIQUE,                    -- of the secret before the last rotation
  previous_valid_until INTEGER,
  models TEXT CHECK (json_valid(models)),
  tools TEXT CHECK (json_valid(tools)),
  budgets TEXT NOT NULL CHECK (json_valid(budgets)),
  limits TEXT NOT NULL CHECK (json_valid(limits)),
  labels TEXT NOT NULL CHECK (json_valid(labels)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  rotated_at INTEGER
) STRICT;

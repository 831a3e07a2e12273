-- Responses that callers go on from. Rows are never changed. Times are Unix milliseconds.
CREATE TABLE responses (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,                            -- id of a key, `jwt:` and a subject, `admin`, or `ip:` and an address
  previous_id TEXT,                               -- of the response that it went on from; that may be gone
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  response TEXT NOT NULL,                         -- JSON, as it was answered
  input TEXT NOT NULL                             -- JSON, the items that it was asked
) STRICT;

CREATE INDEX responses_by_expiry ON responses (expires_at);

-- The answer to each command, by the key its device gave it: sending a command again gives the same answer.
CREATE TABLE idempotency_keys (
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  key          text NOT NULL CHECK (char_length(key) BETWEEN 8 AND 80),
  request_hash bytea NOT NULL,                 -- sha256 of method, path and body
  status       integer NOT NULL,
  body         jsonb NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);

-- A person. A placeholder has no email and no password: the importer makes one for each writer it does not know.
CREATE TABLE users (
  id            uuid PRIMARY KEY,
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
  about         text NOT NULL DEFAULT '' CHECK (char_length(about) <= 300),
  email         text,                       -- as typed; unique without regard to case
  password_hash text,                       -- bcrypt
  placeholder   boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now(),
  xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CHECK (placeholder OR (email IS NOT NULL AND password_hash IS NOT NULL))
);
CREATE UNIQUE INDEX users_email ON users (lower(email));
CREATE INDEX users_xid ON users (xid);
CREATE INDEX users_name ON users (lower(name) text_pattern_ops);

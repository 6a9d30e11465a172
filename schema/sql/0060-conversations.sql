CREATE TABLE conversations (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('direct', 'group', 'self')),
  title      text NOT NULL DEFAULT '' CHECK (char_length(title) <= 120), -- groups only; a direct one is named by the other person
  created_by uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),                 -- of the last relational change
  head_seq   bigint NOT NULL DEFAULT 0,                                  -- the last seq given out: gapless, in commit order
  head_xid   xid8 NOT NULL DEFAULT pg_current_xact_id()                  -- of the last commit of updates
) WITH (fillfactor = 50);                                                -- head_seq moves with each message: leave room for HOT
CREATE INDEX conversations_xid ON conversations (xid);

CREATE TABLE memberships (
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  user_id         uuid NOT NULL REFERENCES users,
  role            text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  joined_at       timestamptz NOT NULL DEFAULT now(),
  joined_seq      bigint NOT NULL DEFAULT 0,           -- what came before is never unread
  left_at         timestamptz,                         -- null while a member
  delivered_seq   bigint NOT NULL DEFAULT 0,
  read_seq        bigint NOT NULL DEFAULT 0,           -- everything up to here is read
  read_above      jsonb NOT NULL DEFAULT '{}',         -- above it, per "segment/replica": the highest clock read
  xid             xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id, conversation_id);
-- "Who of this conversation moved since?" is asked for each conversation of a user, so that its cost does not follow what changed elsewhere.
CREATE INDEX memberships_xid ON memberships (conversation_id, xid);

-- The update log. A row leaves only into a snapshot that was proved to hold it, or into quarantine.
-- Only commit_updates writes here and into replica_clocks, holding the conversation's row. So neither has a foreign key (a look-up for
-- each row, measured as a third of the commit), nor is there a unique index on (conversation, segment, replica, clock): that a place is
-- taken once follows from replica_clocks, and the index cost 100 bytes of WAL a message (decision 0002).
CREATE TABLE updates (
  conversation_id uuid NOT NULL,
  seq             bigint NOT NULL,
  segment         text NOT NULL,               -- yyyy-mm
  replica         bigint,                      -- null: a deletion the relay wrote itself
  clock_from      integer,
  clock_count     integer NOT NULL,            -- how many events the update adds; 0 for a deletion
  bytes           bytea NOT NULL,              -- the Yjs update, as it came
  committed_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, seq)
);
ALTER TABLE updates ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The next clock of each replica in each segment: what the next update must begin with.
CREATE TABLE replica_clocks (
  conversation_id uuid NOT NULL,
  segment         text NOT NULL,
  replica         bigint NOT NULL,
  next_clock      integer NOT NULL,
  PRIMARY KEY (conversation_id, segment, replica)
) WITH (fillfactor = 50);

-- One segment merged up to a seq; body is a gzipped SegmentBundle (schema/segment/segment-bundle.ts).
CREATE TABLE snapshots (
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  segment         text NOT NULL,
  through_seq     bigint NOT NULL,
  event_count     integer NOT NULL,
  body            bytea NOT NULL,
  made_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, segment)
);
ALTER TABLE snapshots ALTER COLUMN body SET STORAGE EXTERNAL;

-- Rows that could not be merged: kept whole, alone, with the reason, for a person to look at.
CREATE TABLE quarantine (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation_id uuid NOT NULL,
  seq             bigint NOT NULL,
  segment         text NOT NULL,
  replica         bigint,
  clock_from      integer,
  bytes           bytea NOT NULL,
  reason          text NOT NULL,
  at              timestamptz NOT NULL DEFAULT now()
);

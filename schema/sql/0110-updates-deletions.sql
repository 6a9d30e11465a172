-- Finds the segments whose deletions are not merged yet without reading the log: there are few of these rows, and never for long.
CREATE INDEX updates_deletions ON updates (committed_at, conversation_id, segment) WHERE replica IS NULL;

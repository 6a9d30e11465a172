-- Whether a snapshot holds a deletion for everyone: only then an edit beyond it may be of a message that is gone, and has to be merged soon.
-- Of those made before nobody knows, so they count as if they did.
ALTER TABLE snapshots ADD COLUMN deletions boolean NOT NULL DEFAULT true;

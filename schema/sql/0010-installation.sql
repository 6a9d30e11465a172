-- One row: the identity of this database. Every cursor a device keeps names the epoch it belongs to.
-- system_identifier is compared at each start: after a dump was restored into another cluster,
-- transaction ids begin anew and every cursor of a device is void, so the epoch changes.
CREATE TABLE installation (
  only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch             uuid   NOT NULL DEFAULT gen_random_uuid(),
  system_identifier bigint NOT NULL
);
INSERT INTO installation (system_identifier) SELECT system_identifier FROM pg_control_system();

-- A Yjs clientID and whom it was granted to. Never granted twice, never deleted.
CREATE SEQUENCE replica_ids AS bigint MINVALUE 1 MAXVALUE 4294967295;
CREATE TABLE replicas (
  replica    bigint PRIMARY KEY CHECK (replica BETWEEN 1 AND 4294967295),
  user_id    uuid NOT NULL REFERENCES users,
  device_id  uuid REFERENCES devices ON DELETE SET NULL,
  granted_by text NOT NULL CHECK (granted_by IN ('block', 'first-use', 'import')),
  granted_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
CREATE INDEX replicas_device ON replicas (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX replicas_first_use ON replicas (user_id, granted_at) WHERE granted_by = 'first-use';

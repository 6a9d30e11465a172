/**
 * The version of the protocol on `/socket`. A test hashes the frames' schemas, so that none changes without a new number.
 *
 * History
 * 1  the first: hello, push, pull, receipt, more-replicas, heartbeat / welcome, changes, ack, nack, delta, replicas, heartbeat
 */
export const PROTOCOL_VERSION = 1;

/** The oldest version this program still speaks. */
export const OLDEST_PROTOCOL_VERSION = 1;

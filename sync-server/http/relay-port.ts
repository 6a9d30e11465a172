import type { Relay } from '../relay/relay.ts';

/** What the acts of HTTP tell the relay, each after its transaction was committed, never before (R4). */
export type RelayPort = Pick<Relay, 'relationalChange' | 'endDevice' | 'endSession' | 'dropMember'>;

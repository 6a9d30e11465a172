/**
 * Replicas for what is written while no granted one is to be had: on a device that has never reached the relay yet, or with more
 * tabs open offline than replicas were granted. Their numbers are the highest there are, which the server's sequence does
 * not reach; they never leave the device. What was written under one is written again under a granted replica as soon as there
 * is one, the way P3 does it.
 */
import type { ReplicaId } from '#schema/ids.ts';

const FIRST = 0xffff_0000;
const COUNT = 0x1_0000;

export function provisionalReplica(random: () => number): ReplicaId {
  return (FIRST + Math.floor(random() * COUNT)) as ReplicaId;
}

export function isProvisional(replica: ReplicaId): boolean {
  return replica >= FIRST;
}

import * as z from 'zod';
import { DeviceId, ReplicaId } from '../ids.ts';

/** The first frame of a device. `since` is the cursor of the last `changes` it stored, with the epoch it belongs to; null for all. */
export const Hello = z.object({
  type: z.literal('hello'),
  protocol: z.number().int().min(1),
  device: DeviceId,
  epoch: z.string().max(36).nullable(),
  since: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  /** How many replicas the device wants granted, because it has too few for its tabs; 0 when it has enough. */
  replicasWanted: z.number().int().min(0).max(64),
  /** Replicas the device found to be unusable: the server never takes anything from them again. */
  retired: z.array(ReplicaId).max(64),
});
export type Hello = z.infer<typeof Hello>;

/**
 * The relay's answer. `epoch` other than the device's: its cursor is void and `changes` begins anew.
 * `serverTime` in ms corrects the device's hybrid clock.
 */
export const Welcome = z.object({
  type: z.literal('welcome'),
  protocol: z.number().int(),
  epoch: z.string(),
  serverTime: z.number(),
  /** Newly granted replicas. */
  replicas: z.array(ReplicaId),
});
export type Welcome = z.infer<typeof Welcome>;

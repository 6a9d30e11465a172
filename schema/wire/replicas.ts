import * as z from 'zod';
import { ReplicaId } from '../ids.ts';

/** The device needs more replicas: more tabs are open, or one was retired. */
export const MoreReplicas = z.object({
  type: z.literal('more-replicas'),
  count: z.number().int().min(1).max(64),
  retired: z.array(ReplicaId).max(64),
});
export type MoreReplicas = z.infer<typeof MoreReplicas>;

/** Newly granted replicas. */
export const Replicas = z.object({ type: z.literal('replicas'), replicas: z.array(ReplicaId) });
export type Replicas = z.infer<typeof Replicas>;

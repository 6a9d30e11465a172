import * as z from 'zod';

/** Nothing to say. Any frame is a sign of life; this one is sent when there is no other. A relay answers it with one. */
export const Heartbeat = z.object({ type: z.literal('heartbeat') });
export type Heartbeat = z.infer<typeof Heartbeat>;

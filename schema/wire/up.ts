/** The frames a device sends, with their numbers on the wire. A number is never used again for something else. */
import { Pull } from './delta.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hello } from './hello.ts';
import { Push } from './push.ts';
import { Receipt } from './receipt.ts';
import { MoreReplicas } from './replicas.ts';

export const UP = { 0: Heartbeat, 1: Hello, 2: Push, 3: Pull, 4: Receipt, 5: MoreReplicas } as const;

export type UpFrame = Heartbeat | Hello | Push | Pull | Receipt | MoreReplicas;

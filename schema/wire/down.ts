/** The frames the relay sends, with their numbers on the wire. A number is never used again for something else. */
import { Changes } from './changes.ts';
import { Delta } from './delta.ts';
import { Heartbeat } from './heartbeat.ts';
import { Welcome } from './hello.ts';
import { Ack, Nack } from './push.ts';
import { Replicas } from './replicas.ts';

export const DOWN = { 64: Heartbeat, 65: Welcome, 66: Changes, 67: Ack, 68: Nack, 69: Delta, 70: Replicas } as const;

export type DownFrame = Heartbeat | Welcome | Changes | Ack | Nack | Delta | Replicas;

/** What a connection costs that says nothing. */
import type { Connection, Peer } from './peer.ts';

/** Connections opened to measure one, after those that warm pools and code up. */
const MEASURED = 1_000;
const WARM = 100;
/** Connections that must be possible. */
export const IDLE_CONNECTIONS = WARM + MEASURED;

/**
 * Bytes in use, of heap and of buffers, that a connection adds to a server. Not resident memory: what a collector has not given back
 * differs from run to run by more than a thousand connections hold.
 */
export async function idleBytes(
  { memory }: Pick<Peer, 'memory'>,
  connect: (n: number) => Promise<Pick<Connection, 'close'>>,
): Promise<number> {
  const open: Pick<Connection, 'close'>[] = [];
  for (let i = 0; i < WARM; i++) open.push(await connect(i));
  const before = await settled(memory);
  for (let i = WARM; i < IDLE_CONNECTIONS; i++) open.push(await connect(i));
  const after = await settled(memory);
  for (const connection of open) connection.close();
  return (after - before) / MEASURED;
}

/** The bytes in use once they have not changed by more than 1 % for a second; after 10 s what they are then. */
async function settled(memory: Peer['memory']): Promise<number> {
  let last = await memory();
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = await memory();
    if (Math.abs(now - last) < last * 0.01) return now;
    last = now;
  }
  return last;
}

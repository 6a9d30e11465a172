/** What a connection costs that says nothing. */
import { residentBytes } from '../process-usage.ts';
import type { Connection } from './peer.ts';

/** Connections opened to measure one. */
export const IDLE_CONNECTIONS = 1_000;

/**
 * Bytes of resident memory a connection adds to a server: opens a first hundred (so that pools and code are warm), then a thousand, and
 * compares.
 */
export async function idleBytes(
  pid: number,
  connect: (n: number) => Promise<Pick<Connection, 'close'>>,
): Promise<number> {
  const open: Pick<Connection, 'close'>[] = [];
  for (let i = 0; i < 100; i++) open.push(await connect(i));
  await settled(pid);
  const before = residentBytes(pid);
  for (let i = 100; i < 100 + IDLE_CONNECTIONS; i++) open.push(await connect(i));
  await settled(pid);
  const after = residentBytes(pid);
  for (const connection of open) connection.close();
  return (after - before) / IDLE_CONNECTIONS;
}

/** Resolves when a process's memory has not changed by more than 1 % for a second, after 10 s at the latest. */
async function settled(pid: number): Promise<void> {
  let last = residentBytes(pid);
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = residentBytes(pid);
    if (Math.abs(now - last) < last * 0.01) return;
    last = now;
  }
}

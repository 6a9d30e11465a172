import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { connectDevice } from '../bench-device.ts';
import { startChild, type ChildServer } from '../child-server.ts';
import { makeGroup, makeMembers } from '../make-crowd.ts';
import { CONVERSATIONS, MEMBERS, numberBefore, textOf, type Peer } from '../peer.ts';

/** Signs the cookies of the bench's sessions. */
export const BENCH_SECRET = 'a secret for measuring only, nobody signs in with it';

/** The server of this repository on a migrated database. */
export async function startServer(databaseUrl: string): Promise<ChildServer & { end(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chatsync-bench-'));
  const main = new URL('../../../../sync-server/main.ts', import.meta.url).pathname;
  const server = await startChild(main, [], {
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: BENCH_SECRET,
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
  });
  return {
    ...server,
    async end() {
      server.kill('SIGTERM');
      await server.gone;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** ChatSync+: one socket a device, each message committed before it is acknowledged and passed on. */
export async function startOurs(databaseUrl: string, pool: pg.Pool): Promise<Peer & { readonly port: number }> {
  const server = await startServer(databaseUrl);
  const members = await makeMembers(pool, CONVERSATIONS * MEMBERS, BENCH_SECRET);
  const groups = await Promise.all(
    Array.from({ length: CONVERSATIONS }, (_, i) =>
      makeGroup(
        pool,
        members.slice(i * MEMBERS, (i + 1) * MEMBERS).map(({ user }) => user),
      ),
    ),
  );
  return {
    name: 'ChatSync+',
    durable: true,
    memory: server.memory,
    port: server.port,
    async connect(conversation, member, seen) {
      const who = members[conversation * MEMBERS + member];
      const group = groups[conversation];
      if (!who || !group) throw new Error('no such member');
      const device = await connectDevice(server.port, who, null, {
        onUpdate: (update) => seen(numberBefore(update, update.length - 1)),
      });
      return { send: (message) => device.send(group, textOf(message)), received: device.received, close: device.close };
    },
    close: server.end,
  };
}

/** The server killed with -9 under load: what was acknowledged must be in the database. */
import type pg from 'pg';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { connectDevice } from './bench-device.ts';
import { makeGroup, makeMembers } from './make-crowd.ts';
import { BENCH_SECRET, startServer } from './peers/ours.ts';
import { textOf } from './peer.ts';

/** Acknowledged messages of all rounds, and how many of them are gone. */
export interface KillResult {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly gone: number;
}

/** Each round: a load for half a second, `kill -9` in the middle of it, and a look at what is stored. */
export async function killRounds(databaseUrl: string, pool: pg.Pool, rounds: number): Promise<KillResult> {
  let acknowledged = 0;
  let gone = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(databaseUrl);
    const [member, other] = await makeMembers(pool, 2, BENCH_SECRET);
    if (!member || !other) throw new Error('nobody to measure with');
    const group = await makeGroup(pool, [member.user, other.user]);
    const acked = new Set<number>();
    const device = await connectDevice(server.port, member, null, { onAck: (push) => acked.add(push) });
    const end = performance.now() + 500;
    for (let n = 0; performance.now() < end; n++) {
      device.send(group, textOf(n));
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    server.kill('SIGKILL');
    await server.gone;
    const { rows } = await pool.query<{ bytes: Buffer }>('SELECT bytes FROM updates WHERE conversation_id = $1', [
      group,
    ]);
    const stored = new Set<string>();
    for (const { bytes } of rows)
      for (const { value } of decodeUpdate(bytes).elements) stored.add((value as { text: string }).text);
    acknowledged += acked.size;
    for (const push of acked) if (!stored.has(textOf(push))) gone++;
  }
  return { rounds, acknowledged, gone };
}

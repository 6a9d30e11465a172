/** What one more message costs in a conversation with a long history: processor time of relay and database, and write-ahead log. */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { ConversationId } from '#schema/ids.ts';
import { processorMs } from '../process-usage.ts';
import { connectDevice } from './bench-device.ts';
import { LIMITS } from '#schema/limits.ts';
import { makeGroup, makeMembers, type CrowdMember } from './make-crowd.ts';
import { BENCH_SECRET } from './peers/ours.ts';
import { textOf } from './peer.ts';

/** Members who write the history together. */
const WRITERS = 6;
/** Messages measured, one after the other. */
const MEASURED = 400;

export interface OneMoreResult {
  readonly history: number;
  /** ms of processor time a message, relay and database together. */
  readonly processor: number;
  /** Bytes of write-ahead log a message. */
  readonly wal: number;
}

/** Fills a conversation with `history` messages through the relay, then measures the next ones. */
export async function oneMoreMessage(
  server: { port: number; pid: number },
  pool: pg.Pool,
  history: number,
): Promise<OneMoreResult> {
  const members = await makeMembers(pool, WRITERS, BENCH_SECRET);
  const group = await makeGroup(
    pool,
    members.map(({ user }) => user),
  );
  const postmaster = await postmasterOf(pool);
  const writers = await Promise.all(members.map((member) => openWriter(server.port, member, group)));
  await Promise.all(writers.map((writer) => writer.write(Math.ceil(history / WRITERS), 64)));
  const [writer] = writers;
  if (!writer) throw new Error('nobody to measure with');
  for (const other of writers.slice(1)) other.close();
  await pool.query('CHECKPOINT');
  // Each page is written whole to the log after a checkpoint: that first touch belongs to the checkpoint, not to the message.
  await writer.write(100, 1);
  const walBefore = await walPosition(pool);
  const before = processorMs(server.pid) + processorMs(postmaster, true);
  await writer.write(MEASURED, 1);
  const processor = (processorMs(server.pid) + processorMs(postmaster, true) - before) / MEASURED;
  const wal = ((await walPosition(pool)) - walBefore) / MEASURED;
  writer.close();
  return { history, processor, wal };
}

/** A device that writes messages and waits for their acks, below the sustained rate a session is allowed. */
async function openWriter(port: number, member: CrowdMember, group: ConversationId) {
  let waiting = 0;
  let wake: () => void = () => undefined;
  const device = await connectDevice(port, member, null, {
    onAck: () => {
      waiting--;
      wake();
    },
  });
  const until = async (most: number): Promise<void> => {
    while (waiting > most) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    /** Writes `count` messages with at most `inFlight` of them unanswered, and waits for the last ack. */
    async write(count: number, inFlight: number): Promise<void> {
      const start = performance.now();
      for (let i = 0; i < count; i++) {
        const aheadMs = (i / (LIMITS.updatesPerSecond * 0.9)) * 1_000 - (performance.now() - start);
        if (aheadMs > 50) await new Promise((resolve) => setTimeout(resolve, aheadMs));
        await until(inFlight - 1);
        waiting++;
        device.send(group, textOf(i));
      }
      await until(0);
    },
    close: device.close,
  };
}

async function walPosition(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ at: string }>(`SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS at`);
  return Number(rows[0]?.at ?? 0);
}

/** The process id of the database's postmaster. */
async function postmasterOf(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  return Number((await readFile(`${rows[0]?.folder ?? ''}/postmaster.pid`, 'utf8')).split('\n')[0]);
}

/** A device of 1,000 conversations comes back after ten of them changed. */
import { io } from 'socket.io-client';
import type pg from 'pg';
import { median } from '../statistics.ts';
import { connectDevice } from './bench-device.ts';
import { makeGroup, makeMembers } from './make-crowd.ts';
import { BENCH_SECRET } from './peers/ours.ts';
import { textOf } from './peer.ts';

const ALL = 1_000;
const CHANGED = 10;
const ROUNDS = 15;

export interface ReconnectResult {
  /** Median ms from opening the socket to having everything. */
  readonly ms: number;
  /** Bytes from the server. */
  readonly bytes: number;
  readonly roundTrips: number;
}

/** ChatSync+: hello with a cursor, the heads that moved, ten pulls at once. */
export async function reconnectOurs(port: number, pool: pg.Pool): Promise<ReconnectResult> {
  const [returning, writing] = await makeMembers(pool, 2, BENCH_SECRET);
  if (!returning || !writing) throw new Error('nobody to measure with');
  const groups = [];
  for (let i = 0; i < ALL; i++) groups.push(await makeGroup(pool, [returning.user, writing.user]));
  const writer = await acknowledgedWriter(port, writing);
  const heads = new Map<string, number>(groups.map((group) => [group, 0]));
  const first = await connectDevice(port, returning, null, {});
  let cursor = { epoch: first.epoch, since: first.changes.cursor };
  first.close();
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const changed = groups.slice(round * CHANGED, (round + 1) * CHANGED);
    await writer.write(changed);
    const start = performance.now();
    let left = Number.POSITIVE_INFINITY;
    let done: () => void = () => undefined;
    const complete = new Promise<void>((resolve) => (done = resolve));
    const device = await connectDevice(port, returning, cursor, {
      onDelta: (conversation, through, head) => {
        heads.set(conversation, through);
        if (through === head) left--;
        if (left === 0) done();
      },
    });
    const moved = device.changes.heads.filter(([id, head]) => (heads.get(id) ?? 0) < head);
    left = moved.length;
    for (const [id] of moved) device.pull(id, heads.get(id) ?? 0);
    if (left > 0) await complete;
    times.push(performance.now() - start);
    bytes = device.received();
    cursor = { epoch: device.epoch, since: device.changes.cursor };
    device.close();
  }
  writer.close();
  return { ms: median(times), bytes, roundTrips: 2 };
}

/** A device that writes one message to each of some conversations and waits for the acks. */
async function acknowledgedWriter(port: number, member: Parameters<typeof connectDevice>[1]) {
  let missing = 0;
  let done: () => void = () => undefined;
  const device = await connectDevice(port, member, null, {
    onAck: () => {
      if (--missing === 0) done();
    },
  });
  return {
    async write(conversations: readonly Parameters<typeof device.send>[0][]): Promise<void> {
      missing = conversations.length;
      const all = new Promise<void>((resolve) => (done = resolve));
      for (const conversation of conversations) device.send(conversation, textOf(1));
      await all;
    },
    close: device.close,
  };
}

/** The classic stack: the socket, and one request for what came after the last id, over the same ten changes. */
export async function reconnectClassic(port: number, pool: pg.Pool): Promise<ReconnectResult> {
  const from = 1_000_000;
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { rows } = await pool.query<{ last: string }>('SELECT coalesce(max(id), 0) AS last FROM classic_messages');
    const last = rows[0]?.last ?? '0';
    await pool.query(
      `INSERT INTO classic_messages (conversation, sender, text) SELECT $1 + n, 1, $2 FROM generate_series(1, $3) AS n`,
      [from + round * CHANGED, textOf(1), CHANGED],
    );
    const start = performance.now();
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], query: { room: 'x' }, forceNew: true });
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const answer = await fetch(`http://127.0.0.1:${port}/changes?since=${last}&from=${from}&to=${from + ALL}`);
    const body = await answer.text();
    times.push(performance.now() - start);
    bytes = body.length;
    socket.close();
  }
  return { ms: median(times), bytes, roundTrips: 2 };
}

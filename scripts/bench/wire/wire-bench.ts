/** The rows of the table that are measured on the wire: relay, database and peers in one run. */
import type { BenchDatabase } from '../bench-database.ts';
import { figure, OURS, type Row } from '../report.ts';
import { atRest } from '../process-usage.ts';
import { connectDevice } from './bench-device.ts';
import { freshDevice } from './fresh-device.ts';
import { fillConversation } from './fill-conversation.ts';
import { IDLE_CONNECTIONS, idleBytes } from './idle-memory.ts';
import { killRounds } from './kill-rounds.ts';
import { assemble, mostMessages, type LoadResult } from './load.ts';
import { makeMembers } from './make-crowd.ts';
import { oneMoreMessage } from './one-more-message.ts';
import type { Peer } from './peer.ts';
import { startClassic } from './peers/classic.ts';
import { startFanOut } from './peers/fan-out.ts';
import { BENCH_SECRET, startOurs, startServer } from './peers/ours.ts';
import { reconnectClassic, reconnectOurs } from './reconnect.ts';

export const FLOOR = 'bare ws fan-out';
export const CLASSIC = 'Express + socket.io + INSERT';

/** Runs every row; `log` says what is under way. `quick` takes small numbers, to see that it runs. */
export async function wireBench(database: BenchDatabase, quick: boolean, log: (line: string) => void): Promise<Row[]> {
  const seconds = quick ? 1 : 8;
  const loads = new Map<string, { steady: LoadResult; most: LoadResult; idle: number }>();
  const peers: [string, () => Promise<Peer>][] = [
    [FLOOR, startFanOut],
    [CLASSIC, () => startClassic(database.url)],
    [OURS, () => startOurs(database.url, database.pool)],
  ];
  for (const [name, start] of peers) {
    log(`load on ${name}`);
    const peer = await start();
    const crowd = await assemble(peer);
    await crowd.run(400, 2);
    const steady = await crowd.run(400, seconds);
    const most = await mostMessages(crowd, 500, quick ? 1 : 3);
    crowd.close();
    await peer.close();
    log(`idle connections of ${name}`);
    loads.set(name, { steady, most, idle: await idleOf(name, database) });
  }
  const of = (name: string) => {
    const result = loads.get(name);
    if (!result) throw new Error(`${name} was not measured`);
    return result;
  };
  const [floor, classic, ours] = [of(FLOOR), of(CLASSIC), of(OURS)];
  const p50 = ours.steady.p50 / floor.steady.p50;
  const p99 = ours.steady.p99 / floor.steady.p99;
  const ofFloor = ours.most.rate / floor.most.rate;
  const ofClassic = ours.most.rate / classic.most.rate;
  const rows: Row[] = [
    {
      what: 'Send → seen at 400 messages/s, p50 / p99, ms',
      figures: each(loads, ({ steady }) => `${figure(steady.p50)} / ${figure(steady.p99)}`),
      bar: `p50 ≤ 4 × the fan-out (${figure(p50)}), p99 ≤ 3 × (${figure(p99)})`,
      passed: p50 <= 4 && p99 <= 3,
    },
    {
      what: 'Most messages/s in at p99 < 250 ms',
      figures: each(loads, ({ most }) => figure(most.rate)),
      bar: `≥ 0.4 × the fan-out (${figure(ofFloor)}), ≥ 8 × the durable classic (${figure(ofClassic)})`,
      passed: ofFloor >= 0.4 && ofClassic >= 8,
    },
    {
      what: 'Memory in use per idle connection, KB',
      figures: each(loads, ({ idle }) => figure(idle / 1024)),
      bar: `≤ 1.5 × the fan-out (${figure(ours.idle / floor.idle)})`,
      passed: ours.idle <= 1.5 * floor.idle,
    },
  ];
  rows.push(await reconnectRow(database, log));
  rows.push(...(await historyRows(database, quick, log)));
  log('kill -9 under load');
  const kills = await killRounds(database.url, database.pool, quick ? 1 : 5);
  rows.push({
    what: `Acknowledged messages gone after \`kill -9\`, ${kills.rounds} rounds`,
    figures: { [OURS]: `${kills.gone} of ${figure(kills.acknowledged)}` },
    bar: '0',
    passed: kills.gone === 0 && kills.acknowledged > 0,
  });
  return rows;
}

function each<T>(results: ReadonlyMap<string, T>, say: (result: T) => string): Record<string, string> {
  return Object.fromEntries([...results].map(([name, result]) => [name, say(result)]));
}

/** A fresh server of each kind, so that what the load left behind does not count. */
async function idleOf(name: string, database: BenchDatabase): Promise<number> {
  if (name === OURS) {
    const server = await startServer(database.url);
    const members = await makeMembers(database.pool, IDLE_CONNECTIONS, BENCH_SECRET);
    const bytes = await idleBytes(server, async (n) => {
      const member = members[n];
      if (!member) throw new Error('too few members');
      return connectDevice(server.port, member, null, {});
    });
    await server.end();
    return bytes;
  }
  const peer = name === FLOOR ? await startFanOut() : await startClassic(database.url);
  const bytes = await idleBytes(peer, (n) => peer.connect(n, 0, () => undefined));
  await peer.close();
  return bytes;
}

async function reconnectRow(database: BenchDatabase, log: (line: string) => void): Promise<Row> {
  log('reconnecting with 1,000 conversations');
  const server = await startServer(database.url);
  const ours = await reconnectOurs(server.port, database.pool);
  await server.end();
  const peer = await startClassic(database.url);
  const classic = await reconnectClassic(peer.port, database.pool);
  await peer.close();
  return {
    what: 'Reconnect, 1,000 conversations, 10 changed: ms / KB',
    figures: {
      [CLASSIC]: `${figure(classic.ms)} / ${figure(classic.bytes / 1024)}`,
      [OURS]: `${figure(ours.ms)} / ${figure(ours.bytes / 1024)}`,
    },
    bar: `1 socket, ${ours.roundTrips} ≤ 3 round trips, ≤ 2 × the classic's time (${figure(ours.ms / classic.ms)}), ≤ 8 KB`,
    passed: ours.ms <= 2 * classic.ms && ours.bytes <= 8 * 1024,
  };
}

async function historyRows(database: BenchDatabase, quick: boolean, log: (line: string) => void): Promise<Row[]> {
  const server = await startServer(database.url);
  const long = quick ? 2_000 : 100_000;
  log(`one more message after 1,000 and after ${long.toLocaleString('en')}`);
  const short = await oneMoreMessage(server, database.pool, 1_000);
  const after = await oneMoreMessage(server, database.pool, long);
  log(`a fresh device and ${long.toLocaleString('en')} messages`);
  const filled = await fillConversation(server.port, database, long);
  await atRest(server.pid);
  const fresh = await freshDevice(server.port, filled.cookie, filled.conversation);
  await server.end();
  return [
    {
      what: `One more message into a conversation of ${figure(long)}: processor ms / WAL KB`,
      figures: {
        [OURS]: `${figure(after.processor)} / ${figure(after.wal / 1024)} (of 1,000: ${figure(short.processor)} / ${figure(short.wal / 1024)})`,
      },
      bar: '≤ 1 ms, ≤ 0.5 KB, flat in the history',
      passed: after.processor <= 1 && after.wal <= 512 && after.processor <= 1.5 * short.processor,
    },
    {
      what: `Fresh device, ${figure(fresh.messages)} messages of 50 characters at rest: newest segment ms / all ms / MB`,
      figures: { [OURS]: `${figure(fresh.newestMs)} / ${figure(fresh.allMs)} / ${figure(fresh.bytes / 1e6)}` },
      bar: 'newest ≤ 50 ms, all ≤ 5 MB',
      passed: fresh.newestMs <= 50 && fresh.bytes <= 5e6,
    },
  ];
}

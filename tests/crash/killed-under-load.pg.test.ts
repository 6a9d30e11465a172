/** The real server and the real database, ended in the hardest way while devices write: nothing acknowledged is lost, nothing is stored twice. */
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConversationAnswer, SegmentList } from '#schema/http/conversations.ts';
import { Me } from '#schema/http/accounts.ts';
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';
import { decodeBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { isPostgres } from '#server/store/postmaster.ts';
import { startStubbornDevice, type StubbornDevice } from '#tests/support/stubborn-device.ts';
import { startTestServer, type TestServer } from '#tests/support/test-server.ts';

/** How often each is ended. */
const SERVER_KILLS = 20;
const DATABASE_KILLS = 5;
/** Acknowledged updates waited for between two kills: each strikes into a working load. */
const BETWEEN = 40;

interface Account {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly cookie: string;
}

describe('killed under load', () => {
  let server: TestServer;
  let reader = '';

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  async function signUp(name: string): Promise<Account> {
    const answer = await post('/api/sign-up', {
      name,
      email: `${name.toLowerCase()}@example.org`,
      password: 'correct horse battery',
      device: { id: crypto.randomUUID(), name: 'Stubborn' },
    });
    const me = Me.parse(await answer.json());
    const cookie = answer.headers
      .getSetCookie()
      .map((set) => set.split(';')[0])
      .join('; ');
    if (me.device === null) throw new Error('signed up without a device');
    return { user: me.user.id, device: me.device, cookie };
  }

  async function post(path: string, body: unknown, cookie = ''): Promise<Response> {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Resolves when the devices have got this many acks more than now. */
  async function moreAcks(devices: readonly StubbornDevice[], more: number): Promise<void> {
    const count = (): number =>
      devices.reduce((sum, { written }) => sum + written.filter(({ seqs }) => seqs.length > 0).length, 0);
    const wanted = count() + more;
    await expect.poll(count, { timeout: 60_000, interval: 10 }).toBeGreaterThanOrEqual(wanted);
  }

  test(`[R3] [R6] [R7] ${SERVER_KILLS} times the server and ${DATABASE_KILLS} times the database is killed: every acknowledged message is there, once, in order`, async () => {
    const [ana, ben] = [await signUp('Ana'), await signUp('Ben')];
    reader = ana.cookie;
    const created = await post(
      '/api/conversations',
      { kind: 'group', title: 'Storm', members: [ben.user] },
      ana.cookie,
    );
    const conversation = ConversationAnswer.parse(await created.json()).conversation.id;
    const devices = [ana, ben].map((account, i) =>
      startStubbornDevice({ port: server.port, ...account, conversation, name: i === 0 ? 'Ana' : 'Ben' }),
    );
    await moreAcks(devices, BETWEEN);
    for (let i = 0; i < SERVER_KILLS; i++) {
      await server.kill();
      await server.start();
      await moreAcks(devices, BETWEEN);
    }
    let postmaster = await livePostmaster(null);
    for (let i = 0; i < DATABASE_KILLS; i++) {
      process.kill(postmaster, 'SIGKILL');
      // What it left running may still acknowledge for a moment: only what comes after the next one is there counts.
      postmaster = await livePostmaster(postmaster);
      await moreAcks(devices, BETWEEN);
    }
    await Promise.all(devices.map((device) => device.finish()));

    const stored = await storedTexts(conversation);
    for (const device of devices) {
      const own = stored.filter(({ replica }) => replica === device.replica());
      expect(own.map(({ text }) => text)).toEqual(device.written.map(({ text }) => text));
      expect(own.map(({ seq }) => seq)).toEqual(device.written.map(({ seqs }) => seqs[0]));
      for (const { seqs } of device.written) expect(new Set(seqs).size).toBe(1);
    }
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
  }, 300_000);

  /**
   * The process id of the embedded database, once it takes connections and is another than the one that was killed: the file that one
   * left still names the dead, and one that has just started may give up again as long as something of the dead one lives.
   */
  async function livePostmaster(killed: number | null): Promise<number> {
    const link = join(server.dataDir, 'postgres');
    const folder = await readlink(link).catch(() => link);
    let pid = 0;
    const ready = async (): Promise<boolean> => {
      // https://www.postgresql.org/docs/current/storage-file-layout.html: the first line is the number, the eighth the state.
      const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
      pid = Number(lines[0]);
      return lines[7]?.trim() === 'ready' && pid !== killed && (await isPostgres(pid, folder));
    };
    await expect.poll(ready, { timeout: 60_000, interval: 10 }).toBe(true);
    return pid;
  }

  /** What the server holds, in order of seq: rows and snapshot together, as a new device gets them. */
  async function storedTexts(conversation: ConversationId): Promise<{ seq: number; replica: number; text: string }[]> {
    const path = `/api/conversations/${conversation}/segments`;
    const list = SegmentList.parse(await (await get(path)).json());
    const texts: { seq: number; replica: number; text: string }[] = [];
    for (const { segment } of list.segments) {
      const bundle = decodeBundle(new Uint8Array(await (await get(`${path}/${segment}`)).arrayBuffer()));
      const byPlace = new Map<string, string>();
      for (const { replica, clock, value } of decodeUpdate(bundle.update).elements) {
        byPlace.set(`${replica}/${clock}`, (value as { text: string }).text);
      }
      const next = new Map<number, number>();
      for (const { seq, replica, count } of bundle.seqs) {
        expect(count).toBe(1);
        const clock = next.get(replica) ?? 0;
        next.set(replica, clock + 1);
        texts.push({ seq, replica, text: byPlace.get(`${replica}/${clock}`) ?? 'missing' });
      }
      expect(texts).toHaveLength(byPlace.size);
    }
    return texts.sort((one, other) => one.seq - other.seq);
  }

  async function get(path: string): Promise<Response> {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { cookie: reader } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
});

/** The stock endpoint over the real relay and Postgres, with the unmodified provider. What needs neither is tested in relay/stock. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { eventId, type ConversationId, type DeviceId, type SegmentName, type UserId } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { CLOSE, isFinal } from '#schema/wire/close-reasons.ts';
import { removeMember } from '#server/store/remove-member.ts';
import { writeStep2, writeUpdate } from '#server/relay/stock/message.ts';
import { DeviceClient } from '#tests/support/device-client.ts';
import { hostileUpdates } from '#tests/support/hostile-updates.ts';
import { mergeAll } from '#tests/support/merge-all.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { startRelay, type RelayServer } from '#tests/support/relay-server.ts';
import { openProvider, type Provider, type ProviderOptions } from '#tests/support/stock-provider.ts';
import { commitTexts, message, noon, november, storeReplica } from '#tests/support/stored-log.ts';
import { storeDevice, storeGroup, storeSession, storeUsers } from '#tests/support/stored-people.ts';

interface Person {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly session: string;
}

describePostgres('the stock endpoint', (postgres) => {
  let server: RelayServer;
  let ana: Person, ben: Person;
  let conversation: ConversationId;
  const open: { close(): unknown }[] = [];

  const person = async (name: string): Promise<Person> => {
    const [user] = (await storeUsers(postgres.database(), name)) as [UserId];
    return { user, ...(await storeDevice(postgres.database(), user)) };
  };
  const join = (
    who: { session: string },
    options: Partial<ProviderOptions> & { segment?: SegmentName; at?: RelayServer } = {},
  ): Provider => {
    const { segment = november, at = server, ...rest } = options;
    const room = `${conversation}/${segment}`;
    const provider = openProvider({ url: `${at.url}/y`, room, headers: { cookie: `sid=${who.session}` }, ...rest });
    open.push(provider);
    return provider;
  };
  const says = (who: Person, text: string): SegmentEvent => message(who.user, text);
  const texts = (provider: Provider): string[] =>
    provider.log().map((event) => (event as { text?: string }).text ?? 'no text');
  /** Everybody has these and nothing else. */
  const have = (providers: Provider[], ...expected: string[]): Promise<unknown> => {
    const sorted = expected.toSorted().join();
    return Promise.all(providers.map((provider) => provider.until(() => texts(provider).toSorted().join() === sorted)));
  };
  /** Events that are committed, each counted once for every time it is. */
  const stored = async (): Promise<number> => {
    const rows = await postgres
      .database()
      .query<{ n: number }>(
        `SELECT coalesce(sum(next_clock), 0)::int AS n FROM replica_clocks WHERE conversation_id = $1`,
        [conversation],
      );
    return rows[0]?.n ?? 0;
  };
  const holderOf = async (replica: number): Promise<UserId | undefined> => {
    const rows = await postgres
      .database()
      .query<{ user: UserId }>(`SELECT user_id AS user FROM replicas WHERE replica = $1`, [replica]);
    return rows[0]?.user;
  };
  const deletionBy = (who: Person, replica: number, clock: number): SegmentEvent => ({
    kind: 'delete',
    by: who.user,
    at: noon,
    target: eventId(november, replica, clock),
    targetBy: who.user,
    targetAt: noon,
  });

  beforeEach(async () => {
    server = await startRelay(postgres.database());
    [ana, ben] = [await person('Ana'), await person('Ben')];
    conversation = await storeGroup(postgres.database(), ana.user, [ben.user]);
  });
  afterEach(async () => {
    for (const one of open.splice(0)) one.close();
    await server.close();
  });

  it('[Y1] two providers write to each other, and a device hears both', async () => {
    const [one, other] = [join(ana), join(ben)];
    const device = await DeviceClient.connect(server.url, ben);
    open.push(device);
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'hello'));
    await have([other], 'hello');
    other.push(says(ben, 'hi'));
    await have([one], 'hello', 'hi');
    await device.next('delta', (delta) => delta.through === 2);
    expect(device.seqs(conversation)).toEqual([1, 2]);
    expect(Y.encodeStateVector(one.doc)).toEqual(Y.encodeStateVector(other.doc));
  });

  it('[Y1] reads what is there: from rows, from a snapshot, from both, with a deletion', async () => {
    const replica = await storeReplica(postgres.database(), ana.user);
    const device = await DeviceClient.connect(server.url, ana);
    open.push(device);
    for (const text of ['one', 'two']) await device.pushed(conversation, ana.user, replica, text);
    const first = join(ben);
    await first.synced;
    expect(texts(first)).toEqual(['one', 'two']);
    await mergeAll(postgres.database(), conversation, november);
    await device.pushed(conversation, ana.user, replica, 'three');
    await device.pushed(conversation, ana.user, replica, [deletionBy(ana, replica, 1)]);
    await have([first], 'one', 'three', 'no text');
    const second = join(ben);
    await second.synced;
    expect(texts(second)).toEqual(['one', 'three', 'no text']);
    await mergeAll(postgres.database(), conversation, november);
    const third = join(ben);
    await third.synced;
    expect(texts(third)).toEqual(['one', 'three', 'no text']);
    expect(third.doc.store.pendingStructs).toBeNull();
  });

  it('[Y2] what was written offline goes out when it comes back, once', async () => {
    const one = join(ana);
    await one.synced;
    one.push(says(ana, 'online'));
    const other = join(ben);
    await have([other], 'online');
    one.provider.disconnect();
    for (const text of ['a', 'b', 'c']) one.push(says(ana, text));
    other.push(says(ben, 'meanwhile'));
    one.provider.connect();
    await have([one, other], 'online', 'a', 'b', 'c', 'meanwhile');
    one.provider.disconnect();
    one.provider.connect();
    one.push(says(ana, 'again'));
    await have([other], 'online', 'a', 'b', 'c', 'meanwhile', 'again');
    expect(await stored()).toBe(6);
  });

  it('[Y2] two clientIDs that wrote in turns offline are stored in an order in which each finds what it stands on', async () => {
    const [left, right] = [new Y.Doc(), new Y.Doc()];
    for (let turn = 0; turn < 6; turn++) {
      const [from, to] = turn % 2 === 0 ? [left, right] : [right, left];
      from.getArray('log').push([says(ana, `turn ${turn}`)]);
      Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
    }
    const one = join(ana, { doc: left });
    const other = join(ben);
    await other.reaches(6);
    expect(texts(other)).toEqual(texts(one));
    expect(await stored()).toBe(6);
  });

  it('[Y2] weeks of offline writing, in pieces and as one, are taken whole', async () => {
    const doc = new Y.Doc();
    doc.getArray('log').push(Array.from({ length: 1_500 }, (_, i) => says(ana, `bulk ${i}`)));
    for (let i = 0; i < 60; i++) doc.getArray('log').push([says(ana, `long ${i} ${'x'.repeat(6_000)}`)]);
    const one = join(ana, { doc });
    const other = join(ben);
    await other.reaches(1_560);
    expect(texts(other)).toEqual(texts(one));
    expect(await stored()).toBe(1_560);
  });

  it.each([
    ['before it connects', false],
    ['just after it connected', true],
  ])('[Y3] a page that loads a kept document %s is not refused, and stores nothing twice', async (_when, late) => {
    const [one, other] = [join(ana), join(ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'hello'), says(ana, 'oops'));
    await have([other], 'hello', 'oops');
    other.push(says(ben, 'oh'));
    await have([one], 'hello', 'oops', 'oh');
    one.push(deletionBy(ana, one.doc.clientID, 1));
    await have([one, other], 'hello', 'oh', 'no text');
    other.provider.disconnect();
    await mergeAll(postgres.database(), conversation, november);
    const kept = Y.encodeStateAsUpdate(other.doc);
    const page = join(ben, { connect: late });
    if (late)
      page.provider.on('status', ({ status }) => {
        if (status === 'connected') Y.applyUpdate(page.doc, kept, 'indexeddb');
      });
    else {
      Y.applyUpdate(page.doc, kept, 'indexeddb');
      page.provider.connect();
    }
    await page.synced;
    page.push(says(ben, 'loaded'));
    await have([one], 'hello', 'oh', 'no text', 'loaded');
    expect(page.provider.wsconnected).toBe(true);
    expect(await stored()).toBe(5);
  });

  it.each([
    ['merged for an answer only', false],
    ['merged for good', true],
  ])(
    '[N3] [Y3] an edit of a deleted message, %s, is gone from a provider that held it, which may say so',
    async (_how, store) => {
      const [one, other] = [join(ana), join(ben)];
      await Promise.all([one.synced, other.synced]);
      one.push(says(ana, 'secret'), says(ana, 'stays'));
      const target = eventId(november, one.doc.clientID, 0);
      one.push({ kind: 'edit', by: ana.user, at: noon, target, text: 'another secret' });
      await have([other], 'secret', 'stays', 'another secret');
      one.push(deletionBy(ana, one.doc.clientID, 0));
      await have([one, other], 'stays', 'another secret', 'no text');
      if (store) await mergeAll(postgres.database(), conversation, november);
      other.provider.disconnect();
      other.provider.connect();
      await have([other], 'stays', 'no text');
      const page = join(ben, { connect: false });
      Y.applyUpdate(page.doc, Y.encodeStateAsUpdate(other.doc));
      page.provider.connect();
      await page.synced;
      page.push(says(ben, 'loaded'));
      await have([other, page], 'stays', 'no text', 'loaded');
      expect([one, other, page].map(({ provider }) => provider.wsconnected)).toEqual([true, true, true]);
      expect(await stored()).toBe(5);
    },
  );

  it('[P4] repeating what somebody has not sent yet gives nobody their clientID', async () => {
    const one = join(ana, { connect: false });
    one.push(says(ana, 'unsent'));
    const thief = join(ben);
    await thief.synced;
    Y.applyUpdate(thief.doc, Y.encodeStateAsUpdate(one.doc));
    expect((await thief.refused).code).toBe(CLOSE.refusedUpdate);
    expect(await holderOf(one.doc.clientID)).toBeUndefined();
    one.provider.connect();
    await have([join(ben)], 'unsent');
    expect(await holderOf(one.doc.clientID)).toBe(ana.user);
  });

  it('[P4] a clientID of somebody else is refused', async () => {
    const doc = Object.assign(new Y.Doc(), { clientID: await storeReplica(postgres.database(), ana.user) });
    const forger = join(ben, { doc });
    await forger.synced;
    forger.push(says(ben, 'forged'));
    expect((await forger.refused).code).toBe(CLOSE.refusedUpdate);
    expect(await stored()).toBe(0);
  });

  it.each([
    ['in somebody else’s name', (by: Provider) => by.push(says(ana, 'I am Ana'))],
    ['in another month', (by: Provider) => by.push(message(ben.user, 'old', Date.UTC(2026, 9, 1)))],
    ['another type', (by: Provider) => by.doc.getMap('settings').set('colour', 'red')],
    ['in the middle', (by: Provider) => by.doc.getArray('log').insert(0, [says(ben, 'first!')])],
    ['a deletion of its own', (by: Provider) => by.doc.getArray('log').delete(0)],
  ])('[W1] [Y3] a provider that writes %s ends with 4422, and harms nobody', async (_what, act) => {
    const [one, other] = [join(ana), join(ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'before'));
    await have([other], 'before');
    act(other);
    expect((await other.refused).code).toBe(CLOSE.refusedUpdate);
    one.push(says(ana, 'after'));
    await have([one, join(ben)], 'before', 'after');
    expect(await stored()).toBe(2);
  });

  it('[W1] hostile updates end the socket for good and nothing else', async () => {
    const witness = join(ben);
    await witness.synced;
    for (const [name, , update] of hostileUpdates) {
      for (const write of [writeUpdate, writeStep2]) {
        const socket = new WebSocket(`${server.url}/y/${conversation}/${november}`, {
          headers: { cookie: `sid=${ana.session}` },
        });
        open.push(socket);
        const ended = new Promise<number>((resolve) => socket.on('close', resolve));
        await new Promise((resolve) => socket.on('open', resolve));
        socket.send(write(update));
        // What asks for nothing is passed over: this tells.
        socket.send(Uint8Array.of(0, 0, 200));
        expect({ name, isFinal: isFinal(await ended) }).toEqual({ name, isFinal: true });
      }
    }
    expect(await stored()).toBe(0);
    witness.push(says(ben, 'still here'));
    await have([join(ana)], 'still here');
  }, 60_000);

  it('[Y1] who is signed out, or no member, is told so for good', async () => {
    expect((await join({ session: 'nobody' }).refused).code).toBe(CLOSE.notSignedIn);
    const { code } = await join(await person('Cleo')).refused;
    expect([CLOSE.notAMember, CLOSE.unknownSegment]).toContain(code);
  });

  it('[R12] a session without a device will do, and ends when it is ended', async () => {
    const bot = await storeSession(postgres.database(), ana.user, null);
    const one = join({ session: bot });
    await one.synced;
    one.push(says(ana, 'beep'));
    await have([join(ben)], 'beep');
    server.relay.endSession(bot);
    expect((await one.refused).code).toBe(CLOSE.revoked);
  });

  it('[R12] a revoked device’s provider ends at once', async () => {
    const one = join(ben);
    await one.synced;
    server.relay.endDevice(ben.device);
    expect((await one.refused).code).toBe(CLOSE.revoked);
  });

  it('[R12] a removed member’s provider hears nothing more, even before its socket has ended', async () => {
    const [one, other] = [join(ana), join(ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'among all'));
    await have([other], 'among all');
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana.user, ben.user));
    one.push(says(ana, 'among us'));
    await vi.waitUntil(async () => (await stored()) === 2);
    server.relay.dropMember(conversation, ben.user);
    expect((await other.refused).code).toBe(CLOSE.notAMember);
    expect(texts(other)).toEqual(['among all']);
  });

  it('[Y2] what others commit while a provider comes in is neither lost nor taken for its own', async () => {
    const replica = await storeReplica(postgres.database(), ana.user);
    const writer = join(ana);
    await writer.synced;
    const device = await DeviceClient.connect(server.url, ana);
    open.push(device);
    for (let turn = 0; turn < 8; turn++) {
      const one = join(ben);
      await device.pushed(conversation, ana.user, replica, `turn ${turn}`);
      await one.reaches(turn + 1);
      expect(one.provider.shouldConnect).toBe(true);
      one.close();
    }
    await writer.reaches(8);
  });

  it('[W4] providers at two nodes hear each other, from the first commit on', async () => {
    const elsewhere = await startRelay(postgres.database());
    try {
      const [here, there] = [join(ana), join(ben, { at: elsewhere })];
      await Promise.all([here.synced, there.synced]);
      // Both at once: each node is told of the other's commit after its own.
      for (let turn = 0; turn < 10; turn++) {
        here.push(says(ana, `here ${turn}`));
        there.push(says(ben, `there ${turn}`));
      }
      await Promise.all([here.reaches(20), there.reaches(20)]);
      expect(texts(here)).toEqual(texts(there));
      there.close();
    } finally {
      await elsewhere.close();
    }
  });

  it('[C3] what was merged before it could be told, a provider comes back for', async () => {
    const one = join(ben);
    await one.synced;
    const replica = await storeReplica(postgres.database(), ana.user);
    // Committed and merged behind the relay's back; the next commit finds it missing.
    await commitTexts(postgres.database(), { conversation, user: ana.user, replica }, 0, ['merged']);
    await mergeAll(postgres.database(), conversation, november);
    await server.relay.push({
      user: ana.user,
      conversation,
      segment: november,
      update: encodeAppend(replica, 1, [says(ana, 'told')]),
    });
    await have([one], 'merged', 'told');
  });

  it('[W4] a node that may have missed what others committed sends providers to come back', async () => {
    const one = join(ben);
    await one.synced;
    const gone = new Promise((resolve) => one.provider.once('connection-close', resolve));
    const replica = await storeReplica(postgres.database(), ana.user);
    await commitTexts(postgres.database(), { conversation, user: ana.user, replica }, 0, ['unheard']);
    await postgres
      .database()
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
      );
    await gone;
    await have([one], 'unheard');
  });

  it('[Y4] awareness reaches the others on the segment, and is taken back at the end; too much of it goes nowhere', async () => {
    const [one, other] = [join(ana), join(ben)];
    const elsewhere = join(ben, { segment: '2026-10' as SegmentName });
    await Promise.all([one.synced, other.synced, elsewhere.synced]);
    const seen = (at: Provider): unknown => at.provider.awareness.states.get(one.doc.clientID);
    const heard: unknown[] = [];
    other.provider.awareness.on('change', () => heard.push(seen(other)));
    one.provider.awareness.setLocalState({ much: 'x'.repeat(5_000) });
    one.provider.awareness.setLocalState({ name: 'Ana' });
    await vi.waitUntil(() => JSON.stringify(seen(other)) === '{"name":"Ana"}');
    expect(JSON.stringify(heard)).not.toContain('much');
    const late = join(ben);
    await vi.waitUntil(() => seen(late) !== undefined);
    one.close();
    await vi.waitUntil(() => seen(other) === undefined && seen(late) === undefined);
    expect(seen(elsewhere)).toBeUndefined();
    expect(await stored()).toBe(0);
  });
});

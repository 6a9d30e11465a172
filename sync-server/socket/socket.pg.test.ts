import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationId, DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { addMembers } from '#server/store/add-members.ts';
import { attachSession } from '#server/store/attach-session.ts';
import { removeMember } from '#server/store/remove-member.ts';
import { revokeDevice } from '#server/store/revoke-device.ts';
import { DeviceClient } from '#tests/support/device-client.ts';
import { hostileUpdates } from '#tests/support/hostile-updates.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { startRelay, type RelayServer } from '#tests/support/relay-server.ts';
import { noon, november, storeReplica } from '#tests/support/stored-log.ts';
import { storeDevice, storeGroup, storeSession, storeUsers } from '#tests/support/stored-people.ts';

interface Person {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly session: string;
  readonly replica: ReplicaId;
}

describePostgres('a device’s socket', (postgres) => {
  let server: RelayServer;
  let ana: Person, ben: Person;
  let conversation: ConversationId;
  const clients: DeviceClient[] = [];

  const person = async (name: string): Promise<Person> => {
    const [user] = (await storeUsers(postgres.database(), name)) as [UserId];
    return {
      user,
      ...(await storeDevice(postgres.database(), user)),
      replica: await storeReplica(postgres.database(), user),
    };
  };
  const connect = async (
    who: Person,
    ...hello: Parameters<typeof DeviceClient.connect> extends [unknown, unknown, ...infer H] ? H : never
  ) => {
    const client = await DeviceClient.connect(server.url, who, ...hello);
    clients.push(client);
    return client;
  };
  const bare = async (who: { device: DeviceId; session: string }, headers?: Record<string, string>) => {
    const client = new DeviceClient(server.url, who, headers);
    clients.push(client);
    await client.opened();
    return client;
  };
  const say = (client: DeviceClient, who: Person, content: string | SegmentEvent[], clock?: number) =>
    client.pushed(conversation, who.user, who.replica, content, clock);

  beforeEach(async () => {
    server = await startRelay(postgres.database());
    [ana, ben] = [await person('Ana'), await person('Ben')];
    conversation = await storeGroup(postgres.database(), ana.user, [ben.user]);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.close();
  });

  it('[S2] answers the hello with welcome, then changes', async () => {
    const client = await connect(ana, { replicasWanted: 3 });
    expect(client.frames.map((frame) => frame.type)).toEqual(['welcome', 'changes']);
    expect(client.frames[0]).toMatchObject({ serverTime: noon });
    expect((await client.next('welcome')).replicas).toHaveLength(3);
    expect(await client.next('changes')).toMatchObject({ complete: true, conversations: [{ id: conversation }] });
  });

  it('[C4] [C5] a cursor of this epoch brings what changed, of another everything', async () => {
    const first = await connect(ana);
    const { epoch } = await first.next('welcome');
    const { cursor } = await first.next('changes');
    expect(await (await connect(ana, { epoch, since: cursor })).next('changes')).toMatchObject({
      complete: false,
      conversations: [],
    });
    expect(await (await connect(ana, { epoch: 'another', since: cursor })).next('changes')).toMatchObject({
      complete: true,
    });
  });

  it('[S1] says why a socket is refused: no session, another site, no device, another device', async () => {
    expect((await (await bare({ ...ana, session: 'nobody' })).ended()).code).toBe(4401);
    expect((await (await bare(ana, { origin: 'http://elsewhere' })).ended()).code).toBe(4401);
    const bot = await storeSession(postgres.database(), ana.user, null);
    expect((await (await bare({ device: ana.device, session: bot })).ended()).code).toBe(4401);
    const other = await bare(ana);
    other.hello({ device: ben.device });
    expect((await other.ended()).code).toBe(4401);
    expect((await bare(ana, { origin: 'http://here' })).closed).toBeNull();
  });

  it('[S2] a socket that does not say hello first, or not in time, or another version, ends', async () => {
    const early = await bare(ana);
    early.send({ type: 'heartbeat' });
    expect((await early.ended()).code).toBe(4405);
    const old = await bare(ana);
    old.hello({ protocol: 99 });
    expect((await old.ended()).code).toBe(4411);
    const twice = await connect(ana);
    twice.hello();
    expect((await twice.ended()).code).toBe(4400);
    const quick = await startRelay(postgres.database(), { waits: { helloMs: 50 } });
    const silent = new DeviceClient(quick.url, ana);
    expect((await silent.ended()).code).toBe(4405);
    await quick.close();
  });

  it('[S2] a second socket of a device ends the first', async () => {
    const [first, second] = [await connect(ana), await connect(ana)];
    expect((await first.ended()).code).toBe(4002);
    expect(await say(second, ana, 'hello')).toMatchObject({ type: 'ack', seq: 1 });
  });

  it('[S3] a malformed frame ends the socket with 4400, one of an unknown number is ignored, a large one ends it with 4413', async () => {
    const client = await connect(ana);
    client.ws.send(Uint8Array.of(63, 1, 2, 3));
    expect(await say(client, ana, 'still here')).toMatchObject({ type: 'ack' });
    client.ws.send(Uint8Array.of(2, 1, 2, 3));
    expect((await client.ended()).code).toBe(4400);
    const text = await connect(ana);
    text.ws.send('hello');
    expect((await text.ended()).code).toBe(4400);
    const empty = await connect(ana);
    empty.ws.send(new Uint8Array());
    expect((await empty.ended()).code).toBe(4400);
    const large = await connect(ana);
    large.ws.send(new Uint8Array(LIMITS.frameBytes + 1));
    expect((await large.ended()).code).toBe(4413);
    expect(await server.metrics.registry.getSingleMetricAsString('chatsync_frames_total')).toContain(
      'type="unknown"} 1',
    );
  });

  it('[S6] [S7] a push is acknowledged to its device, and is a delta for all other devices of the members', async () => {
    const second = { ...ana, ...(await storeDevice(postgres.database(), ana.user)) };
    const [a1, a2, b] = [await connect(ana), await connect(second), await connect(ben)];
    expect(await say(a1, ana, 'hello')).toEqual({ type: 'ack', id: 1, seq: 1, to: 1 });
    for (const other of [a2, b]) {
      const delta = await other.next('delta');
      expect(delta).toMatchObject({ conversation, after: 0, through: 1, head: 1, resyncSegments: [] });
      expect(decodeUpdate(delta.updates[0]?.update ?? new Uint8Array()).elements).toMatchObject([
        { replica: ana.replica, clock: 0, value: { text: 'hello' } },
      ]);
    }
    await say(b, ben, 'hi');
    await a1.next('delta', (delta) => delta.through === 2);
    expect(a1.seqs(conversation)).toEqual([2]);
  });

  it('[W4] acks and deltas come in the order of the seqs, whoever writes at once', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    // The first one makes the relay read who is in the conversation; acks do not wait for that.
    await say(a, ana, 'first');
    await b.next('delta');
    for (const client of [a, b]) client.forget();
    const pushes = Array.from(
      { length: 100 },
      (_, i) =>
        [
          a.push(conversation, ana.user, ana.replica, `a${i}`),
          b.push(conversation, ben.user, ben.replica, `b${i}`),
        ] as const,
    );
    await Promise.all(pushes.flatMap(([one, other]) => [a.answer(one), b.answer(other)]));
    await Promise.all([a, b].map((client) => client.seen(conversation, 201)));
    for (const client of [a, b]) {
      const own = client.frames.flatMap((frame) => (frame.type === 'ack' ? [frame.seq] : []));
      const cursor = client.frames.reduce((at, frame) => {
        if (frame.type === 'ack') expect(frame.seq).toBe(at + 1);
        if (frame.type === 'delta') expect(frame.after).toBe(at);
        return frame.type === 'ack' ? frame.to : frame.type === 'delta' ? frame.through : at;
      }, 1);
      expect(cursor).toBeGreaterThanOrEqual(200);
      expect(own).toHaveLength(100);
    }
    expect([...a.seqs(conversation), ...b.seqs(conversation)].sort((one, other) => one - other)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 2),
    );
  });

  it('[R9] a refused push is a nack with its reason and number', async () => {
    const client = await connect(ana);
    expect(await say(client, ana, 'gap', 5)).toMatchObject({ type: 'nack', code: 'gap', expected: 0 });
    expect(await say(client, ben, 'forged', 0)).toMatchObject({ type: 'nack', code: 'wrong-author', expected: null });
    expect(await client.pushed(conversation, ana.user, ben.replica, 'not mine', 0)).toMatchObject({
      code: 'replica-not-yours',
    });
    expect(await client.pushed(crypto.randomUUID() as ConversationId, ana.user, ana.replica, 'where', 0)).toMatchObject(
      { code: 'unknown-conversation' },
    );
    expect(
      await say(client, ana, [{ kind: 'message', by: ana.user, at: noon + 999_999, text: 'early' }], 0),
    ).toMatchObject({ code: 'clock-ahead', expected: noon });
  });

  it('[D7] a deletion goes to others with the Yjs deletion; its author knows from the ack', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    await say(a, ana, 'oops');
    const event: SegmentEvent = {
      kind: 'delete',
      by: ana.user,
      at: noon,
      target: eventId(november, ana.replica, 0),
      targetBy: ana.user,
      targetAt: noon,
    };
    expect(await say(a, ana, [event])).toMatchObject({ seq: 2, to: 3 });
    await b.next('delta', (delta) => delta.through === 3);
    expect(b.seqs(conversation)).toEqual([1, 2, 3]);
    await say(b, ben, 'gone?');
    await a.next('delta');
    expect(a.seqs(conversation)).toEqual([4]);
  });

  it('[C2] a pull brings what came after a seq, in parts', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    const long = 'x'.repeat(8_000);
    const ids = Array.from({ length: 80 }, () => a.push(conversation, ana.user, ana.replica, long));
    await Promise.all(ids.map((id) => a.answer(id)));
    b.forget();
    const seen: number[] = [];
    for (let after = 30; after < 80;) {
      b.send({ type: 'pull', conversation, after });
      const delta = await b.next('delta', (one) => one.after === after);
      expect(delta.head).toBe(80);
      seen.push(...delta.updates.map((update) => update.seq));
      after = delta.through;
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 31));
  });

  it('[R12] a pull of a conversation one is not in brings nothing', async () => {
    const cleo = await person('Cleo');
    const [a, c] = [await connect(ana), await connect(cleo)];
    await say(a, ana, 'secret');
    c.send({ type: 'pull', conversation, after: 0 });
    expect(await c.next('delta')).toMatchObject({ after: 0, through: 0, head: 0, updates: [] });
  });

  it('[R12] a removed member gets nothing more, and is told', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    await say(a, ana, 'one');
    await b.next('delta');
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana.user, ben.user));
    // Before anybody told the relay: the commit itself knows.
    await say(a, ana, 'two');
    server.relay.dropMember(conversation, ben.user);
    server.relay.relationalChange([ana.user, ben.user]);
    await b.next('changes', (changes) => changes.conversations.some((one) => one.left));
    await say(a, ana, 'three');
    b.send({ type: 'pull', conversation, after: 0 });
    await b.next('delta', (delta) => delta.through === 0);
    expect(b.seqs(conversation)).toEqual([1]);
    expect(await say(b, ben, 'late')).toMatchObject({ code: 'not-a-member' });
  });

  it('a new member gets the conversation and what is written from then on', async () => {
    const cleo = await person('Cleo');
    const [a, c] = [await connect(ana), await connect(cleo)];
    await say(a, ana, 'one');
    await postgres
      .database()
      .transaction((transaction) => addMembers(transaction, conversation, ana.user, [cleo.user]));
    server.relay.relationalChange([ana.user, ben.user, cleo.user]);
    expect(await c.next('changes', (changes) => changes.conversations.length > 0)).toMatchObject({
      heads: [[conversation, 1]],
      conversations: [{ joinedSeq: 1 }],
    });
    expect(await a.next('changes', (changes) => changes.members.length === 1)).toMatchObject({
      members: [{ user: cleo.user }],
    });
    await say(a, ana, 'two');
    // What was committed while it joined may come first: it is told again rather than not at all.
    expect(await c.next('delta', (delta) => delta.through === 2)).toMatchObject({ after: 1 });
  });

  it('[R12] the socket of a revoked device ends at once, also one that is on its way in', async () => {
    await attachSession(postgres.database(), ana.device, ana.session);
    const client = await connect(ana);
    await revokeDevice(postgres.database(), ana.user, ana.device);
    server.relay.endDevice(ana.device);
    expect((await client.ended()).code).toBe(4440);
    expect((await (await bare(ana)).ended()).code).toBe(4401);

    const slow = await startRelay(postgres.database(), {
      sessionOf: async () => {
        // Revoked while the session is being looked up, after it was read.
        await Promise.resolve();
        slow.relay.endDevice(ben.device);
        return { user: ben.user, device: ben.device, session: ben.session };
      },
    });
    expect((await new DeviceClient(slow.url, ben).ended()).code).toBe(4440);
    await slow.close();
  });

  it('[R12] a session that ended unheard ends its socket with the next check', async () => {
    const checking = await startRelay(postgres.database(), { waits: { sessionCheckMs: 30 } });
    const client = await DeviceClient.connect(checking.url, ben);
    await postgres.database().query(`DELETE FROM sessions WHERE sid = $1`, [ben.session]);
    expect((await client.ended()).code).toBe(4440);
    await checking.close();
  });

  it('[E1] a receipt is told to the other members and to the person’s own devices', async () => {
    const second = { ...ben, ...(await storeDevice(postgres.database(), ben.user)) };
    const [a, b1, b2] = [await connect(ana), await connect(ben), await connect(second)];
    await say(a, ana, 'one');
    await say(a, ana, 'two');
    b1.send({ type: 'receipt', conversation, delivered: 2, read: { seq: 1, above: {} } });
    expect(await a.next('changes', (changes) => !changes.complete && changes.members.length > 0)).toMatchObject({
      complete: false,
      conversations: [],
      members: [{ user: ben.user, deliveredSeq: 2, readSeq: 1 }],
    });
    expect(await b2.next('changes', (changes) => !changes.complete && changes.members.length > 0)).toMatchObject({
      conversations: [{ id: conversation, read: { seq: 1, above: {} } }],
    });
    b2.send({ type: 'receipt', conversation, delivered: 1, read: { seq: 2, above: {} } });
    expect(await a.next('changes', (changes) => changes.members.some((member) => member.readSeq === 2))).toMatchObject({
      members: [{ deliveredSeq: 2, readSeq: 2 }],
    });
  });

  it('[P1] grants more replicas when asked', async () => {
    const client = await connect(ana, { replicasWanted: 2 });
    const { replicas } = await client.next('welcome');
    client.send({ type: 'more-replicas', count: 4, retired: replicas.slice(0, 1) });
    const more = (await client.next('replicas')).replicas;
    expect(more).toHaveLength(4);
    expect(await client.pushed(conversation, ana.user, more[0] as ReplicaId, 'with a new one')).toMatchObject({
      type: 'ack',
    });
    expect(await client.pushed(conversation, ana.user, replicas[0] as ReplicaId, 'with the retired one')).toMatchObject(
      { code: 'replica-not-yours' },
    );
  });

  it('[S4] a heartbeat is answered, silence is broken, and a silent device is taken for dead', async () => {
    const quick = await startRelay(postgres.database(), { waits: { heartbeatMs: 60, silenceMs: 250 } });
    const client = await DeviceClient.connect(quick.url, ana);
    client.send({ type: 'heartbeat' });
    await client.next('heartbeat');
    client.forget();
    await client.next('heartbeat');
    expect((await client.ended()).code).toBe(4001);
    await quick.close();
  });

  it('[S6] too many at once are answered rate-limited, and stored when they come again', async () => {
    const client = await connect(ana);
    const ids = Array.from({ length: LIMITS.pushesInFlight + 20 }, (_, clock) =>
      client.push(conversation, ana.user, ana.replica, String(clock), clock),
    );
    const answers = await Promise.all(ids.map((id) => client.answer(id)));
    for (const [clock, answer] of answers.entries()) {
      if (answer.type === 'ack') continue;
      expect(['rate-limited', 'gap']).toContain(answer.code);
      expect(await say(client, ana, String(clock), clock)).toMatchObject({ type: 'ack' });
    }
  });

  it('[S6] who does not listen to rate-limited is put out with 4429', async () => {
    const stopped = await startRelay(postgres.database(), { elapsed: () => 0 });
    const client = await DeviceClient.connect(stopped.url, ana);
    const update = new Uint8Array(LIMITS.frameBytes / 2);
    const enough = (2 * LIMITS.bytesBurst) / update.length + 2;
    for (let id = 1; id <= enough; id++) {
      client.send({ type: 'push', id, conversation, segment: november, update });
      if (id % 10 === 0) await new Promise(setImmediate);
    }
    expect((await client.ended()).code).toBe(4429);
    const codes = client.frames.flatMap((frame) => (frame.type === 'nack' ? [frame.code] : []));
    expect(new Set(codes)).toEqual(new Set(['update-too-large', 'rate-limited']));
    await stopped.close();
  });

  it('[C7] a device that does not read gets no live deltas, then the heads it missed, and pulls', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    await say(a, ana, 'first');
    await b.next('delta');
    b.ws.pause();
    const long = 'x'.repeat(8_000);
    let last = 1;
    const held = async () =>
      /outcome="held"} (\d+)/.exec(await server.metrics.registry.getSingleMetricAsString('chatsync_deltas_total'))?.[1];
    while ((await held()) === undefined) {
      const ids = Array.from({ length: 100 }, () => a.push(conversation, ana.user, ana.replica, long));
      for (const answer of await Promise.all(ids.map((id) => a.answer(id))))
        if (answer.type === 'ack') last = Math.max(last, answer.to);
    }
    b.ws.resume();
    const changes = await b.next('changes', (one) =>
      one.heads.some(([id, head]) => id === conversation && head >= last),
    );
    expect(changes.complete).toBe(false);
    const have = b.seqs(conversation);
    expect(have).toEqual(Array.from({ length: have.length }, (_, i) => i + 1));
    let after = have.length;
    expect(after).toBeLessThan(last);
    while (after < last) {
      b.send({ type: 'pull', conversation, after });
      after = (await b.next('delta', (delta) => delta.after === after && delta.through > after)).through;
    }
    expect(new Set(b.seqs(conversation)).size).toBe(last);
  }, 60_000);

  it('[W1] [R11] hostile updates are refused one by one, the socket lives, and nobody else notices', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    // A larger one does not fit into a frame.
    const fitting = hostileUpdates.filter(([, , update]) => update.length < LIMITS.frameBytes / 2);
    const sent = fitting.map(([name, , update], i) => {
      a.send({ type: 'push', id: 1_000 + i, conversation, segment: november, update });
      return { name, id: 1_000 + i };
    });
    for (const { name, id } of sent) expect({ name, ...(await a.answer(id)) }).toMatchObject({ name, type: 'nack' });
    expect(await say(a, ana, 'honest')).toMatchObject({ type: 'ack', seq: 1 });
    await b.next('delta');
    expect(b.frames.map((frame) => frame.type)).toEqual(['welcome', 'changes', 'delta']);
  });

  it('closing tells devices to come back', async () => {
    const other = await startRelay(postgres.database());
    const client = await DeviceClient.connect(other.url, ana);
    const [, ended] = await Promise.all([other.close(), client.ended()]);
    expect(ended.code).toBe(1001);
  });

  it('a pushed update through the relay’s own door is told like any other', async () => {
    const b = await connect(ben);
    const { encodeAppend } = await import('#schema/segment/update-codec.ts');
    const update = encodeAppend(ana.replica, 0, [{ kind: 'message', by: ana.user, at: noon, text: 'imported' }]);
    expect(await server.relay.push({ user: ana.user, conversation, segment: november, update })).toEqual({
      seq: 1,
      to: 1,
    });
    await expect(server.relay.push({ user: ben.user, conversation, segment: november, update })).rejects.toMatchObject({
      code: 'wrong-author',
    });
    expect(await b.next('delta')).toMatchObject({ through: 1 });
  });
});

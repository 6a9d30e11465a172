import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationId, DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createWriter } from '#server/relay/create-writer.ts';
import { addMembers } from '#server/store/add-members.ts';
import { listen } from '#server/store/notify.ts';
import { removeMember } from '#server/store/remove-member.ts';
import { renameConversation } from '#server/store/rename-conversation.ts';
import { DeviceClient } from '#tests/support/device-client.ts';
import { holdable, type HeldDatabase } from '#tests/support/held-database.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { startRelay, type RelayServer } from '#tests/support/relay-server.ts';
import { message, noon, november, storeReplica } from '#tests/support/stored-log.ts';
import { storeDevice, storeGroup, storeUsers } from '#tests/support/stored-people.ts';

interface Person {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly session: string;
  readonly replica: ReplicaId;
}

describePostgres('two nodes on one database', (postgres) => {
  let one: RelayServer, two: RelayServer;
  let databaseOfOne: HeldDatabase, databaseOfTwo: HeldDatabase;
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
  const connect = async (server: RelayServer, who: Person) => {
    const client = await DeviceClient.connect(server.url, who);
    clients.push(client);
    return client;
  };
  const say = (client: DeviceClient, who: Person, text: string) =>
    client.pushed(conversation, who.user, who.replica, text);
  const doubts = async (server: RelayServer) =>
    Number(
      /total (\d+)/.exec(await server.metrics.registry.getSingleMetricAsString('chatsync_lost_notices_total'))?.[1] ??
        0,
    );
  /** Cuts the connections that listen: by their last statement. */
  const deafen = () =>
    postgres
      .database()
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
      );

  beforeEach(async () => {
    [databaseOfOne, databaseOfTwo] = [holdable(postgres.database()), holdable(postgres.database())];
    // A clock that goes: which socket of a device is the newer one is told by it.
    const now = (): number => noon + performance.now();
    [one, two] = await Promise.all([startRelay(databaseOfOne, { now }), startRelay(databaseOfTwo, { now })]);
    [ana, ben] = [await person('Ana'), await person('Ben')];
    conversation = await storeGroup(postgres.database(), ana.user, [ben.user]);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all([one.close(), two.close()]);
  });

  it('[W4] what is committed at one is told at the other, in order and without a gap', async () => {
    const [a, b] = [await connect(one, ana), await connect(two, ben)];
    // From here on the conversation is in use at both.
    await say(a, ana, 'first');
    await b.next('delta', (delta) => delta.through === 1);
    await say(b, ben, 'second');
    await a.next('delta', (delta) => delta.through === 2);
    const pushes = Array.from({ length: 39 }, (_, i) => [
      a.answer(a.push(conversation, ana.user, ana.replica, `a${i}`)),
      b.answer(b.push(conversation, ben.user, ben.replica, `b${i}`)),
    ]);
    await Promise.all(pushes.flat());
    await Promise.all([a, b].map((client) => client.hasAll(conversation, 80)));
    for (const client of [a, b]) {
      const own = client.ownSeqs();
      client.frames.reduce((cursor, frame) => {
        if (frame.type !== 'delta') return cursor;
        // What lies between the cursor and a delta is the device's own.
        for (let seq = cursor + 1; seq <= frame.after; seq++) expect(own.has(seq), `seq ${seq}`).toBe(true);
        return Math.max(cursor, frame.through);
      }, 0);
      expect(client.seqs(conversation).filter((seq) => own.has(seq))).toEqual([]);
    }
  });

  it('[C2] a device whose node hears late of what another committed first lacks nothing it cannot see', async () => {
    const cleo = await person('Cleo');
    await postgres
      .database()
      .transaction((transaction) => addMembers(transaction, conversation, ana.user, [cleo.user]));
    const [a, b, c] = [await connect(one, ana), await connect(two, ben), await connect(two, cleo)];
    await Promise.all([say(a, ana, 'at one'), say(b, ben, 'at two')]);
    const behind = await c.next('delta', (delta) => delta.through === 2);
    if (behind.after > 0) c.send({ type: 'pull', conversation, after: 0 });
    await c.hasAll(conversation, 2);
  });

  it('[S7] the author’s other device at the other node gets it, the author does not', async () => {
    const second = { ...ana, ...(await storeDevice(postgres.database(), ana.user)) };
    const [a1, a2] = [await connect(one, ana), await connect(two, second)];
    await say(a1, ana, 'hello');
    expect(await a2.next('delta')).toMatchObject({ after: 0, through: 1 });
    await say(a2, ana, 'gap: the first device holds this replica');
    expect(a1.seqs(conversation)).toEqual([]);
  });

  it('[C4] a relational change reaches everybody it concerns', async () => {
    const [, b] = [await connect(one, ana), await connect(two, ben)];
    await postgres
      .database()
      .transaction((transaction) => renameConversation(transaction, conversation, ana.user, 'Renamed'));
    one.relay.relationalChange([ana.user, ben.user]);
    expect(await b.next('changes', (changes) => !changes.complete)).toMatchObject({
      conversations: [{ title: 'Renamed' }],
    });
  });

  it('[E1] a receipt reaches the members at the other node', async () => {
    const [a, b] = [await connect(one, ana), await connect(two, ben)];
    await say(a, ana, 'hello');
    await b.next('delta');
    b.send({ type: 'receipt', conversation, delivered: 1, read: null });
    expect(await a.next('changes', (changes) => !changes.complete)).toMatchObject({
      members: [{ user: ben.user, deliveredSeq: 1 }],
    });
  });

  it('[R12] a device revoked at one node is out at the other within a second', async () => {
    const b = await connect(two, ben);
    const start = performance.now();
    one.relay.endDevice(ben.device);
    expect((await b.ended()).code).toBe(4440);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('[R12] a member removed at one node gets nothing more at the other; who was added does', async () => {
    const cleo = await person('Cleo');
    const [a, b, c] = [await connect(one, ana), await connect(two, ben), await connect(two, cleo)];
    await say(a, ana, 'one');
    await b.next('delta');
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana.user, ben.user));
    await postgres
      .database()
      .transaction((transaction) => addMembers(transaction, conversation, ana.user, [cleo.user]));
    // Nobody tells the nodes: the version of the members goes with each commit.
    await say(a, ana, 'two');
    expect(await c.next('delta')).toMatchObject({ through: 2 });
    expect(b.seqs(conversation)).toEqual([1]);
  });

  it('[S2] a device that comes in at the other node ends its socket here', async () => {
    const first = await connect(one, ana);
    await connect(two, ana);
    expect((await first.ended()).code).toBe(4002);
  });

  it('[S2] a notice that comes late of a socket that was there before ends no newer one', async () => {
    const late = databaseOfOne.hold('notify', 'statement');
    const first = await connect(one, ana);
    await late.caught;
    const isSocket = (notice: string): boolean => notice.includes('"devicesHere"');
    const newer = databaseOfOne.notified(isSocket);
    const second = await connect(two, ana);
    expect((await first.ended()).code).toBe(4002);
    const own = await newer;
    const heard = databaseOfTwo.notified((notice) => isSocket(notice) && notice !== own);
    late.go();
    await heard;
    second.send({ type: 'heartbeat' });
    await second.next('heartbeat');
    expect(second.closed).toBeNull();
  });

  it('notices that got lost are found out, and everybody is told what they missed', async () => {
    const [a, b] = [await connect(one, ana), await connect(two, ben)];
    await say(a, ana, 'heard');
    await b.next('delta');
    const before = await doubts(two);
    const listening = databaseOfTwo.hold('LISTEN chatsync', 'statement');
    await deafen();
    await listening.caught;
    let told: () => void = () => undefined;
    const sent = new Promise<void>((resolve) => (told = resolve));
    const ear = await listen(postgres.database(), 'chatsync', (notice) => notice.includes('"heads"') && told());
    await say(a, ana, 'while nobody listened');
    await sent;
    ear.release();
    listening.go();
    const { heads } = await b.next('changes', (changes) => changes.heads.some(([, head]) => head === 2));
    expect(heads).toEqual([[conversation, 2]]);
    b.send({ type: 'pull', conversation, after: 1 });
    await b.next('delta', (delta) => delta.through === 2);
    expect(await doubts(two)).toBeGreaterThan(before);
    await say(a, ana, 'heard again');
    await b.next('delta', (delta) => delta.through === 3);
  });

  it('a command that writes beside the servers is heard by them', async () => {
    const b = await connect(two, ben);
    const writer = await createWriter({
      database: postgres.database(),
      logger: createLogger('silent'),
      metrics: createMetrics({ process: false }),
      now: () => noon,
    });
    const pushes = Array.from({ length: 300 }, (_, clock) =>
      writer.push({
        user: ana.user,
        conversation,
        segment: november,
        update: encodeAppend(ana.replica, clock, [message(ana.user, `line ${clock}`)]),
      }),
    );
    expect((await Promise.all(pushes)).at(-1)).toEqual({ seq: 300, to: 300 });
    await writer.close();
    await b.find((frame): frame is typeof frame => frame.type === 'delta' && frame.through === 300);
    expect(new Set(b.seqs(conversation)).size).toBeGreaterThan(0);
    expect(await doubts(two)).toBe(0);
  });
});

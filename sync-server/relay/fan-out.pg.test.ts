/** What is told when answers of the database come late, in another order than they were given, or not at all. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationId, DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { DeviceClient } from '#tests/support/device-client.ts';
import { holdable, type HeldDatabase } from '#tests/support/held-database.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { startRelay, type RelayServer } from '#tests/support/relay-server.ts';
import { openProvider } from '#tests/support/stock-provider.ts';
import { noon, november, storeReplica } from '#tests/support/stored-log.ts';
import { storeDevice, storeGroup, storeUsers } from '#tests/support/stored-people.ts';

interface Person {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly session: string;
  readonly replica: ReplicaId;
}

describePostgres('telling what was committed', (postgres) => {
  let database: HeldDatabase;
  let server: RelayServer;
  let ana: Person, ben: Person;
  let conversation: ConversationId;
  const open: { close(): unknown }[] = [];

  const person = async (name: string): Promise<Person> => {
    const [user] = (await storeUsers(postgres.database(), name)) as [UserId];
    return {
      user,
      ...(await storeDevice(postgres.database(), user)),
      replica: await storeReplica(postgres.database(), user),
    };
  };
  const connect = async (who: Person, at = server): Promise<DeviceClient> => {
    const client = await DeviceClient.connect(at.url, who);
    open.push(client);
    return client;
  };
  const push = (client: DeviceClient, who: Person, content: string | SegmentEvent[], clock?: number): number =>
    client.push(conversation, who.user, who.replica, content, clock);
  const say = (client: DeviceClient, who: Person, content: string | SegmentEvent[], clock?: number) =>
    client.answer(push(client, who, content, clock));
  /** Several turns of the pool and the event loop: what the relay does without being held is done. */
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await database.query('SELECT 1');
  };

  beforeEach(async () => {
    database = holdable(postgres.database());
    server = await startRelay(database);
    [ana, ben] = [await person('Ana'), await person('Ben')];
    conversation = await storeGroup(postgres.database(), ana.user, [ben.user]);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await server.close();
  });

  it('[S7] what was committed while an earlier one was read to be told is not told to its author', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    const reading = database.hold('pull-updates', 'statement');
    await say(a, ana, 'oops');
    await reading.caught;
    const answer = database.hold('commit-updates', 'answer');
    const deletion = push(a, ana, [
      {
        kind: 'delete',
        by: ana.user,
        at: noon,
        target: eventId(november, ana.replica, 0),
        targetBy: ana.user,
        targetAt: noon,
      },
    ]);
    await answer.caught;
    // The deletion is in the database, and the relay does not know yet.
    reading.go();
    expect(await b.next('delta')).toMatchObject({ after: 0, through: 1, head: 1 });
    answer.go();
    expect(await a.answer(deletion)).toMatchObject({ seq: 2, to: 3 });
    await b.next('delta', (delta) => delta.through === 3);
    expect(b.seqs(conversation)).toEqual([1, 2, 3]);
    await say(b, ben, 'gone?');
    await a.next('delta', (delta) => delta.through === 4);
    expect(a.seqs(conversation)).toEqual([4]);
  });

  it('[S7] [W4] a notice of another node that overtakes the answer of a commit waits for it', async () => {
    const other = await startRelay(postgres.database());
    open.unshift(other);
    const [a, b] = [await connect(ana), await connect(ben, other)];
    const answer = database.hold('commit-updates', 'answer');
    const first = push(a, ana, 'first');
    await answer.caught;
    const heard = database.notified((payload) => payload.includes('"heads"'));
    const reading = database.hold('read-members', 'statement');
    let read = false;
    void reading.caught.then(() => (read = true));
    expect(await say(b, ben, 'second')).toMatchObject({ seq: 2 });
    await heard;
    await turns();
    // What would tell of both begins with this.
    expect(read).toBe(false);
    reading.go();
    answer.go();
    await a.answer(first);
    expect(await a.next('delta')).toMatchObject({ after: 1, through: 2 });
    expect(a.seqs(conversation)).toEqual([2]);
    expect(a.frames.map((frame) => frame.type).filter((type) => type === 'ack' || type === 'delta')).toEqual([
      'ack',
      'delta',
    ]);
    await b.hasAll(conversation, 2);
    await b.close();
  });

  it('[W4] devices are told of a commit whose answer comes after a stock provider took the conversation into use', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    const answer = database.hold('commit-updates', 'answer');
    const first = push(a, ana, 'first');
    await answer.caught;
    const room = `${conversation}/${november}`;
    const provider = openProvider({ url: `${server.url}/y`, room, headers: { cookie: `sid=${ben.session}` } });
    open.push(provider);
    await provider.synced;
    expect(provider.log()).toHaveLength(1);
    answer.go();
    expect(await a.answer(first)).toMatchObject({ seq: 1 });
    expect(await b.next('delta')).toMatchObject({ after: 0, through: 1 });
    expect(await say(b, ben, 'second')).toMatchObject({ seq: 2 });
    await a.next('delta', (delta) => delta.through === 2);
    expect(a.seqs(conversation)).toEqual([2]);
  });

  it('[W4] what could not be read to be told is read again, though nothing else is committed', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    const failing = database.fail('pull-updates', 2);
    await say(a, ana, 'only this');
    await failing;
    expect(await b.next('delta')).toMatchObject({ after: 0, through: 1 });
    expect(a.seqs(conversation)).toEqual([]);
  });

  it('[W4] what cannot be read at all is told as a head', async () => {
    const [a, b] = [await connect(ana), await connect(ben)];
    const failing = database.fail('pull-updates', 6);
    await say(a, ana, 'only this');
    await failing;
    expect((await b.next('changes', (changes) => !changes.complete)).heads).toEqual([[conversation, 1]]);
    b.send({ type: 'pull', conversation, after: 0 });
    await b.next('delta', (delta) => delta.through === 1);
  });

  it('[S7] what was acknowledged by a server that is gone is told to the others, not to who sends it again', async () => {
    const before = await startRelay(postgres.database());
    const early = await DeviceClient.connect(before.url, ana);
    expect(await say(early, ana, 'again')).toMatchObject({ seq: 1 });
    await Promise.all([early.ended(), before.close()]);
    await server.close();
    server = await startRelay(database);
    const [a, b] = [await connect(ana), await connect(ben)];
    expect(await say(a, ana, 'again', 0)).toMatchObject({ type: 'ack', seq: 1 });
    expect(await b.next('delta')).toMatchObject({ after: 0, through: 1 });
    await say(b, ben, 'second');
    await a.next('delta', (delta) => delta.through === 2);
    expect(a.seqs(conversation)).toEqual([2]);
  });
});

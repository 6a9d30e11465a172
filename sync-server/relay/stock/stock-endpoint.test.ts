import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { Refusal } from '#schema/errors.ts';
import { eventId, type UserId } from '#schema/ids.ts';
import { encodeAppend, encodeDeletion } from '#schema/segment/update-codec.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { ana, ben } from '#tests/support/hostile-updates.ts';
import { openProvider, type Provider, type ProviderOptions } from '#tests/support/stock-provider.ts';
import { conversation, startStockRelay, type StockRelay, type StockRelaySettings } from '#tests/support/stock-relay.ts';
import { message, noon, november } from '#tests/support/stored-log.ts';
import { writeStep2, writeUpdate } from './message.ts';

const room = `${conversation}/${november}`;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(settings: Partial<StockRelaySettings> = {}): Promise<StockRelay> {
  const relay = await startStockRelay({ members: [ana, ben], now: () => noon, ...settings });
  open.push(relay);
  return relay;
}

function join(relay: StockRelay, user: UserId, options: Partial<ProviderOptions> = {}): Provider {
  const provider = openProvider({ url: relay.url, room, headers: { cookie: `session=${user}` }, ...options });
  open.push(provider);
  return provider;
}

/** A socket by hand: what came, and how it ended. */
async function rawSocket(relay: StockRelay, user: UserId, path = room) {
  const socket = new WebSocket(`${relay.url}/${path}`, { headers: { cookie: `session=${user}` } });
  const frames: Uint8Array[] = [];
  socket.on('message', (data: Buffer) => frames.push(Uint8Array.from(data)));
  const closed = new Promise<[number, string]>((resolve) =>
    socket.on('close', (code, reason) => resolve([code, reason.toString()])),
  );
  open.push({ close: () => socket.terminate() });
  await new Promise<void>((resolve) => socket.once('open', resolve));
  return { socket, frames, closed };
}

function docOf(clientID: number): Y.Doc {
  return Object.assign(new Y.Doc(), { clientID });
}

const says = (user: UserId, text: string) => message(user, text);

describe('a stock provider', () => {
  it('[Y1] reads what is there, appends, and is seen by another', async () => {
    const relay = await start();
    const first = join(relay, ana);
    await first.synced;
    first.push(says(ana, 'one'), says(ana, 'two'));
    await vi.waitUntil(() => relay.log(november).length === 2);
    const second = join(relay, ben);
    await second.synced;
    expect(second.log()).toEqual([says(ana, 'one'), says(ana, 'two')]);
    second.push(says(ben, 'three'));
    expect(await first.reaches(3)).toEqual([says(ana, 'one'), says(ana, 'two'), says(ben, 'three')]);
    expect(relay.log(november)).toHaveLength(3);
  });

  it('[D2] may append to what somebody else wrote, turn by turn', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    for (let turn = 0; turn < 6; turn += 2) {
      one.push(says(ana, `turn ${turn}`));
      await other.reaches(turn + 1);
      other.push(says(ben, `turn ${turn + 1}`));
      await one.reaches(turn + 2);
    }
    expect(relay.log(november)).toEqual(one.log());
    expect(other.log()).toEqual(one.log());
    expect(relay.rows).toHaveLength(6);
  });

  it('[Y2] sends what it wrote offline when it comes back, once', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'before'));
    await other.reaches(1);
    one.provider.disconnect();
    for (const text of ['a', 'b', 'c']) one.push(says(ana, text));
    other.push(says(ben, 'meanwhile'));
    await vi.waitUntil(() => relay.log(november).length === 2);
    one.provider.connect();
    await other.reaches(5);
    await one.reaches(5);
    expect(one.log()).toEqual(other.log());
    expect(relay.rows).toHaveLength(3);
    // Again, with nothing new.
    one.provider.disconnect();
    one.provider.connect();
    await vi.waitUntil(() => relay.reads === 4);
    expect(relay.rows).toHaveLength(3);
  });

  it('[Y2] may write before it was asked what it has', async () => {
    const relay = await start();
    const one = join(relay, ana, { connect: false });
    one.push(says(ana, 'offline'));
    one.provider.on('status', ({ status }) => {
      if (status === 'connected') one.push(says(ana, 'at once'));
    });
    one.provider.connect();
    await vi.waitUntil(() => relay.log(november).length === 2);
    one.push(says(ana, 'later'));
    await vi.waitUntil(() => relay.log(november).length === 3);
    expect(relay.log(november)).toEqual(one.log());
    expect(one.provider.wsconnected).toBe(true);
  });

  it('sends at once more than one update may hold', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    const events = Array.from({ length: 2_500 }, (_, i) => says(ana, `${i}`));
    one.push(...events);
    await vi.waitUntil(() => relay.log(november).length === 2_500);
    expect(relay.log(november)).toEqual(events);
    expect(relay.rows).toHaveLength(3);
  });

  it('commits a burst without waiting for each', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    for (let i = 0; i < 500; i++) one.push(says(ana, `${i}`));
    await vi.waitUntil(() => relay.log(november).length === 500);
    expect(relay.log(november)).toEqual(one.log());
  });

  it('with a document kept from other days sends only what is new, under the clientID it was written with', async () => {
    const relay = await start();
    const first = join(relay, ana);
    await first.synced;
    first.push(says(ana, 'yesterday'));
    await vi.waitUntil(() => relay.log(november).length === 1);
    first.provider.disconnect();
    first.push(says(ana, 'on the train'));
    const kept = Y.encodeStateAsUpdate(first.doc);
    first.close();
    // The page is loaded again, twice, and writes after what it had.
    let doc = new Y.Doc();
    Y.applyUpdate(doc, kept);
    doc.getArray('log').push([says(ana, 'still on the train')]);
    const keptAgain = Y.encodeStateAsUpdate(doc);
    doc = new Y.Doc();
    Y.applyUpdate(doc, keptAgain);
    doc.getArray('log').push([says(ana, 'home')]);
    const second = join(relay, ana, { doc });
    await vi.waitUntil(() => relay.log(november).length === 4);
    expect(relay.log(november)).toEqual(second.log());
    expect(new Set(relay.replicas.values())).toEqual(new Set([ana]));
    expect(relay.replicas.size).toBe(3);
  });

  it('that loads its document after it connected repeats it as an update, and is not refused for it', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'hello'));
    await other.reaches(1);
    other.push(says(ben, 'oh'));
    await one.reaches(2);
    one.push({
      kind: 'delete',
      by: ana,
      at: noon,
      target: eventId(november, one.doc.clientID, 0),
      targetBy: ana,
      targetAt: noon,
    });
    await other.until(() => other.log().length === 2 && relay.rows.length === 4);
    const kept = Y.encodeStateAsUpdate(other.doc);
    // Connected, and not answered yet: what it loads is news to its document, and so goes out as an update.
    const late = join(relay, ben);
    let repeated = 0;
    late.doc.on('update', (_update, from) => from === 'indexeddb' && repeated++);
    late.provider.on('status', ({ status }) => {
      if (status === 'connected') Y.applyUpdate(late.doc, kept, 'indexeddb');
    });
    await late.synced;
    expect(repeated).toBe(1);
    late.push(says(ben, 'loaded'));
    await one.until(() => one.log().length === 3);
    expect(relay.rows).toHaveLength(5);
    expect(late.provider.wsconnected).toBe(true);
  });

  it('[D7] hears of a deletion for everyone as a Yjs deletion, its author as well, and may repeat it (Y3)', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    one.push(says(ana, 'to go'), says(ana, 'to stay'));
    await other.reaches(2);
    const deletion = {
      kind: 'delete',
      by: ana,
      at: noon,
      target: eventId(november, one.doc.clientID, 0),
      targetBy: ana,
      targetAt: noon,
    };
    one.push(deletion);
    const left = [says(ana, 'to stay'), deletion];
    for (const { until, log } of [one, other])
      await until(() => log().length === 2 && JSON.stringify(log()) === JSON.stringify(left));
    // Its step 2 holds the deletion it knows.
    other.provider.disconnect();
    other.push(says(ben, 'back'));
    other.provider.connect();
    await one.until(() => one.log().length === 3);
    expect(relay.rows).toHaveLength(4);
    expect(other.provider.wsconnected).toBe(true);
  });

  it('waits a moment for what its update stands on, which another tab has only just sent', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ana)];
    await Promise.all([one.synced, other.synced]);
    // As a BroadcastChannel would: the second tab has it before the relay does.
    one.provider.disconnect();
    one.push(says(ana, 'first'));
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc), other.provider);
    other.push(says(ana, 'second'));
    one.provider.connect();
    await vi.waitUntil(() => relay.log(november).length === 2);
    expect(relay.log(november)).toEqual([says(ana, 'first'), says(ana, 'second')]);
    expect(other.provider.wsconnected).toBe(true);
  });
});

describe('a stock provider is refused', () => {
  const cases: [what: string, code: number, reason: string, room: string, headers: Record<string, string>][] = [
    ['without a session', CLOSE.notSignedIn, 'not-signed-in', room, {}],
    [
      'from another site',
      CLOSE.notSignedIn,
      'wrong-origin',
      room,
      { cookie: `session=${ana}`, origin: 'http://there' },
    ],
    [
      'on a month that is none',
      CLOSE.unknownSegment,
      'not-found',
      `${conversation}/2026-13`,
      { cookie: `session=${ana}` },
    ],
    [
      'on a conversation that is none',
      CLOSE.unknownSegment,
      'not-found',
      `walks/${november}`,
      { cookie: `session=${ana}` },
    ],
    [
      'on a conversation of others',
      CLOSE.unknownSegment,
      'unknown-conversation',
      room,
      { cookie: 'session=44444444-4444-4444-8444-444444444444' },
    ],
  ];
  it.each(cases)('[S1] %s', async (_what, code, reason, path, headers) => {
    const relay = await start();
    const provider = join(relay, ana, { room: path, headers });
    expect(await provider.refused).toEqual({ code, reason });
  });

  it('for now when its session cannot be looked up, and comes back by itself', async () => {
    let away = true;
    const relay = await start({
      sessionOf: () =>
        away
          ? Promise.reject(new Error('the database is away'))
          : Promise.resolve({ user: ana, device: null, session: 's' }),
    });
    const provider = join(relay, ana);
    await new Promise((resolve) => provider.provider.once('connection-close', resolve));
    away = false;
    await provider.synced;
  });

  it.each([
    ['in somebody else’s name', 'wrong-author', (by: Provider) => by.push(says(ben, 'I am Ben'))],
    ['in another month', 'wrong-segment', (by: Provider) => by.push(message(ana, 'old', Date.UTC(2026, 9, 1)))],
    ['what is no event', 'malformed-event', (by: Provider) => by.push('hello')],
    ['another type', 'forbidden-content', (by: Provider) => by.doc.getText('notes').insert(0, 'hello')],
    ['in the middle', 'forbidden-content', (by: Provider) => by.doc.getArray('log').insert(0, [says(ana, 'first!')])],
    ['a deletion', 'forbidden-content', (by: Provider) => by.doc.getArray('log').delete(0)],
    ['about what does not exist', 'unknown-target', (by: Provider) => by.push(react(eventId(november, 7, 7)))],
  ])('[W1] that writes %s, and harms nobody', async (_what, reason, act) => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    other.push(says(ben, 'before'));
    await one.reaches(1);
    act(one);
    expect(await one.refused).toEqual({ code: CLOSE.refusedUpdate, reason });
    other.push(says(ben, 'after'));
    await vi.waitUntil(() => relay.log(november).length === 2);
    expect(other.log()).toEqual([says(ben, 'before'), says(ben, 'after')]);
    expect(relay.rows).toHaveLength(2);
  });

  it('[R5] that writes as somebody else’s clientID', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    one.push(says(ana, 'mine'));
    await vi.waitUntil(() => relay.rows.length === 1);
    // By hand: a Y.Doc that finds its own clientID in use takes another.
    const thief = await rawSocket(relay, ben);
    thief.socket.send(writeUpdate(encodeAppend(one.doc.clientID, 1, [says(ben, 'mine too')])));
    expect(await thief.closed).toEqual([CLOSE.refusedUpdate, 'replica-not-yours']);
    expect(relay.log(november)).toEqual([says(ana, 'mine')]);
  });

  it('[P4] that is the first to use the clientID of somebody who is here, of which awareness told', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    one.provider.awareness.setLocalState({ name: 'Ana' });
    const watcher = join(relay, ben);
    await vi.waitUntil(() => watcher.provider.awareness.states.has(one.doc.clientID));
    const thief = join(relay, ben, { doc: docOf(one.doc.clientID) });
    await thief.synced;
    thief.push(says(ben, 'I was first'));
    expect(await thief.refused).toEqual({ code: CLOSE.refusedUpdate, reason: 'replica-not-yours' });
    one.push(says(ana, 'not you'));
    await vi.waitUntil(() => relay.rows.length === 1);
    expect(relay.replicas).toEqual(new Map([[one.doc.clientID, ana]]));
  });

  it('[P4] that repeats what somebody else has not sent yet, whose clientID is not granted to it', async () => {
    const relay = await start();
    const one = join(relay, ana, { connect: false });
    one.push(says(ana, 'offline'));
    const other = join(relay, ben);
    await other.synced;
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc));
    expect(await other.refused).toEqual({ code: CLOSE.refusedUpdate, reason: 'wrong-author' });
    one.provider.connect();
    await vi.waitUntil(() => relay.rows.length === 1);
    expect(relay.replicas).toEqual(new Map([[one.doc.clientID, ana]]));
  });

  it('[Y3] whose step 2 deletes what is not deleted', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    one.push(says(ana, 'one'), says(ana, 'two'));
    await vi.waitUntil(() => relay.rows.length === 1);
    one.provider.disconnect();
    one.doc.getArray('log').delete(0);
    one.provider.connect();
    expect(await one.refused).toEqual({ code: CLOSE.refusedUpdate, reason: 'forbidden-content' });
    expect(relay.log(november)).toHaveLength(2);
  });

  it('[Y3] that deleted offline what it wrote offline', async () => {
    const relay = await start();
    const one = join(relay, ana, { connect: false });
    one.push(says(ana, 'one'), says(ana, 'two'));
    one.doc.getArray('log').delete(0);
    one.provider.connect();
    expect(await one.refused).toEqual({ code: CLOSE.refusedUpdate, reason: 'forbidden-content' });
    expect(relay.rows).toHaveLength(0);
  });

  it('[W3] whose place holds something else', async () => {
    const relay = await start();
    const { socket, closed } = await rawSocket(relay, ana);
    socket.send(writeUpdate(encodeAppend(7, 0, [says(ana, 'one')] as SegmentEvent[])));
    socket.send(writeUpdate(encodeAppend(7, 0, [says(ana, 'other')] as SegmentEvent[])));
    expect(await closed).toEqual([CLOSE.refusedUpdate, 'replica-conflict']);
  });

  it('for now when the database is away, and has lost nothing', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    relay.failing = new Refusal('unavailable');
    one.push(says(ana, 'kept'));
    await new Promise((resolve) => one.provider.once('connection-close', resolve));
    relay.failing = null;
    await vi.waitUntil(() => relay.log(november).length === 1);
    expect(relay.rows).toHaveLength(1);
  });
});

describe('a socket ends', () => {
  it('[R12] when its member is removed, with nothing more told', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    relay.members.delete(ben);
    for (const socket of relay.online.segmentSockets(conversation, ben)) socket.end(CLOSE.notAMember, 'not-a-member');
    one.push(says(ana, 'among us'));
    expect((await other.refused).code).toBe(CLOSE.notAMember);
    await vi.waitUntil(() => relay.rows.length === 1);
    expect(other.log()).toEqual([]);
  });

  it('[R12] when its member was removed while it was opened', async () => {
    const relay = await start();
    const one = join(relay, ana);
    // Found a member before it was in the list of those that are told; no longer when it is looked again.
    const join_ = relay.online.join;
    relay.online.join = (socket) => {
      relay.members.delete(ana);
      join_(socket);
    };
    expect((await one.refused).code).toBe(CLOSE.unknownSegment);
  });

  it('[R12] when its session is ended', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    for (const socket of relay.online.endSession(ana)) socket.end(CLOSE.revoked, 'revoked');
    expect((await one.refused).code).toBe(CLOSE.revoked);
    await vi.waitUntil(() => relay.online.sockets().size === 0);
  });

  it('[R12] when its session was ended while it was opened', async () => {
    const relay = await start({
      sessionOf: () => {
        relay.online.endSession('s');
        return Promise.resolve({ user: ana, device: null, session: 's' });
      },
    });
    const one = join(relay, ana);
    expect((await one.refused).code).toBe(CLOSE.revoked);
  });

  it.each([
    ['text', 'hello'],
    ['nothing', new Uint8Array()],
    ['half a step', Uint8Array.of(0, 1, 5, 0)],
    ['a step that goes on', Uint8Array.of(0, 1, 2, 0, 0, 1)],
    ['a state vector that is none', Uint8Array.of(0, 0, 3, 9, 1, 1)],
    ['awareness that is no JSON', Uint8Array.of(1, 7, 1, 5, 1, 3, 123, 123, 123)],
  ])('[S3] after a malformed frame: %s', async (_what, frame) => {
    const relay = await start();
    const { socket, closed } = await rawSocket(relay, ana);
    socket.send(frame);
    expect((await closed)[0]).toBe(CLOSE.malformedFrame);
  });

  it('[S3] after a frame of more than 1 MiB, for good', async () => {
    const relay = await start();
    const { socket, closed } = await rawSocket(relay, ana);
    socket.send(new Uint8Array((1 << 20) + 1));
    expect((await closed)[0]).toBe(CLOSE.frameTooLarge);
  });

  it('[S3] not after messages of types that are not known: they are counted', async () => {
    const relay = await start();
    const { socket, frames } = await rawSocket(relay, ana);
    for (const other of [[2, 0, 1, 65], [3], [77, 1, 2, 3], [0, 9]]) socket.send(Uint8Array.from(other));
    socket.send(writeStep2(Uint8Array.of(0, 0)));
    socket.send(Uint8Array.of(0, 0, 1, 0));
    // Our step 1 and the answer to this one.
    await vi.waitUntil(() => frames.length === 2);
    const counted = await relay.registry.getSingleMetricAsString('chatsync_stock_messages_total');
    expect(counted).toContain('{type="other"} 4');
  });
});

describe('flow', () => {
  it('a socket whose updates are being committed is not read, and nothing is lost', async () => {
    const relay = await start();
    let release: () => void = () => undefined;
    relay.held = new Promise((resolve) => (release = resolve));
    const one = join(relay, ana);
    await one.synced;
    for (let i = 0; i < 2_000; i++) one.push(says(ana, `${i}`.padEnd(400)));
    const { ws } = one.provider as unknown as { ws: WebSocket };
    // More than the buffers of both sides hold: it waits here.
    await vi.waitUntil(() => relay.costs.filter((cost) => cost.updates === 1).length >= 64);
    expect(relay.costs.filter((cost) => cost.updates === 1).length).toBeLessThan(1_000);
    release();
    relay.held = null;
    await vi.waitUntil(() => relay.log(november).length === 2_000, { timeout: 10_000 });
    expect(relay.log(november)).toEqual(one.log());
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  it('a session in debt is not read until it is out of it', async () => {
    const relay = await start();
    const one = join(relay, ana);
    await one.synced;
    relay.wait = 50;
    one.push(says(ana, 'one'));
    one.push(says(ana, 'two'));
    await vi.waitUntil(() => relay.log(november).length === 2);
    relay.wait = 0;
    one.push(says(ana, 'three'));
    await vi.waitUntil(() => relay.log(november).length === 3);
    expect(relay.costs).toContainEqual(expect.objectContaining({ requests: 10 }));
  });

  it('[C7] a socket that does not keep up is told nothing, and comes back for the rest', async () => {
    const relay = await start();
    const slow = join(relay, ben);
    await slow.synced;
    const { ws } = slow.provider as unknown as { ws: WebSocket };
    ws.pause();
    const [socket] = relay.online.onSegment(conversation, november);
    const large = encodeAppend(9, 0, [says(ben, 'x'.repeat(8_000))] as SegmentEvent[]);
    for (let i = 0; i < 1_000; i++) socket?.sendUpdate(large);
    const fast = join(relay, ana);
    await fast.synced;
    fast.push(says(ana, 'meanwhile'));
    await vi.waitUntil(() => relay.rows.length === 1);
    const gone = new Promise((resolve) => slow.provider.once('connection-close', resolve));
    ws.resume();
    await gone;
    await slow.until(() => JSON.stringify(slow.log()).includes('meanwhile'));
  });

  it('[Y2] gives a sign of life, and ends a socket that gives none', async () => {
    const relay = await start({ awarenessMs: 45 });
    const { frames, closed, socket } = await rawSocket(relay, ana);
    await vi.waitUntil(() => frames.some((frame) => String(frame) === '1,1,0'));
    socket.pause();
    await vi.waitUntil(() => relay.online.sockets().size === 0);
    socket.resume();
    expect((await closed)[0]).toBe(1006);
  });
});

describe('awareness', () => {
  it('[Y4] reaches those on the segment, those who come later, and goes with its socket', async () => {
    const relay = await start();
    const one = join(relay, ana);
    one.provider.awareness.setLocalState({ name: 'Ana' });
    await one.synced;
    const other = join(relay, ben);
    const elsewhere = join(relay, ben, { room: `${conversation}/2026-10` });
    await Promise.all([other.synced, elsewhere.synced]);
    const seen = (at: Provider) => at.provider.awareness.states.get(one.doc.clientID);
    await vi.waitUntil(() => seen(other)?.['name'] === 'Ana');
    one.provider.awareness.setLocalState({ name: 'Ana', typing: true });
    await vi.waitUntil(() => seen(other)?.['typing'] === true);
    one.close();
    await vi.waitUntil(() => seen(other) === undefined);
    expect(seen(elsewhere)).toBeUndefined();
    expect(relay.rows).toEqual([]);
  });

  it('[Y4] of more than 4 KiB reaches nobody, and the socket lives', async () => {
    const relay = await start();
    const [one, other] = [join(relay, ana), join(relay, ben)];
    await Promise.all([one.synced, other.synced]);
    one.provider.awareness.setLocalState({ much: 'x'.repeat(5_000) });
    one.provider.awareness.setLocalState({ little: 'x' });
    const seen: unknown[] = [];
    other.provider.awareness.on('change', () => seen.push(other.provider.awareness.states.get(one.doc.clientID)));
    await vi.waitUntil(() => seen.some((state) => JSON.stringify(state) === '{"little":"x"}'));
    expect(JSON.stringify(seen)).not.toContain('much');
  });
});

function react(target: string) {
  return { kind: 'react', by: ana, at: noon, target, emoji: '👍', on: true };
}

it('a raw deletion as an update is refused', async () => {
  const relay = await start();
  const { socket, closed } = await rawSocket(relay, ana);
  socket.send(writeUpdate(encodeDeletion([{ replica: 7, clock: 0, count: 1 }])));
  expect(await closed).toEqual([CLOSE.refusedUpdate, 'forbidden-content']);
});

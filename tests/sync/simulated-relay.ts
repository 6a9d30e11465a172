/**
 * The relay of a simulation: the real admission over the database in memory, and around it sessions, commit batches, deltas and the HTTP
 * acts a device needs, as docs/SYNC_SPEC.md describes them. It can be killed between a commit and its acks, and it uses every freedom
 * the rules leave it: acks and deltas in any order, deltas twice, a few rows at a time.
 */
import { Refusal, type ErrorCode } from '#schema/errors.ts';
import { CreateConversationRequest } from '#schema/http/conversations.ts';
import {
  directConversationId,
  selfConversationId,
  SegmentName,
  type ConversationId,
  type DeviceId,
  type UserId,
} from '#schema/ids.ts';
import { decodeUp, encodeDown } from '#schema/wire/frame.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import type { Hello } from '#schema/wire/hello.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Push } from '#schema/wire/push.ts';
import type { UpFrame } from '#schema/wire/up.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { HttpAnswer, HttpRequest } from '#client/sync/http-port.ts';
import { admitUpdate, type AdmittedUpdate } from '#server/relay/admit-update.ts';
import type { Chain, ChainOutcome } from '#server/store/commit-updates.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { BEGINNING, type World } from './world.ts';

/** The relay's end of one socket. */
export interface RelaySocket {
  send(bytes: Uint8Array): void;
  close(code: number): void;
}

export interface SimulatedRelay {
  /** A device opened a socket. Gives what takes its frames, and what to call when it is gone. */
  accept(device: DeviceId, socket: RelaySocket): { take(bytes: Uint8Array): void; gone(): void };
  /** An HTTP request of a device; throws when there is no answer. */
  answer(device: DeviceId, request: HttpRequest): HttpAnswer;
  /** The process dies: sessions, and pushes that were not committed, are gone. A moment later it is there again. */
  crash(): void;
  /** Faults that tests switch on by hand, to see them caught. */
  readonly sabotage: Set<'ack-before-commit' | 'skip-seq' | 'no-replay-check'>;
  /** Acks that were given: [conversation, seq, bytes]. */
  readonly acknowledged: { readonly conversation: ConversationId; readonly seq: number; readonly bytes: Uint8Array }[];
  removeMember(conversation: ConversationId, user: UserId): void;
}

interface Session {
  readonly device: DeviceId;
  readonly user: UserId;
  readonly socket: RelaySocket;
  greeted: boolean;
  /** What this device was told; a live delta before the answer to its pull is held back by nothing. */
  open: boolean;
}

interface WaitingPush {
  readonly session: Session;
  readonly push: Push;
  readonly admitted: AdmittedUpdate;
}

export function createSimulatedRelay(world: World, database: MemoryDatabase): SimulatedRelay {
  const { random } = world;
  let sessions = new Set<Session>();
  let waiting: WaitingPush[] = [];
  let committing = false;
  let life = 0;
  let downUntil = 0;
  const sabotage: SimulatedRelay['sabotage'] = new Set();
  const acknowledged: SimulatedRelay['acknowledged'] = [];
  const now = (): number => BEGINNING + world.time();

  function send(session: Session, frame: DownFrame): void {
    if (sessions.has(session)) session.socket.send(encodeDown(frame));
  }

  function end(session: Session, code: number): void {
    if (sessions.delete(session)) session.socket.close(code);
  }

  function greet(session: Session, hello: Hello): void {
    for (const other of [...sessions])
      if (other !== session && other.device === session.device) end(other, CLOSE.replaced);
    session.greeted = true;
    const replicas = database.grantReplicas(session.user, session.device, hello.replicasWanted, hello.retired);
    send(session, { type: 'welcome', protocol: PROTOCOL_VERSION, epoch: database.epoch, serverTime: now(), replicas });
    tellChanges(session, hello.epoch === database.epoch ? hello.since : null);
  }

  function tellChanges(session: Session, since: string | null): void {
    send(session, { type: 'changes', ...database.readChanges(session.user, since) });
  }

  /** Something relational changed: fresh `changes` to all who may see it. */
  function relationalChange(users: readonly UserId[], since: string): void {
    for (const session of sessions) if (session.greeted && users.includes(session.user)) tellChanges(session, since);
  }

  function take(session: Session, frame: UpFrame): void {
    if (!session.greeted && frame.type !== 'hello') return end(session, CLOSE.helloExpected);
    switch (frame.type) {
      case 'hello':
        return greet(session, frame);
      case 'heartbeat':
        return send(session, { type: 'heartbeat' });
      case 'push':
        return takePush(session, frame);
      case 'pull': {
        const pulled = database.pull(frame.conversation, session.user, frame.after, random.whole(1, 6));
        if (pulled) sendDelta(session, frame.conversation, frame.after, pulled);
        return;
      }
      case 'receipt': {
        const before = database.now();
        if (database.mergeReceipt(session.user, frame.conversation, frame.delivered, frame.read)) {
          relationalChange(database.members(frame.conversation), before);
        }
        return;
      }
      case 'more-replicas':
        return send(session, {
          type: 'replicas',
          replicas: database.grantReplicas(session.user, session.device, frame.count, frame.retired),
        });
    }
  }

  function sendDelta(
    session: Session,
    conversation: ConversationId,
    after: number,
    pulled: NonNullable<ReturnType<MemoryDatabase['pull']>>,
  ): void {
    const { rows, through, head, resyncSegments } = pulled;
    const updates = rows.map(({ seq, segment, bytes }) => ({ seq, segment, update: bytes }));
    const told = sabotage.has('skip-seq') && updates.length > 1 ? updates.slice(1) : updates;
    send(session, {
      type: 'delta',
      conversation,
      after,
      through,
      head,
      updates: told,
      resyncSegments: [...resyncSegments],
    });
  }

  function takePush(session: Session, push: Push): void {
    // Too much at once, now and then.
    if (random.chance(0.02)) return nack(session, push, new Refusal('rate-limited'));
    try {
      const admitted = admitUpdate(push.update, {
        user: session.user,
        segment: push.segment,
        now: now(),
        foreignOrigins: 0,
      });
      waiting.push({ session, push, admitted });
      if (sabotage.has('ack-before-commit')) {
        const seq = (database.conversations.get(push.conversation)?.head ?? 0) + waiting.length;
        send(session, { type: 'ack', id: push.id, seq, to: seq });
      }
      commitSoon();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      nack(session, push, error);
    }
  }

  function nack(
    session: Session,
    push: Push,
    { code, message, expected }: { code: ErrorCode; message: string; expected?: number | undefined },
  ): void {
    send(session, { type: 'nack', id: push.id, code, message, expected: expected ?? null });
  }

  /** W2: while one commit runs the next batch gathers. */
  function commitSoon(): void {
    if (committing || waiting.length === 0) return;
    committing = true;
    const own = life;
    world.after(random.whole(1, 20), () => {
      if (own !== life) return;
      const batch = nextBatch();
      const outcomes = database.commit(batch.map(({ chain }) => chain));
      // The COMMIT is done; the process may die before it says so (R3).
      world.after(random.whole(0, 10), () => {
        if (own !== life) return;
        committing = false;
        batch.forEach((one, i) => settle(one, outcomes[i] as ChainOutcome));
        commitSoon();
      });
    });
  }

  interface BatchChain {
    readonly chain: Chain;
    readonly pushes: readonly WaitingPush[];
  }

  /** One chain of a (conversation, segment, replica), of pushes whose clocks follow each other; the others wait. */
  function nextBatch(): BatchChain[] {
    const chains = new Map<string, WaitingPush[]>();
    const later: WaitingPush[] = [];
    for (const one of waiting) {
      const { conversation, segment } = one.push;
      const key = `${conversation}/${segment}/${one.admitted.replica}`;
      const chain = chains.get(key) ?? [];
      const last = chain.at(-1)?.admitted;
      if (last && last.clock + last.count !== one.admitted.clock) later.push(one);
      else chains.set(key, [...chain, one]);
    }
    waiting = later;
    return [...chains.values()].map((pushes) => ({ pushes, chain: chainOf(pushes) }));
  }

  function settle({ chain, pushes }: BatchChain, { outcome, firstSeq, expected }: ChainOutcome): void {
    if (outcome === 'stored') {
      let seq = firstSeq;
      for (const { session, push, admitted } of pushes) {
        const to = admitted.deletion ? seq + 1 : seq;
        committed(session, push, seq, to);
        seq = to + 1;
      }
      return;
    }
    // A chain is refused whole: where it is more than one push, each is judged again on its own.
    if (pushes.length > 1) {
      const first = pushes[0] as WaitingPush;
      waiting = [...pushes.slice(1), ...waiting];
      return settleOne(first, outcome, expected, chain);
    }
    settleOne(pushes[0] as WaitingPush, outcome, expected, chain);
  }

  function settleOne(
    one: WaitingPush,
    outcome: Exclude<ChainOutcome['outcome'], 'stored'>,
    expected: number,
    chain: Chain,
  ): void {
    const { session, push, admitted } = one;
    if (outcome !== 'clock') return nack(session, push, new Refusal(outcome));
    if (admitted.clock > expected) return nack(session, push, new Refusal('gap', undefined, expected));
    const [row] = database.storedFrom(chain.conversation, chain.segment, chain.replica, admitted.clock);
    const same = row?.clockFrom === admitted.clock && Buffer.compare(row.bytes, admitted.bytes) === 0;
    if (!row || !(same || sabotage.has('no-replay-check')))
      return nack(session, push, new Refusal('replica-conflict', undefined, expected));
    const to = admitted.deletion ? row.seq + 1 : row.seq;
    send(session, { type: 'ack', id: push.id, seq: row.seq, to });
  }

  /** W4: only now ack and delta, in any order, and a delta perhaps twice. */
  function committed(session: Session, push: Push, seq: number, to: number): void {
    acknowledged.push({ conversation: push.conversation, seq, bytes: push.update });
    const say = [(): void => send(session, { type: 'ack', id: push.id, seq, to })];
    for (const user of database.members(push.conversation)) {
      for (const other of sessions) {
        if (other === session || !other.greeted || other.user !== user) continue;
        const live = (): void => {
          const pulled = database.pull(push.conversation, user, seq - 1, to - seq + 1);
          if (pulled) sendDelta(other, push.conversation, seq - 1, pulled);
        };
        if (random.chance(0.9)) say.push(live);
        else missed(other);
        if (random.chance(0.1)) say.push(live);
      }
    }
    while (say.length > 0) say.splice(random.whole(0, say.length), 1)[0]?.();
  }

  /** C7: a socket that is full misses live deltas; drained, it is told the heads. */
  function missed(session: Session): void {
    const cursor = database.now();
    world.after(random.whole(0, 2_000), () => tellChanges(session, cursor));
  }

  function http(user: UserId, { method, path, body, headers }: HttpRequest): { status: number; body: unknown } {
    const segments = /^\/api\/conversations\/([^/]+)\/segments(?:\/([^/]+))?$/.exec(path);
    if (method === 'GET' && segments?.[1]) {
      const conversation = segments[1] as ConversationId;
      const found = segments[2]
        ? database.bundle(conversation, SegmentName.parse(segments[2]), user)
        : database.listSegments(conversation, user);
      return found ? { status: 200, body: found } : refusal(403, 'not-a-member');
    }
    const key = headers?.['Idempotency-Key'] ?? '';
    const known = database.answers.get(key);
    if (known !== undefined) return { status: 200, body: known };
    if (method === 'POST' && path === '/api/conversations') {
      const asked = CreateConversationRequest.parse(body);
      const before = database.now();
      const [id, others, title] =
        asked.kind === 'group'
          ? [asked.id as ConversationId, asked.members, asked.title]
          : asked.kind === 'direct'
            ? [directConversationId(user, asked.with), [asked.with], '']
            : [selfConversationId(user), [], ''];
      database.createConversation(id, asked.kind, title, user, others);
      database.answers.set(key, {});
      relationalChange(database.members(id), before);
      return { status: 201, body: {} };
    }
    return refusal(404, 'not-found');
  }

  return {
    sabotage,
    acknowledged,
    accept(device, socket) {
      const user = database.userOf(device);
      const session: Session = { device, user: user ?? ('' as UserId), socket, greeted: false, open: true };
      if (!user || world.time() < downUntil) {
        socket.close(world.time() < downUntil ? 1006 : CLOSE.notSignedIn);
        return { take: () => undefined, gone: () => undefined };
      }
      sessions.add(session);
      return {
        take(bytes) {
          if (!sessions.has(session)) return;
          const result = decodeUp(bytes);
          if (result.ok) take(session, result.frame);
          else throw new Error('a device sent a frame that cannot be read');
        },
        gone: () => void sessions.delete(session),
      };
    },
    answer(device, request) {
      const user = database.userOf(device);
      if (world.time() < downUntil) throw new Error('the server is down');
      const { status, body } = user ? http(user, request) : refusal(401, 'not-signed-in');
      return { status, body: body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)) };
    },
    crash() {
      life++;
      waiting = [];
      committing = false;
      downUntil = world.time() + random.whole(0, 5_000);
      const dying = [...sessions];
      sessions = new Set();
      for (const session of dying) session.socket.close(1006);
    },
    removeMember(conversation, user) {
      const before = database.now();
      const members = database.members(conversation);
      database.removeMember(conversation, user);
      relationalChange(members, before);
    },
  };
}

function chainOf(pushes: readonly WaitingPush[]): Chain {
  const [first] = pushes;
  if (!first) throw new Error('a chain of nothing');
  const rows = pushes.flatMap(({ admitted: { clock, count, bytes, deletion } }) => [
    { clock, count, bytes },
    ...(deletion ? [{ clock: null, count: 0, bytes: deletion }] : []),
  ]);
  return {
    conversation: first.push.conversation,
    segment: first.push.segment,
    replica: first.admitted.replica,
    user: first.session.user,
    clock: first.admitted.clock,
    count: pushes.reduce((sum, { admitted }) => sum + admitted.count, 0),
    asAdmin: pushes.some(({ admitted }) => admitted.asAdmin),
    needs: pushes.flatMap(({ admitted }) => admitted.needs),
    rows,
  };
}

function refusal(status: number, code: ErrorCode): { status: number; body: unknown } {
  return { status, body: { error: { code, message: '' } } };
}

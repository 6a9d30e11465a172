/**
 * The relay of a simulation: the real admission, batches and comparison of replays over a database in memory, and around them sessions,
 * deltas and the HTTP acts a device needs, as docs/SYNC_SPEC.md describes them. It can be killed between a commit and its acks, and it uses every freedom
 * the rules leave it: acks and deltas in any order, deltas twice, a few rows at a time.
 */
import { Refusal, type ErrorCode } from '#schema/errors.ts';
import { CreateConversationRequest } from '#schema/http/conversations.ts';
import { directConversationId, selfConversationId } from '#schema/conversation-ids.ts';
import { SegmentName, type ConversationId, type DeviceId, type UserId } from '#schema/ids.ts';
import { decodeUp, encodeDown } from '#schema/wire/frame.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import type { Hello } from '#schema/wire/hello.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Push } from '#schema/wire/push.ts';
import type { UpFrame } from '#schema/wire/up.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { HttpAnswer, HttpRequest } from '#client/sync/http-port.ts';
import { admitUpdate } from '#server/relay/admit-update.ts';
import { formBatch } from '#server/relay/form-batch.ts';
import { resolveReplays } from '#server/relay/resolve-replay.ts';
import { settleBatch, type LatePushes } from '#server/relay/settle-batch.ts';
import { QueuedPush } from '#server/relay/waiting-push.ts';
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
  /** The cursor of the last changes it was sent, from which the next are read (C4). */
  cursor: string | null;
}

export function createSimulatedRelay(world: World, database: MemoryDatabase): SimulatedRelay {
  const { random } = world;
  let sessions = new Set<Session>();
  let waiting: QueuedPush[] = [];
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
    session.cursor = hello.epoch === database.epoch ? hello.since : null;
    tellChanges(session);
  }

  function tellChanges(session: Session): void {
    const changes = database.readChanges(session.user, session.cursor);
    session.cursor = changes.cursor;
    send(session, { type: 'changes', ...changes });
  }

  /** Something relational changed: fresh `changes` to all who may see it. */
  function relationalChange(users: readonly UserId[]): void {
    for (const session of sessions) if (session.greeted && users.includes(session.user)) tellChanges(session);
  }

  /** A receipt is told alone, without what else changed: so the cursor stays where it was. */
  function tellReceipt(users: readonly UserId[], since: string): void {
    for (const session of sessions) {
      if (!session.greeted || session.cursor === null || !users.includes(session.user)) continue;
      const { conversations, members } = database.readChanges(session.user, since);
      const told = { cursor: session.cursor, complete: false, people: [], conversations, members, heads: [] };
      send(session, { type: 'changes', ...told });
    }
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
          tellReceipt(database.members(frame.conversation), before);
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
    const { id, conversation, segment, update } = push;
    const refuse = ({ code, message, expected }: Refusal): void =>
      send(session, { type: 'nack', id, code, message, expected: expected ?? null });
    // Too much at once, now and then.
    if (random.chance(0.02)) return refuse(new Refusal('rate-limited'));
    const life_ = life;
    try {
      const admitted = admitUpdate(update, { user: session.user, segment, now: now(), foreignOrigins: 0 });
      const queued = new QueuedPush({
        user: session.user,
        conversation,
        segment,
        admitted,
        origin: session,
        answer: (result) => {
          if (life_ !== life) return;
          if (result instanceof Refusal) return refuse(result);
          acknowledged.push({ conversation, seq: result.seq, bytes: update });
          send(session, { type: 'ack', id, ...result });
        },
      });
      waiting.push(queued);
      if (sabotage.has('ack-before-commit')) {
        const seq = (database.conversations.get(conversation)?.head ?? 0) + waiting.length;
        queued.answer({ seq, to: seq });
      }
      commitSoon();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(error);
    }
  }

  /** W2: while one commit runs the next batch gathers. */
  function commitSoon(): void {
    if (committing || waiting.length === 0) return;
    committing = true;
    const own = life;
    world.after(random.whole(1, 20), () => {
      if (own !== life) return;
      const { chains, rest } = formBatch(waiting);
      waiting = rest;
      const outcomes = database.commit(chains.map(({ chain }) => chain));
      // The COMMIT is done; the process may die before it says so (R3).
      world.after(random.whole(0, 10), () => {
        if (own !== life) return;
        committing = false;
        const { commits, late, refused, again } = settleBatch(chains, outcomes);
        waiting.unshift(...again);
        for (const { conversation, rows } of commits) {
          for (const { seq, push, committed } of rows) if (committed) announce(conversation, push, seq, committed.to);
        }
        for (const { push, refusal: reason } of refused) push.answer(reason);
        for (const one of late) void world.track(compare(one, own));
        commitSoon();
      });
    });
  }

  /** W3. */
  async function compare({ pushes, expected, otherwise }: LatePushes, own: number): Promise<void> {
    const verdicts = await resolveReplays(database.stored, pushes, expected);
    if (own !== life) return;
    verdicts.forEach((verdict, i): void => {
      const push = pushes[i] as QueuedPush;
      if (verdict instanceof Refusal && !sabotage.has('no-replay-check')) return void push.answer(otherwise ?? verdict);
      if (verdict instanceof Refusal) return void push.answer({ seq: expected, to: expected });
      if (!('rest' in verdict)) return void push.answer(verdict.committed);
      push.admitted = verdict.rest;
      waiting.unshift(push);
      commitSoon();
    });
  }

  /** W4: only now ack and delta, in any order, and a delta perhaps twice. */
  function announce(conversation: ConversationId, queued: QueuedPush, seq: number, to: number): void {
    const say = [(): void => void queued.answer({ seq, to })];
    for (const user of database.members(conversation)) {
      for (const other of sessions) {
        if (other === queued.push.origin || !other.greeted || other.user !== user) continue;
        const live = (): void => {
          const pulled = database.pull(conversation, user, seq - 1, to - seq + 1);
          if (pulled) sendDelta(other, conversation, seq - 1, pulled);
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
    world.after(random.whole(0, 2_000), () => tellChanges(session));
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
      const [id, others, title] =
        asked.kind === 'group'
          ? [asked.id as ConversationId, asked.members, asked.title]
          : asked.kind === 'direct'
            ? [directConversationId(user, asked.with), [asked.with], '']
            : [selfConversationId(user), [], ''];
      database.createConversation(id, asked.kind, title, user, others);
      database.answers.set(key, {});
      relationalChange(database.members(id));
      return { status: 201, body: {} };
    }
    return refusal(404, 'not-found');
  }

  return {
    sabotage,
    acknowledged,
    accept(device, socket) {
      const user = database.userOf(device);
      const session: Session = { device, user: user ?? ('' as UserId), socket, greeted: false, cursor: null };
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
      const members = database.members(conversation);
      database.removeMember(conversation, user);
      relationalChange(members);
    },
  };
}

function refusal(status: number, code: ErrorCode): { status: number; body: unknown } {
  return { status, body: { error: { code, message: '' } } };
}

/**
 * The server's database in memory, for simulations: the same acts as the SQL in sync-server/store, with the same outcomes. Every act
 * is one transaction. It survives a crash of the relay, as PostgreSQL does.
 */
import type { ConversationId, DeviceId, ReplicaId, SegmentName, UserId } from '#schema/ids.ts';
import { mergeReadState, nothingRead, type ReadState } from '#schema/read-state.ts';
import { encodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import type { SegmentList } from '#schema/http/conversations.ts';
import type { ConversationKind, ConversationRecord, MemberRecord, Person, Role } from '#schema/wire/people.ts';
import { mergeSegment } from '#server/snapshots/merge-segment.ts';
import type { Chain, ChainOutcome, ChainRefusal } from '#server/store/commit-updates.ts';
import type { Queryable } from '#server/store/database.ts';
import type { PulledUpdates } from '#server/store/pull-updates.ts';
import type { RelationalChanges } from '#server/store/read-changes.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';

interface Membership {
  role: Role;
  left: boolean;
  joinedSeq: number;
  delivered: number;
  read: ReadState;
  xid: number;
}

export interface MemoryConversation {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  readonly title: string;
  readonly createdBy: UserId;
  readonly createdAt: number;
  xid: number;
  head: number;
  headXid: number;
  readonly members: Map<UserId, Membership>;
  /** Everything that was ever committed, in order of seq. */
  readonly log: SegmentRow[];
  /** Rows that only snapshots hold. */
  readonly merged: Set<number>;
  readonly snapshots: Map<SegmentName, SegmentBundle>;
  readonly clocks: Map<string, number>;
}

export interface MemoryDatabase {
  readonly conversations: ReadonlyMap<ConversationId, MemoryConversation>;
  readonly epoch: string;
  /** The last transaction's id: what changes from here on is at or above it. */
  now(): string;
  addUser(person: Person): void;
  addDevice(device: DeviceId, user: UserId): void;
  userOf(device: DeviceId): UserId | undefined;
  commit(chains: readonly Chain[]): ChainOutcome[];
  readChanges(user: UserId, since: string | null): RelationalChanges;
  pull(conversation: ConversationId, user: UserId, after: number, mostRows: number): PulledUpdates | null;
  /** Answers the look-ups of sync-server/store/stored-items.ts. */
  readonly stored: Queryable;
  grantReplicas(user: UserId, device: DeviceId, count: number, retired: readonly ReplicaId[]): ReplicaId[];
  mergeReceipt(user: UserId, conversation: ConversationId, delivered: number, read: ReadState | null): boolean;
  listSegments(conversation: ConversationId, user: UserId): SegmentList | null;
  bundle(conversation: ConversationId, segment: SegmentName, user: UserId): Uint8Array | null;
  /** N1: merges a segment's rows into its snapshot. */
  merge(conversation: ConversationId, segment: SegmentName): void;
  createConversation(
    id: ConversationId,
    kind: ConversationKind,
    title: string,
    by: UserId,
    others: readonly UserId[],
  ): void;
  removeMember(conversation: ConversationId, user: UserId): void;
  /** The members now. */
  members(conversation: ConversationId): UserId[];
  /** The answer to a command, by its key. */
  readonly answers: Map<string, unknown>;
}

export function createMemoryDatabase(epoch: string, now: () => number): MemoryDatabase {
  const people = new Map<UserId, { person: Person; xid: number }>();
  const devices = new Map<DeviceId, UserId>();
  const replicas = new Map<number, { user: UserId; device: DeviceId; retired: boolean }>();
  const conversations = new Map<ConversationId, MemoryConversation>();
  const answers = new Map<string, unknown>();
  let xid = 1;
  let lastReplica = 0;

  function refusalOf(chain: Chain): ChainRefusal | null {
    const conversation = conversations.get(chain.conversation);
    if (!conversation) return 'unknown-conversation';
    const member = conversation.members.get(chain.user);
    if (!member || member.left) return 'not-a-member';
    const replica = replicas.get(chain.replica);
    if (!replica || replica.retired || replica.user !== chain.user) return 'replica-not-yours';
    if (nextClock(conversation, chain.segment, chain.replica) !== chain.clock) return 'clock';
    if (chain.asAdmin && (conversation.kind !== 'group' || member.role === 'member')) return 'not-allowed';
    for (const need of chain.needs) {
      if (nextClock(conversation, chain.segment, need.replica) <= need.clock) return 'unknown-target';
      const author = replicas.get(need.replica)?.user;
      if (need.author !== null && author !== need.author)
        return need.author === chain.user ? 'not-allowed' : 'wrong-author';
    }
    return null;
  }

  function place(record: MemoryConversation, user: UserId): ConversationRecord {
    const own = record.members.get(user);
    if (!own) throw new Error('not a member ever');
    const { id, kind, title, createdBy, createdAt } = record;
    return {
      id,
      kind,
      title,
      createdBy,
      createdAt,
      role: own.role,
      joinedSeq: own.joinedSeq,
      left: own.left,
      read: own.read,
    };
  }

  function memberRecords(record: MemoryConversation): MemberRecord[] {
    return [...record.members].map(([user, member]) => ({
      conversation: record.id,
      user,
      role: member.role,
      left: member.left,
      deliveredSeq: member.delivered,
      readSeq: member.read.seq,
    }));
  }

  const database: MemoryDatabase = {
    conversations,
    epoch,
    answers,
    now: () => String(xid),
    addUser: (person) => void people.set(person.id, { person, xid: ++xid }),
    addDevice: (device, user) => void devices.set(device, user),
    userOf: (device) => devices.get(device),
    commit(chains) {
      xid++;
      // Every chain is judged by what was stored before the call, as the one statement of the SQL does.
      const judged = chains.map((chain) => ({ chain, refusal: refusalOf(chain), expected: expectedOf(chain) }));
      return judged.map(({ chain, refusal, expected }): ChainOutcome => {
        const conversation = conversations.get(chain.conversation);
        const version = conversation ? String(conversation.xid) : null;
        if (refusal || !conversation)
          return { outcome: refusal ?? 'unknown-conversation', firstSeq: 0, expected, version };
        const firstSeq = conversation.head + 1;
        for (const row of chain.rows) {
          conversation.head++;
          conversation.log.push({
            seq: conversation.head,
            segment: chain.segment,
            replica: row.clock === null ? null : chain.replica,
            clockFrom: row.clock,
            clockCount: row.count,
            bytes: row.bytes,
          });
        }
        conversation.headXid = xid;
        conversation.clocks.set(`${chain.segment}/${chain.replica}`, chain.clock + chain.count);
        return { outcome: 'stored', firstSeq, expected, version };
      });
    },
    readChanges(user, since) {
      const from = since === null ? 0 : Number(since);
      const own = [...conversations.values()].filter((one) => one.members.has(user));
      const moved = own.filter((one) => {
        const member = one.members.get(user);
        return member !== undefined && (member.xid >= from || (one.xid >= from && !member.left));
      });
      const seen = own.filter((one) => !one.members.get(user)?.left);
      const met = new Set(seen.filter((one) => one.xid >= from).flatMap((one) => [...one.members.keys()]));
      const known = new Set<UserId>([user, ...seen.flatMap((one) => [...one.members.keys()])]);
      return {
        cursor: String(xid),
        complete: since === null,
        people: [...people.values()]
          .filter(({ person, xid: changed }) => known.has(person.id) && (changed >= from || met.has(person.id)))
          .map(({ person }) => person),
        conversations: moved.map((one) => place(one, user)),
        members: seen.flatMap((one) =>
          memberRecords(one).filter((record) => one.xid >= from || (one.members.get(record.user)?.xid ?? 0) >= from),
        ),
        heads: seen
          .filter((one) => one.head > 0 && (one.headXid >= from || one.xid >= from))
          .map((one): [ConversationId, number] => [one.id, one.head]),
      };
    },
    pull(id, user, after, mostRows) {
      const conversation = conversations.get(id);
      const member = conversation?.members.get(user);
      if (!conversation || !member || member.left) return null;
      const ahead = conversation.log.filter((row) => row.seq > after && !conversation.merged.has(row.seq));
      const rows = ahead.slice(0, mostRows);
      const through = ahead.length > rows.length ? (rows.at(-1)?.seq ?? after) : Math.max(conversation.head, after);
      const complete = through - after === rows.length;
      const resyncSegments = complete
        ? []
        : [...conversation.snapshots].filter(([, { throughSeq }]) => throughSeq > after).map(([name]) => name);
      return { head: conversation.head, through, rows, resyncSegments, version: String(conversation.xid) };
    },
    stored: {
      async query<R>(_text: string, values: readonly unknown[] = [], name = ''): Promise<R[]> {
        // The log keeps every row, so a snapshot is never needed to know what was written.
        if (name !== 'stored-rows') return [];
        const [id, segment, replica, from, to] = values as [ConversationId, SegmentName, number, number, number];
        const log = conversations.get(id)?.log ?? [];
        return log.flatMap((row) => {
          const clock = row.clockFrom ?? 0;
          if (row.segment !== segment || row.replica !== replica || clock >= to || clock + row.clockCount <= from)
            return [];
          return [{ seq: row.seq, clock_from: clock, clock_count: row.clockCount, bytes: row.bytes } as R];
        });
      },
    },
    grantReplicas(user, device, count, retired) {
      for (const replica of retired) {
        const known = replicas.get(replica);
        if (known?.device === device) known.retired = true;
      }
      return Array.from({ length: count }, () => {
        replicas.set(++lastReplica, { user, device, retired: false });
        return lastReplica as ReplicaId;
      });
    },
    mergeReceipt(user, id, delivered, read) {
      const conversation = conversations.get(id);
      const member = conversation?.members.get(user);
      if (!conversation || !member || member.left) return false;
      const merged = read
        ? mergeReadState(member.read, { ...read, seq: Math.min(read.seq, conversation.head) })
        : member.read;
      const stored = Math.max(member.delivered, Math.min(delivered, conversation.head));
      if (stored === member.delivered && JSON.stringify(merged) === JSON.stringify(member.read)) return false;
      Object.assign(member, { delivered: stored, read: merged, xid: ++xid });
      return true;
    },
    listSegments(id, user) {
      const conversation = conversations.get(id);
      const member = conversation?.members.get(user);
      if (!conversation || !member || member.left) return null;
      const last = new Map<SegmentName, { segment: SegmentName; lastSeq: number; events: number }>();
      for (const { segment, seq, clockCount } of conversation.log) {
        last.set(segment, { segment, lastSeq: seq, events: (last.get(segment)?.events ?? 0) + clockCount });
      }
      const segments = [...last.values()].sort((one, other) => (one.segment < other.segment ? 1 : -1));
      return { conversation: id, head: conversation.head, segments };
    },
    bundle(id, segment, user) {
      const conversation = conversations.get(id);
      const member = conversation?.members.get(user);
      if (!conversation || !member || member.left) return null;
      const rows = conversation.log.filter((row) => row.segment === segment);
      return rows.length === 0 ? null : encodeBundle(mergeSegment(null, rows).bundle);
    },
    merge(id, segment) {
      const conversation = conversations.get(id);
      const rows = conversation?.log.filter((row) => row.segment === segment) ?? [];
      if (!conversation || rows.length === 0) return;
      conversation.snapshots.set(segment, mergeSegment(null, rows).bundle);
      for (const row of rows) conversation.merged.add(row.seq);
    },
    createConversation(id, kind, title, by, others) {
      if (conversations.has(id)) return;
      xid++;
      const member = (role: Role): Membership => ({
        role,
        left: false,
        joinedSeq: 0,
        delivered: 0,
        read: nothingRead,
        xid,
      });
      const members = new Map<UserId, Membership>([
        [by, member(kind === 'group' ? 'owner' : 'member')],
        ...others.map((user) => [user, member('member')] as const),
      ]);
      conversations.set(id, {
        id,
        kind,
        title,
        createdBy: by,
        createdAt: now(),
        xid,
        head: 0,
        headXid: 0,
        members,
        log: [],
        merged: new Set(),
        snapshots: new Map(),
        clocks: new Map(),
      });
    },
    removeMember(id, user) {
      const conversation = conversations.get(id);
      const member = conversation?.members.get(user);
      if (!conversation || !member) return;
      xid++;
      Object.assign(member, { left: true, xid });
      conversation.xid = xid;
    },
    members: (id) =>
      [...(conversations.get(id)?.members ?? [])].filter(([, member]) => !member.left).map(([user]) => user),
  };

  function expectedOf({ conversation, segment, replica }: Chain): number {
    const known = conversations.get(conversation);
    return known ? nextClock(known, segment, replica) : 0;
  }

  return database;
}

function nextClock(conversation: MemoryConversation, segment: SegmentName, replica: number): number {
  return conversation.clocks.get(`${segment}/${replica}`) ?? 0;
}

/**
 * A device by hand, for tests of screens: everything it shows can be set, everything it was asked to do is written down, and any
 * act can be made to fail. It keeps a plain array of messages per conversation, and nothing else of what a real one does.
 */
import { LIMITS } from '#schema/limits.ts';
import { Refusal } from '#schema/errors.ts';
import { directConversationId } from '#schema/conversation-ids.ts';
import { eventId, segmentOf, type ConversationId, type EventId, type UserId } from '#schema/ids.ts';
import type { DeviceRecord } from '#schema/http/accounts.ts';
import type { MemberRecord, Person } from '#schema/wire/people.ts';
import { createSubject, type Subject } from '#client/services/create-subject.ts';
import type {
  ConnectionStatus,
  ConversationSummary,
  Device,
  Notice,
  Profile,
  SearchHit,
  SyncDetails,
  Timeline,
  TimelineMessage,
  TimelineWindow,
} from '#client/services/device.ts';

/** What a fake device starts with; each part has a default. */
export interface FakeDeviceStart {
  profile?: Profile;
  conversations?: readonly ConversationSummary[] | null;
  people?: readonly Person[];
  /** Who is in which conversation. */
  members?: ReadonlyMap<ConversationId, readonly MemberRecord[]>;
  messages?: ReadonlyMap<ConversationId, readonly TimelineMessage[]>;
  connection?: ConnectionStatus;
  syncDetails?: SyncDetails;
  storage?: 'indexeddb' | 'memory';
  notices?: readonly Notice[];
  devices?: readonly DeviceRecord[];
  /** People whom only the server knows: `searchPeople` finds them while the connection is online. */
  strangers?: readonly Person[];
  now?: () => number;
}

/** The name of an act and what it was given. */
export type Act = readonly [name: keyof Device, ...given: unknown[]];

export interface FakeDevice extends Device {
  readonly profile: Subject<Profile>;
  readonly conversations: Subject<readonly ConversationSummary[] | null>;
  readonly people: Subject<ReadonlyMap<UserId, Person>>;
  readonly connection: Subject<ConnectionStatus>;
  readonly syncDetails: Subject<SyncDetails>;
  readonly storage: Subject<'indexeddb' | 'memory'>;
  readonly notices: Subject<readonly Notice[]>;
  /** Everything the device was asked to do, in order. */
  readonly acts: readonly Act[];
  /** From now on this act throws; null: it works again. */
  fail(act: keyof Device, error: Error | null): void;
  /** Puts a message into a conversation, as if it had arrived. */
  receive(conversation: ConversationId, message: TimelineMessage): void;
}

/** A user id with a number in it: the same number is the same user. */
export function userId(n: number): UserId {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as UserId;
}

/** A group's id with a number in it. */
export function groupId(n: number): ConversationId {
  return `10000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ConversationId;
}

/** A person, as the server tells of them. */
export function person(n: number, name: string, about = ''): Person {
  return { id: userId(n), name, about, placeholder: false };
}

/** A row of the list; give what matters to the test. */
export function summary(
  given: Partial<ConversationSummary> & Pick<ConversationSummary, 'id' | 'title'>,
): ConversationSummary {
  const activity = given.activity ?? given.lastMessage?.at ?? 0;
  return {
    kind: 'group',
    peer: null,
    pending: false,
    left: false,
    role: 'member',
    lastMessage: null,
    draft: null,
    unread: 0,
    ...given,
    activity,
  };
}

/** A message of the timeline; give what matters to the test. `clock` makes its id. */
export function message(
  given: Partial<TimelineMessage> & Pick<TimelineMessage, 'by' | 'at' | 'text'>,
  clock: number,
): TimelineMessage {
  return {
    id: eventId(segmentOf(given.at), 7, clock),
    seq: clock + 1,
    replyTo: null,
    versions: [{ text: given.text, at: given.at }],
    deleted: false,
    reactions: [],
    unknown: false,
    own: false,
    state: 'sent',
    failure: null,
    ...given,
  };
}

const NOTHING_WAITS: SyncDetails = { waiting: [], bytes: 0, lastSync: null, segmentsToFetch: 0 };

/** A fake device of a person called Ana, unless told otherwise. */
export function createFakeDevice(start: FakeDeviceStart = {}): FakeDevice {
  const now = start.now ?? (() => Date.now());
  const me: Profile = start.profile ?? { id: userId(1), name: 'Ana', about: '', email: 'ana@example.org' };
  const self: Person = { id: me.id, name: me.name, about: me.about, placeholder: false };
  const acts: Act[] = [];
  const failures = new Map<keyof Device, Error>();
  const messages = new Map(
    [...(start.messages ?? [])].map(([id, list]) => [id, createSubject<readonly TimelineMessage[]>(list)]),
  );
  const drafts = new Map<ConversationId, { text: string; replyTo: EventId | null }>();
  let devices = start.devices ?? [];
  let nextClock = 1_000_000;

  const fake = {
    profile: createSubject(me),
    conversations: createSubject(start.conversations === undefined ? [] : start.conversations),
    people: createSubject<ReadonlyMap<UserId, Person>>(
      new Map([self, ...(start.people ?? [])].map((one) => [one.id, one])),
    ),
    connection: createSubject<ConnectionStatus>(start.connection ?? { kind: 'online' }),
    syncDetails: createSubject(start.syncDetails ?? NOTHING_WAITS),
    storage: createSubject(start.storage ?? 'indexeddb'),
    notices: createSubject(start.notices ?? []),
  };

  /** Writes an act down, and throws what the test wants it to throw. */
  function act(...what: Act): void {
    acts.push(what);
    const failure = failures.get(what[0]);
    if (failure) throw failure;
  }

  function history(conversation: ConversationId): Subject<readonly TimelineMessage[]> {
    let list = messages.get(conversation);
    if (!list) {
      list = createSubject<readonly TimelineMessage[]>([]);
      messages.set(conversation, list);
    }
    return list;
  }

  function alter(conversation: ConversationId, id: EventId, to: (before: TimelineMessage) => TimelineMessage): void {
    const list = history(conversation);
    list.set(list.get().map((one) => (one.id === id ? to(one) : one)));
  }

  function changeSummary(id: ConversationId, change: Partial<ConversationSummary>): void {
    const list = fake.conversations.get() ?? [];
    const sorted = list.map((one) => (one.id === id ? { ...one, ...change } : one));
    fake.conversations.set(sorted.sort((one, other) => other.activity - one.activity));
  }

  function add(conversation: ConversationSummary): ConversationId {
    const others = (fake.conversations.get() ?? []).filter(({ id }) => id !== conversation.id);
    fake.conversations.set([conversation, ...others]);
    return conversation.id;
  }

  function append(conversation: ConversationId, one: TimelineMessage): void {
    const list = history(conversation);
    list.set([...list.get(), one]);
    const sender = one.own ? 'You' : (fake.people.get().get(one.by)?.name ?? '');
    changeSummary(conversation, {
      lastMessage: { by: one.by, sender, text: one.text, deleted: one.deleted, at: one.at, state: one.state },
      activity: one.at,
    });
  }

  return {
    ...fake,
    acts,
    fail: (name, error) => {
      if (error) failures.set(name, error);
      else failures.delete(name);
    },
    receive: append,

    openTimeline(conversation): Timeline {
      act('openTimeline', conversation);
      const list = history(conversation);
      const view = (): TimelineWindow => ({
        status: 'ready',
        messages: list.get(),
        older: 'none',
        newer: 'none',
        firstUnread: null,
      });
      const window = createSubject(view());
      const end = list.subscribe(() => window.set(view()));
      return {
        window,
        loadOlder: () => Promise.resolve(),
        loadNewer: () => Promise.resolve(),
        jumpTo: (id) => Promise.resolve(list.get().some((one) => one.id === id)),
        jumpToLatest: () => Promise.resolve(),
        close: end,
      };
    },
    members: (conversation) => Promise.resolve(start.members?.get(conversation) ?? []),

    async sendMessage(conversation, text, replyTo) {
      act('sendMessage', conversation, text, replyTo);
      if (text.trim() === '') throw new Refusal('malformed-event', 'A message needs some text.');
      if (text.length > LIMITS.textLength) throw new Refusal('update-too-large');
      const sent = message({ by: me.id, at: now(), text, replyTo, own: true, state: 'local', seq: null }, nextClock++);
      append(conversation, sent);
      return sent.id;
    },
    async editMessage(conversation, id, text) {
      act('editMessage', conversation, id, text);
      alter(conversation, id, (before) => ({ ...before, text, versions: [...before.versions, { text, at: now() }] }));
    },
    async deleteMessage(conversation, id) {
      act('deleteMessage', conversation, id);
      alter(conversation, id, (before) => ({ ...before, text: '', versions: [], deleted: true, reactions: [] }));
    },
    async react(conversation, id, emoji, on) {
      act('react', conversation, id, emoji, on);
      alter(conversation, id, (before) => {
        const slots = new Map(before.reactions.map((slot) => [slot.emoji, slot.by.filter((who) => who !== me.id)]));
        if (on) slots.set(emoji, [...(slots.get(emoji) ?? []), me.id]);
        return {
          ...before,
          reactions: [...slots].filter(([, by]) => by.length > 0).map(([name, by]) => ({ emoji: name, by })),
        };
      });
    },
    async markRead(conversation, upTo) {
      act('markRead', conversation, upTo);
      changeSummary(conversation, { unread: 0 });
    },
    draft: (conversation) => Promise.resolve(drafts.get(conversation) ?? null),
    async saveDraft(conversation, text, replyTo) {
      act('saveDraft', conversation, text, replyTo);
      if (text === '' && replyTo === null) drafts.delete(conversation);
      else drafts.set(conversation, { text, replyTo });
      changeSummary(conversation, { draft: text === '' ? null : text });
    },

    async startDirect(peer) {
      act('startDirect', peer);
      const id = directConversationId(me.id, peer.id);
      const there = fake.conversations.get()?.find((one) => one.id === id);
      return there ? id : add(summary({ id, kind: 'direct', title: peer.name, peer, pending: true, activity: now() }));
    },
    async createGroup(title, people) {
      act('createGroup', title, people);
      return add(summary({ id: groupId(nextClock++), title, pending: true, role: 'owner', activity: now() }));
    },
    async searchPeople(query) {
      act('searchPeople', query);
      const reachable = fake.connection.get().kind === 'online' ? (start.strangers ?? []) : [];
      const words = query.trim().toLowerCase();
      return [...fake.people.get().values(), ...reachable].filter(
        (one) => one.id !== me.id && one.name.toLowerCase().includes(words),
      );
    },
    async searchMessages(query, conversation, limit): Promise<readonly SearchHit[]> {
      act('searchMessages', query, conversation, limit);
      const ids = conversation === null ? [...messages.keys()] : [conversation];
      const words = query.toLowerCase();
      const hits = ids.flatMap((id) =>
        history(id)
          .get()
          .map((one) => ({ conversation: id, message: one })),
      );
      return hits.filter((hit) => hit.message.text.toLowerCase().includes(words)).slice(0, limit);
    },

    async updateProfile(change) {
      act('updateProfile', change);
      fake.profile.set({ ...fake.profile.get(), ...change });
    },
    async devices() {
      act('devices');
      return devices;
    },
    async revokeDevice(id) {
      act('revokeDevice', id);
      devices = devices.filter((one) => one.id !== id);
    },

    syncNow: () => act('syncNow'),
    async cancelWaiting(id) {
      act('cancelWaiting', id);
      const details = fake.syncDetails.get();
      fake.syncDetails.set({ ...details, waiting: details.waiting.filter((item) => item.id !== id) });
    },
    dismissNotice(id) {
      act('dismissNotice', id);
      fake.notices.set(fake.notices.get().filter((notice) => notice.id !== id));
    },
    async signOut(erase) {
      act('signOut', erase);
    },
  };
}

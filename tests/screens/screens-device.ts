import type { ConversationSummary, SyncDetails, TimelineMessage } from '#client/services/device.ts';
import { directConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId, DeviceId } from '#schema/ids.ts';
import type { MemberRecord } from '#schema/wire/people.ts';
import {
  createFakeDevice,
  groupId,
  message,
  person,
  summary,
  userId,
  type FakeDevice,
  type FakeDeviceStart,
} from '#tests/support/fake-device.ts';
import { Refusal } from '#schema/errors.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const people = [
  person(2, 'Ben Okafor', 'Field work until Friday'),
  person(3, 'Chloé Martin'),
  person(4, 'Daniel Weiss', 'Please write before calling'),
  person(5, 'Emine Aydın'),
  person(6, 'Farid Haddad', 'Somewhere between two trains'),
];
const [ben, chloe, daniel, emine, farid] = people as [
  (typeof people)[0],
  (typeof people)[0],
  (typeof people)[0],
  (typeof people)[0],
  (typeof people)[0],
];

const me = userId(1);
const direct = (other: (typeof people)[0]) => directConversationId(me, other.id);

function rows(now: number): ConversationSummary[] {
  const last = (by: number, sender: string, text: string, at: number, state: TimelineMessage['state'] = 'sent') => ({
    by: userId(by),
    sender,
    text,
    deleted: false,
    at,
    state,
  });
  return [
    summary({
      id: groupId(1),
      title: 'Research group',
      unread: 12,
      role: 'owner',
      lastMessage: last(
        3,
        'Chloé Martin',
        'The samples arrived this morning, all forty of them.\nShall we meet at three?',
        now - 4 * MINUTE,
      ),
    }),
    summary({
      id: direct(ben),
      kind: 'direct',
      title: ben.name,
      peer: ben,
      lastMessage: last(1, 'You', 'On my way', now - 22 * MINUTE, 'local'),
    }),
    summary({
      id: groupId(2),
      title: 'Harbour walk on Sunday',
      pending: true,
      role: 'owner',
      activity: now - 40 * MINUTE,
    }),
    summary({
      id: direct(daniel),
      kind: 'direct',
      title: daniel.name,
      peer: daniel,
      draft: 'About the budget: I think we should',
      lastMessage: last(4, daniel.name, 'Any news?', now - 3 * HOUR),
    }),
    summary({
      id: direct(emine),
      kind: 'direct',
      title: emine.name,
      peer: emine,
      unread: 1,
      lastMessage: last(5, emine.name, 'See you tomorrow 👋', now - DAY),
    }),
    summary({
      id: groupId(3),
      title: 'Reading circle: the long novels nobody else has the patience for',
      lastMessage: last(1, 'You', 'Chapter nine then', now - 3 * DAY, 'read'),
    }),
    summary({
      id: direct(farid),
      kind: 'direct',
      title: farid.name,
      peer: farid,
      lastMessage: last(1, 'You', 'Thank you!', now - 5 * DAY, 'delivered'),
    }),
    summary({
      id: groupId(4),
      title: 'Old office',
      left: true,
      lastMessage: { ...last(2, ben.name, '', now - 40 * DAY), deleted: true },
    }),
    summary({
      id: direct(chloe),
      kind: 'direct',
      title: chloe.name,
      peer: chloe,
      lastMessage: last(1, 'You', 'This one was refused', now - 400 * DAY, 'failed'),
    }),
  ];
}

function history(now: number): TimelineMessage[] {
  const texts: [number, string][] = [
    [2, 'Good morning. The boat leaves at seven.'],
    [3, 'Already packed.'],
    [1, 'I will bring the second camera, and the charts Daniel asked for.'],
    [4, 'Perfect'],
    [
      2,
      'Weather looks fine until noon. After that the wind turns, so let us be back before it does; last time it took us three hours against the tide and nobody enjoyed that.',
    ],
    [1, 'Agreed.'],
    [3, 'The samples arrived this morning, all forty of them.\nShall we meet at three?'],
  ];
  return texts.map(([by, text], n) =>
    message(
      {
        by: userId(by),
        at: now - (texts.length - n) * 7 * MINUTE,
        text,
        own: by === 1,
        state: by === 1 ? 'sent' : 'sent',
      },
      n,
    ),
  );
}

const waiting: SyncDetails = {
  waiting: [
    { id: 'm1', kind: 'message', title: 'Message to Ben Okafor', bytes: 148, cancellable: true },
    { id: 'm2', kind: 'message', title: 'Message to Research group', bytes: 2_310, cancellable: false },
    { id: 'c1', kind: 'change', title: 'Create “Harbour walk on Sunday”', bytes: 312, cancellable: true },
  ],
  bytes: 2_770,
  lastSync: Date.now() - 14 * MINUTE,
  segmentsToFetch: 7,
};

/** A device in a state worth looking at. */
export function makeScreensDevice(state: string): FakeDevice {
  const now = Date.now();
  const member = (conversation: ConversationId, n: number, role: MemberRecord['role'] = 'member'): MemberRecord => ({
    conversation,
    user: userId(n),
    role,
    left: false,
    deliveredSeq: 0,
    readSeq: 0,
  });
  const start: FakeDeviceStart = {
    profile: { id: me, name: 'Ana Lima', about: 'Counting birds, mostly', email: 'ana@example.org' },
    people,
    strangers: [person(7, 'Greta Lindqvist')],
    conversations: rows(now),
    members: new Map([
      [
        groupId(1),
        [
          member(groupId(1), 1, 'owner'),
          member(groupId(1), 2, 'admin'),
          ...[3, 4, 5, 6].map((n) => member(groupId(1), n)),
        ],
      ],
    ]),
    messages: new Map([[groupId(1), history(now)]]),
    syncDetails: { waiting: [], bytes: 0, lastSync: now - 20_000, segmentsToFetch: 0 },
    devices: [
      { id: 'a' as DeviceId, name: 'Chrome on Linux', createdAt: now - 90 * DAY, lastSeenAt: now, current: true },
      {
        id: 'b' as DeviceId,
        name: 'Safari on iPhone',
        createdAt: now - 30 * DAY,
        lastSeenAt: now - 2 * HOUR,
        current: false,
      },
      {
        id: 'c' as DeviceId,
        name: 'Firefox on Windows',
        createdAt: now - 200 * DAY,
        lastSeenAt: now - 60 * DAY,
        current: false,
      },
    ],
  };
  if (state === 'empty') Object.assign(start, { conversations: [], people: [] });
  if (state === 'loading') Object.assign(start, { conversations: null });
  if (state === 'offline') Object.assign(start, { connection: { kind: 'offline' }, syncDetails: waiting });
  if (state === 'syncing') Object.assign(start, { connection: { kind: 'syncing', changes: 3 }, syncDetails: waiting });
  if (state === 'memory') Object.assign(start, { storage: 'memory', connection: { kind: 'reconnecting' } });
  if (state === 'ended') Object.assign(start, { connection: { kind: 'ended', reason: 'signed-out' } });
  if (state === 'notices') {
    Object.assign(start, {
      notices: [
        { id: 1, level: 'information', text: 'The clock of this device was ahead. Times were corrected.' },
        {
          id: 2,
          level: 'error',
          text: 'Not delivered: you were removed from this group. The text stays in your own copy.',
        },
      ],
    });
  }
  if (state === 'many') {
    Object.assign(start, {
      conversations: Array.from({ length: 1_200 }, (_, n) =>
        summary({
          id: groupId(n),
          title: `Conversation ${n + 1}`,
          unread: n % 5,
          lastMessage: {
            by: userId(2),
            sender: 'Ben Okafor',
            text: `Message number ${n}`,
            deleted: false,
            at: now - n * HOUR,
            state: 'sent',
          },
        }),
      ),
    });
  }
  const device = createFakeDevice(start);
  if (state === 'offline') device.fail('devices', new Refusal('unavailable'));
  return device;
}

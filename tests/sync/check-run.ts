/** What must be true after a run came to rest: the rules of docs/SYNC_SPEC.md, looked at from outside. */
import { isRead } from '#schema/read-state.ts';
import { eventId, eventPlace, type ConversationId } from '#schema/ids.ts';
import type { Message } from '#schema/segment/segment-view.ts';
import type { DeviceStore, StoredConversation, UnreadMessage } from '#client/store/device-store.ts';
import type { MemoryConversation, MemoryDatabase } from './memory-database.ts';
import { countTokens, type Ledger } from './ledger.ts';
import { deviceTimeline, serverTimeline } from './read-timeline.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import type { SimulatedRelay } from './simulated-relay.ts';

/** Gives everything that is wrong, in words; nothing is. */
export async function checkRun(
  devices: readonly SimulatedDevice[],
  database: MemoryDatabase,
  relay: SimulatedRelay,
  ledger: Ledger,
): Promise<string[]> {
  const wrong = [...ledger.violations, ...checkLog(database, relay)];
  const truth = new Map([...database.conversations.values()].map((one) => [one.id, serverTimeline(one.log)]));
  for (const device of devices) {
    const [tab] = device.tabs();
    if (!tab) throw new Error('a device without a tab');
    wrong.push(...(await checkDevice(device, tab.store, database, truth)));
  }
  wrong.push(...(await checkLedger(devices, database, truth, ledger)));
  return wrong;
}

/** R3, R7: seqs are gapless, and what was acknowledged is there as it was pushed. */
function checkLog(database: MemoryDatabase, relay: SimulatedRelay): string[] {
  const wrong: string[] = [];
  for (const { id, log, head } of database.conversations.values()) {
    if (log.some((row, i) => row.seq !== i + 1) || log.length !== head) wrong.push(`[R7] the seqs of ${id} have gaps`);
  }
  for (const { conversation, seq, bytes } of relay.acknowledged) {
    const row = database.conversations.get(conversation)?.log[seq - 1];
    if (!row || Buffer.compare(row.bytes, bytes) !== 0)
      wrong.push(`[R3] ${conversation} ${seq} was acknowledged and is not there`);
  }
  return wrong;
}

async function checkDevice(
  device: SimulatedDevice,
  store: DeviceStore,
  database: MemoryDatabase,
  truth: ReadonlyMap<ConversationId, readonly Message[]>,
): Promise<string[]> {
  const wrong: string[] = [];
  const name = `device ${device.id.slice(0, 4)}`;
  const size = await store.outboxSize();
  const membersOnly = [...database.conversations.values()].filter(
    (one) => one.members.get(device.user)?.left === false,
  );
  if (size.commands > 0) wrong.push(`${name}: commands still wait`);
  const damaged = await store.damaged();
  if (damaged.length > 0) wrong.push(`${name}: damaged rows: ${JSON.stringify(damaged)}`);
  for (const conversation of membersOnly) {
    const stored = await store.conversation(conversation.id);
    if (!stored) {
      wrong.push(`${name}: does not know ${conversation.id}`);
      continue;
    }
    if (conversation.head > 0 && stored.cursor !== conversation.head)
      wrong.push(`${name}: its cursor is ${stored.cursor} of ${conversation.head}`);
    const missing = (await store.segmentNames(conversation.id)).filter((segment) => !segment.present);
    if (missing.length > 0)
      wrong.push(`${name}: segments were never fetched: ${missing.map(({ segment }) => segment).join(', ')}`);
    const shown = await deviceTimeline(store, conversation.id);
    const expected = truth.get(conversation.id) ?? [];
    if (JSON.stringify(shown) !== JSON.stringify(expected))
      wrong.push(`[R10] ${name}: ${differences(shown, expected)}`);
    wrong.push(...checkSummary(name, device, conversation, stored, await store.unread(conversation.id), shown));
  }
  return wrong;
}

/** The list's row says what the timeline says; what was read is known at the server. */
function checkSummary(
  name: string,
  device: SimulatedDevice,
  conversation: MemoryConversation,
  stored: StoredConversation,
  unread: readonly UnreadMessage[],
  shown: readonly Message[],
): string[] {
  const wrong: string[] = [];
  const last = shown.at(-1);
  if (stored.lastMessage?.id !== last?.id || stored.lastMessage?.text !== last?.text) {
    wrong.push(
      `${name}: the list shows ${JSON.stringify(stored.lastMessage)} last, the timeline ${JSON.stringify(last)}`,
    );
  }
  const own = conversation.members.get(device.user);
  if (own && JSON.stringify(own.read) !== JSON.stringify(stored.record.read)) {
    wrong.push(`[E1] ${name}: read ${JSON.stringify(stored.record.read)}, the server says ${JSON.stringify(own.read)}`);
  }
  const expected = shown.filter((message) => {
    if (message.by === device.user || message.deleted || message.seq === null) return false;
    const { segment, replica, clock } = eventPlace(message.id);
    return message.seq > stored.record.joinedSeq && !isRead(stored.record.read, segment, replica, clock, message.seq);
  });
  const counted = unread.map(({ segment, replica, clock }) => eventId(segment, replica, clock)).sort();
  const wanted = expected.map(({ id }) => id).sort();
  if (counted.length !== stored.unread || JSON.stringify(counted) !== JSON.stringify(wanted)) {
    wrong.push(`${name}: counts ${stored.unread} unread, lists ${counted.join(' ')}, should be ${wanted.join(' ')}`);
  }
  return wrong;
}

async function checkLedger(
  devices: readonly SimulatedDevice[],
  database: MemoryDatabase,
  truth: ReadonlyMap<ConversationId, readonly Message[]>,
  ledger: Ledger,
): Promise<string[]> {
  const wrong: string[] = [];
  const counts = new Map([...truth].map(([id, timeline]) => [id, countTokens(ledger, timeline)]));
  const refused = new Set<string>();
  /** Of messages whose deletion was refused, since its person was removed meanwhile. */
  const kept = new Set<string>();
  for (const device of devices) {
    for (const conversation of database.conversations.keys()) {
      for (const { event } of (await device.tabs()[0]?.store.failed(conversation)) ?? []) {
        for (const token of 'text' in event ? ledger.tokensIn(event.text as string) : []) refused.add(token);
        if (event.kind !== 'delete') continue;
        const target = truth.get(conversation)?.find(({ id }) => id === event.target);
        for (const { text } of target?.versions ?? []) for (const token of ledger.tokensIn(text)) kept.add(token);
      }
    }
  }
  for (const { token, conversation, state, by } of ledger.entries.values()) {
    const count = counts.get(conversation)?.get(token) ?? 0;
    if (count > ledger.mayStand(token) && token.startsWith('m')) wrong.push(`[R6] ${token} is there ${count} times`);
    if (state === 'durable' && count === 0 && !refused.has(token))
      wrong.push(`[R1] ${token} of ${by.slice(0, 4)} was durable on its device and is gone`);
    if ((state === 'deleted' && !kept.has(token)) || state === 'emptied')
      if (count > 0) wrong.push(`${token} was ${state} and is there`);
    if ((refused.has(token) || kept.has(token)) && database.members(conversation).includes(by))
      wrong.push(`[R9] ${token} was refused to a member`);
  }
  return wrong;
}

function differences(shown: readonly Message[], expected: readonly Message[]): string {
  const ids = new Set([...shown, ...expected].map((message) => message.id));
  const lines: string[] = [];
  for (const id of ids) {
    const one = JSON.stringify(shown.find((message) => message.id === id));
    const other = JSON.stringify(expected.find((message) => message.id === id));
    if (one !== other) lines.push(`\n      shows  ${one}\n      server ${other}`);
  }
  return lines.length > 0 ? lines.slice(0, 4).join('') : 'the order differs';
}

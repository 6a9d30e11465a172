/**
 * One run from a seed: people write, edit, delete, react, read and make conversations on their devices, while tabs die, the network goes,
 * the relay crashes, clocks are wrong and a profile is put back to an old copy. Then everything is healed, comes to rest, and is
 * compared (check-run.ts).
 */
import type { ConversationId, DeviceId, EventId, UserId } from '#schema/ids.ts';
import { segmentOf } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { decodeUp } from '#schema/wire/frame.ts';
import type { Person } from '#schema/wire/people.ts';
import type { ActContext } from '#client/worker/acts/act-context.ts';
import { createGroup } from '#client/worker/acts/create-group.ts';
import { deleteMessage } from '#client/worker/acts/delete-message.ts';
import { editMessage } from '#client/worker/acts/edit-message.ts';
import { react } from '#client/worker/acts/react.ts';
import { sendMessage } from '#client/worker/acts/send-message.ts';
import { startDirect } from '#client/worker/acts/start-direct.ts';
import { Refusal } from '#schema/errors.ts';
import { createSeededRandom } from '#tests/support/seeded-random.ts';
import { checkRun } from './check-run.ts';
import type { Disk } from './disk.ts';
import { createLedger } from './ledger.ts';
import { createMemoryDatabase, type MemoryDatabase } from './memory-database.ts';
import { deviceTimeline } from './read-timeline.ts';
import { createSimulatedDevice, type SimulatedDevice, type SimulatedTab, type Tampering } from './simulated-device.ts';
import { createSimulatedRelay, type SimulatedRelay } from './simulated-relay.ts';
import { BEGINNING, createWorld } from './world.ts';

interface BackUp {
  readonly disk: Disk;
  readonly time: number;
  /** Tokens of the messages that were not acknowledged. */
  readonly waiting: ReadonlySet<string>;
  /** It is of a profile that had been put back itself. */
  readonly again: boolean;
}

export interface SimulationOptions {
  /** How much people do. */
  readonly acts?: number;
  /** Faults to be put into the relay by hand. */
  readonly sabotage?: readonly (SimulatedRelay['sabotage'] extends Set<infer S> ? S : never)[];
  /** Faults to be put into the devices by hand. */
  readonly tamper?: Tampering;
  readonly log?: (line: string) => void;
}

const FAULTS = ['cut', 'cut', 'kill', 'kill', 'tab', 'relay', 'merge', 'clock', 'remove'] as const;
const RESTORES = ['back up', 'back up', 'restore', 'restore'] as const;

/** How long everything may take to come to rest after the last fault, ms. */
const PATIENCE = 900_000;

/** Runs it. Gives what was wrong; nothing was. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<string[]> {
  const random = createSeededRandom(seed);
  const world = createWorld(random, random.pick([0, 0.1, 0.4]));
  const say = (what: string): void => options.log?.(`${String(world.time()).padStart(7)}  ${what}`);
  /** In some runs profiles are put back to old copies, which loses what was written since: in the others nothing may be lost. */
  const restores = seed % 4 === 0;
  const ledger = createLedger();
  const database = createMemoryDatabase(random.uuid(), () => BEGINNING + world.time());
  const relay = createSimulatedRelay(world, database);
  for (const broken of options.sabotage ?? []) relay.sabotage.add(broken);

  const people = Array.from({ length: random.chance(0.8) ? 2 : 3 }, (_, i): Person => ({
    id: random.uuid() as UserId,
    name: `P${i}`,
    about: '',
    placeholder: false,
  }));
  for (const person of people) database.addUser(person);
  const devices = people.flatMap(({ id: user }, i) => Array.from({ length: i === 0 ? 2 : 1 }, () => newDevice(user)));
  const group = random.uuid() as ConversationId;
  database.createConversation(
    group,
    'group',
    'Group',
    (people[0] as Person).id,
    people.slice(1).map(({ id }) => id),
  );
  if (random.chance(0.5)) writeHistory(database, group, (people[1] as Person).id, devices[2]?.id as DeviceId);

  function newDevice(user: UserId): SimulatedDevice {
    const id = random.uuid() as DeviceId;
    database.addDevice(id, user);
    return createSimulatedDevice(world, { relay, tap, duplicates: 0.02, tamper: options.tamper ?? null }, id, user);
  }

  function tap(_device: SimulatedDevice, bytes: Uint8Array): void {
    const result = decodeUp(bytes);
    if (result.ok && result.frame.type === 'push') ledger.left(new TextDecoder().decode(result.frame.update));
  }

  async function open(device: SimulatedDevice): Promise<void> {
    await device.openTab();
  }

  for (const device of devices) await open(device);
  await run(random.whole(0, 4_000));

  const restored = new Set<SimulatedDevice>();
  /** When own messages were last changed in place, by token. */
  const changed = new Map<string, number>();
  const backups = new Map<SimulatedDevice, BackUp>();
  if (restores) await backUp(random.pick(devices));
  for (let left = options.acts ?? 14; left > 0; left--) {
    if (random.chance(0.35)) await fault();
    act();
    await run(random.pick([0, 50, 1_000, 8_000]));
  }
  await heal();
  const restless = await comeToRest();
  const wrong = [...(restless ? [restless] : []), ...(await checkRun(devices, database, relay, ledger))];
  const failures = devices.flatMap((device) => device.failures);
  for (const device of devices) for (const tab of device.tabs()) tab.kill();
  await world.rest();
  return wrong.length > 0 ? [...wrong, ...failures.map((failure) => `(reported: ${failure})`)] : [];

  /** Lets time pass. */
  async function run(ms: number): Promise<void> {
    const until = world.time() + ms;
    while (await world.step(until));
  }

  function act(): void {
    const device = random.pick(devices);
    const tab = device.tabs().length > 0 ? random.pick(device.tabs()) : null;
    if (!tab) return;
    const kind = random.pick([
      'send',
      'send',
      'send',
      'send',
      'edit',
      'edit',
      'delete',
      'delete',
      'react',
      'read',
      'direct',
      'group',
    ] as const);
    const work =
      kind === 'direct' ? begin(tab, device) : kind === 'group' ? gather(tab, device) : within(kind, tab, device);
    world
      .track(
        work.catch((error: unknown) => {
          if (!(error instanceof Refusal) && tab.alive()) ledger.violations.push(`an act failed: ${String(error)}`);
        }),
        tab.alive,
      )
      .catch(() => undefined);
  }

  async function begin(tab: SimulatedTab, device: SimulatedDevice): Promise<void> {
    const others = people.filter(({ id }) => id !== device.user);
    const id = await startDirect(tab.context, random.pick(others));
    say(`${name(device)} starts direct ${id.slice(0, 4)}`);
  }

  async function gather(tab: SimulatedTab, device: SimulatedDevice): Promise<void> {
    if (database.conversations.size > 4) return;
    const id = await createGroup(
      tab.context,
      'Another',
      people.filter(({ id: user }) => user !== device.user),
    );
    say(`${name(device)} makes group ${id.slice(0, 4)}`);
  }

  async function within(
    kind: 'send' | 'edit' | 'delete' | 'react' | 'read',
    tab: SimulatedTab,
    device: SimulatedDevice,
  ): Promise<void> {
    const { store, context } = tab;
    const writable = (await store.conversations()).filter(({ record }) => !record.left);
    if (writable.length === 0) return;
    const { record, cursor } = random.pick(writable);
    const conversation = record.id;
    if (kind === 'read') return store.markRead(conversation, { seq: cursor ?? 0, above: {} });
    if (kind === 'send') return send(tab, device, conversation);
    const shown = (await deviceTimeline(store, conversation)).filter((message) => !message.deleted && !message.unknown);
    const candidates = kind === 'react' ? shown : shown.filter((message) => message.by === device.user);
    if (candidates.length === 0) return;
    const message = random.pick(candidates);
    if (kind === 'react')
      return react(context, conversation, message.id, random.pick(['👍', '🎉']), random.chance(0.7));
    if (kind === 'edit') return change(tab, device, conversation, message.id, message.text);
    await remove(
      tab,
      device,
      conversation,
      message.id,
      message.versions.flatMap(({ text }) => ledger.tokensIn(text)),
    );
  }

  async function send(tab: SimulatedTab, device: SimulatedDevice, conversation: ConversationId): Promise<void> {
    const token = ledger.newToken('m');
    const entry = { token, conversation, by: device.user, state: 'begun' as const };
    ledger.note(entry);
    const id = await sendMessage(tab.context, conversation, token, null);
    Object.assign(entry, { state: 'durable' });
    say(`${name(device)} wrote ${token} as ${id} in ${conversation.slice(0, 4)}`);
  }

  async function change(
    tab: SimulatedTab,
    device: SimulatedDevice,
    conversation: ConversationId,
    id: EventId,
    before: string,
  ): Promise<void> {
    const token = ledger.newToken('e');
    const entry = { token, conversation, by: device.user, state: 'begun' as const };
    ledger.note(entry);
    await editMessage(
      onReplaced(tab, (replaced) => {
        if (replaced === id) for (const own of ledger.tokensIn(before)) changedInPlace(device, own);
      }),
      conversation,
      id,
      `${before} ${token}`,
    );
    // The message may be deleted on another device, and its texts with it; only a message's own token must stay.
    Object.assign(entry, { state: 'unsure' });
    say(`${name(device)} edited ${id} to ${before} ${token}`);
  }

  async function remove(
    tab: SimulatedTab,
    device: SimulatedDevice,
    conversation: ConversationId,
    id: EventId,
    tokens: readonly string[],
  ): Promise<void> {
    const entries = tokens.map((token) => ledger.entries.get(token)).filter((entry) => entry !== undefined);
    const before = entries.map(({ state }) => state);
    // From here on it may be gone; whether it is, the act will tell.
    for (const entry of entries) entry.state = 'unsure';
    let emptied = false;
    const context = onReplaced(tab, (replaced) => {
      if (replaced !== id) return;
      emptied = true;
      entries.forEach((entry, i) => {
        if (before[i] !== 'unsure' || entry.token.startsWith('e')) entry.state = 'emptied';
      });
    });
    try {
      await deleteMessage(context, conversation, id);
    } catch (error) {
      entries.forEach((entry, i) => (entry.state = before[i] ?? 'unsure'));
      throw error;
    }
    if (!emptied)
      entries.forEach(
        (entry, i) => (entry.state = before[i] === 'unsure' && entry.token.startsWith('m') ? 'unsure' : 'deleted'),
      );
    say(`${name(device)} ${emptied ? 'emptied' : 'deleted'} ${id} (${tokens.join(' ')})`);
  }

  /** What acts are given, where `heard` is told of each event that was changed in place, as soon as it was. */
  function onReplaced({ context }: SimulatedTab, heard: (id: EventId) => void): ActContext {
    const store = new Proxy(context.store, {
      get(target, property) {
        if (property !== 'replaceUnsent') return Reflect.get(target, property) as unknown;
        return async (...given: Parameters<typeof target.replaceUnsent>) => {
          const done = await target.replaceUnsent(...given);
          if (done) heard(given[1]);
          return done;
        };
      },
    });
    return { ...context, store };
  }

  async function fault(): Promise<void> {
    const device = random.pick(devices);
    const kind = random.pick(restores ? [...FAULTS, ...RESTORES] : FAULTS);
    switch (kind) {
      case 'cut':
        device.offline = !device.offline;
        return say(`${name(device)} is ${device.offline ? 'offline' : 'online'}`);
      case 'kill': {
        if (device.tabs().length === 0) return open(device);
        random.pick(device.tabs()).kill();
        return say(`a tab of ${name(device)} dies`);
      }
      case 'tab':
        if (device.tabs().length < 3) await open(device);
        return say(`${name(device)} opens a tab`);
      case 'relay':
        relay.crash();
        return say('the relay crashes');
      case 'merge': {
        const conversation = random.pick([...database.conversations.values()]);
        const segments = [...new Set(conversation.log.map(({ segment }) => segment))];
        if (segments.length > 0) database.merge(conversation.id, random.pick(segments));
        return say(`segments of ${conversation.id.slice(0, 4)} are merged`);
      }
      case 'clock':
        device.skew = random.pick([0, 0, 90_000, 3_600_000, 86_400_000, -86_400_000]);
        return say(`the clock of ${name(device)} is ${device.skew} ms ahead`);
      case 'back up':
        return backUp(device);
      case 'restore':
        return restore(random.pick([...backups.keys()]));
      case 'remove': {
        if (seed % 5 !== 1) return;
        const user = random.pick(people.slice(1)).id;
        relay.removeMember(group, user);
        for (const entry of ledger.entries.values())
          if (entry.by === user && entry.conversation === group && entry.state === 'durable') entry.state = 'unsure';
        return say(`${user.slice(0, 4)} is removed`);
      }
    }
  }

  /** What was sent before the profile was put back stands beside what was changed in place since. */
  function changedInPlace(device: SimulatedDevice, token: string): void {
    if (restored.has(device) && !changed.has(token)) ledger.mayStandAgain(token);
    changed.set(token, world.time());
  }

  async function backUp(device: SimulatedDevice): Promise<void> {
    await world.rest();
    const [tab] = device.tabs();
    if (!tab) return;
    const waiting = new Set<string>();
    for (const { record } of await tab.store.conversations())
      for (const { seq, text } of await deviceTimeline(tab.store, record.id))
        if (seq === null) for (const token of ledger.tokensIn(text)) waiting.add(token);
    backups.set(device, { disk: await device.backUp(), time: world.time(), waiting, again: restored.has(device) });
    say(`${name(device)} is backed up`);
  }

  /** What was written on this device after its backup may be lost, and what was changed in place may come back. */
  async function restore(device: SimulatedDevice): Promise<void> {
    const backup = backups.get(device);
    if (!backup) return;
    await world.rest();
    for (const entry of ledger.entries.values()) if (entry.by === device.user) entry.state = 'unsure';
    // What waits in the copy goes out again. It is recognised (R6) unless other bytes were sent for it: it was changed in place since, or the
    // profile had been put back before, so that its place may be taken and it was written under another replica.
    for (const token of backup.waiting)
      if (backup.again || (changed.get(token) ?? -1) >= backup.time) ledger.mayStandAgain(token);
    await device.restore(backup.disk);
    await open(device);
    say(`${name(device)} is put back to ${backup.time}`);
    restored.add(device);
    // What is written before the device hears of what it forgot takes places that are taken (P3), and must not be lost.
    const [tab] = device.tabs();
    for (const { record } of (await tab?.store.conversations()) ?? [])
      if (tab && !record.left) await send(tab, device, record.id);
  }

  async function heal(): Promise<void> {
    say('everything heals');
    for (const device of devices) {
      device.offline = false;
      device.skew = random.pick([0, device.skew]);
      if (device.tabs().length === 0) await open(device);
    }
  }

  /** Gives what did not come to rest, or null. */
  async function comeToRest(): Promise<string | null> {
    const until = world.time() + PATIENCE;
    for (let calm = 0; calm < 2;) {
      if (world.time() >= until) return `it does not come to rest: ${await unrest()}`;
      await run(35_000);
      await world.rest();
      calm = (await unrest()) === '' ? calm + 1 : 0;
    }
    return null;
  }

  async function unrest(): Promise<string> {
    const found: string[] = [];
    for (const device of devices) {
      const store = device.tabs()[0]?.store;
      if (!store) continue;
      const [outbox, { commands }, conversations] = await Promise.all([
        store.outbox(100),
        store.outboxSize(),
        store.conversations(),
      ]);
      if (outbox.length > 0) found.push(`${name(device)} has ${outbox.length} updates to send`);
      if (commands > 0) found.push(`${name(device)} has ${commands} commands to send`);
      for (const conversation of database.conversations.values()) {
        if (conversation.members.get(device.user)?.left !== false) continue;
        const stored = conversations.find(({ record }) => record.id === conversation.id);
        if (!stored) found.push(`${name(device)} does not know ${conversation.id.slice(0, 4)}`);
        else if (conversation.head > (stored.cursor ?? 0))
          found.push(`${name(device)} is at ${stored.cursor} of ${conversation.head}`);
        const missing = (await store.segmentNames(conversation.id)).some(({ present }) => !present);
        if (missing) found.push(`${name(device)} misses segments of ${conversation.id.slice(0, 4)}`);
      }
    }
    return found.join(', ');
  }

  function name(device: SimulatedDevice): string {
    return `D${devices.indexOf(device)}`;
  }
}

/** Some months before the run, written by somebody else's device. */
function writeHistory(database: MemoryDatabase, conversation: ConversationId, user: UserId, device: DeviceId): void {
  const [replica] = database.grantReplicas(user, device, 1, []);
  if (replica === undefined) return;
  for (const at of [Date.UTC(2026, 7, 3), Date.UTC(2026, 9, 5), Date.UTC(2026, 10, 2)]) {
    const rows = Array.from({ length: 4 }, (_, clock) => ({
      clock,
      count: 1,
      bytes: encodeAppend(replica, clock, [
        { kind: 'message', by: user, at: at + clock * 1_000, text: `long ago ${clock}` },
      ]),
    }));
    database.commit([
      { conversation, segment: segmentOf(at), replica, user, clock: 0, count: 4, asAdmin: false, needs: [], rows },
    ]);
  }
  database.merge(conversation, segmentOf(Date.UTC(2026, 7, 3)));
}

import type { UserId } from '#schema/ids.ts';
import { equal, truthy } from './check.ts';
import type { StoreCase } from './store-case.ts';
import { command } from './outbox-cases.ts';
import { ana, changes, group, me, message, mine, november, otherGroup, record, settled, t0, texts } from './world.ts';

const ben = '00000000-0000-4000-8000-000000000003' as UserId;
const person = (id: UserId, name: string) => ({ id, name, about: '', placeholder: false });
const member = (user: UserId) => ({
  conversation: group,
  user,
  role: 'member' as const,
  left: false,
  deliveredSeq: 0,
  readSeq: 0,
});

export const commandCases: readonly StoreCase[] = [
  {
    name: 'a group made offline is there at once, pending until the server has it',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.enqueueCommand(command('k1'), {
        conversation: record(otherGroup, { title: 'New' }),
        people: [person(ben, 'Ben')],
      });
      equal((await store.conversation(otherGroup))?.pending, true);
      equal(
        (await store.people()).map(({ name }) => name),
        ['Ben'],
      );
      equal((await store.outboxSize()).commands, 1, 'commands that wait');
      const [waiting] = await store.commands();
      truthy(waiting, 'a command');
      equal([waiting.key, waiting.creates], ['k1', otherGroup]);
      await store.commandDone(waiting.n, null);
      equal((await store.conversation(otherGroup))?.pending, false);
      equal(await store.commands(), []);
    },
  },
  {
    name: 'a refused command takes back its own effect and leaves its reason',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.applyChanges(changes({ people: [person(me, 'Me')] }), 'epoch-1');
      const rename = (name: string) => ({ ...command(name, null), method: 'PATCH' as const, title: 'Profile' });
      await store.enqueueCommand(rename('a'), { people: [person(me, 'First')] });
      await store.enqueueCommand(rename('b'), { people: [person(me, 'Second')] });
      equal((await store.people())[0]?.name, 'Second');
      const [first, second] = await store.commands();
      truthy(first && second, 'two commands');
      await store.commandDone(first.n, { code: 'invalid-request', message: 'Not this name.' });
      equal((await store.people())[0]?.name, 'Second', 'the other command’s effect');
      await store.commandDone(second.n, { code: 'invalid-request', message: 'Nor this.' });
      equal((await store.people())[0]?.name, 'Me');
      const refusals = await store.refusals();
      equal(
        refusals.map(({ title, code, message: text }) => ({ title, code, text })),
        [
          { title: 'Profile', code: 'invalid-request', text: 'Not this name.' },
          { title: 'Profile', code: 'invalid-request', text: 'Nor this.' },
        ],
      );
      for (const { n } of refusals) await store.dismissRefusal(n);
      equal(await store.refusals(), []);
    },
  },
  {
    name: 'what the server says after a command was given stands above what the command showed',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.enqueueCommand(
        { ...command('k', null), method: 'PATCH' },
        { conversation: record(group, { title: 'Mine' }) },
      );
      await store.applyChanges(changes({ conversations: [record(group, { title: 'Somebody’s' })] }), 'epoch-1');
      equal((await store.conversation(group))?.record.title, 'Mine', 'while it waits');
      const [waiting] = await store.commands();
      truthy(waiting, 'a command');
      await store.commandDone(waiting.n, null);
      equal((await store.conversation(group))?.record.title, 'Somebody’s');
    },
  },
  {
    name: '[R9] a group that was refused goes when nothing was said in it; else it stays to be read',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const third = '00000000-0000-4000-8000-0000000000c3' as typeof group;
      await store.enqueueCommand(command('k1'), { conversation: record(otherGroup) });
      await store.enqueueCommand(command('k2', third), { conversation: record(third) });
      await store.append(third, november, mine, message(me, t0, 'my words'));
      for (const { n } of await store.commands()) await store.commandDone(n, { code: 'not-allowed', message: 'No.' });
      equal(await store.conversation(otherGroup), null);
      const kept = await store.conversation(third);
      equal([kept?.record.left, kept?.pending], [true, false]);
      equal(
        (await store.failed(third)).map(({ event }) => 'text' in event && event.text),
        ['my words'],
      );
      equal(await texts(store, third), []);
      equal(await store.outbox(10), []);
    },
  },
  {
    name: '[C4] relational changes are stored with their cursor; a complete answer forgets the rest and keeps the words',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.applyChanges(
        changes({
          cursor: '20',
          people: [person(ana, 'Ana'), person(ben, 'Ben')],
          members: [member(ana), member(ben)],
          heads: [[group, 0]],
        }),
        'epoch-1',
      );
      equal(await store.device().then(({ since, epoch }) => [since, epoch]), ['20', 'epoch-1']);
      equal(
        (await store.members(group)).map(({ user }) => user),
        [ana, ben],
      );
      await store.append(group, november, mine, message(me, t0, 'kept'));
      await store.applyChanges(
        changes({ cursor: '30', complete: true, people: [person(ana, 'Ana')], members: [] }),
        'epoch-1',
      );
      equal(
        (await store.people()).map(({ name }) => name),
        ['Ana'],
      );
      equal(await store.members(group), []);
      equal((await store.conversation(group))?.record.left, true);
      equal(await texts(store), ['kept']);
    },
  },
];

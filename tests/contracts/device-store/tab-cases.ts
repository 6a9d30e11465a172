import type { StoreChange } from '#client/store/device-store.ts';
import { equal } from './check.ts';
import type { StoreCase } from './store-case.ts';
import { ana, fromAna, group, me, message, mine, mineToo, november, settled, t0, texts } from './world.ts';

export const tabCases: readonly StoreCase[] = [
  {
    name: '[P2] two tabs write at once, each with its own replica; nothing is lost and nothing doubled',
    async run({ open }) {
      const [one, two] = [await open(), await open()];
      await settled(one);
      const writes: Promise<string>[] = [];
      for (let i = 0; i < 15; i++) {
        writes.push(one.append(group, november, mine, message(me, t0 + i, `one ${i}`)));
        writes.push(two.append(group, november, mineToo, message(me, t0 + i, `two ${i}`)));
      }
      const ids = await Promise.all(writes);
      equal(new Set(ids).size, 30, 'ids');
      equal((await one.outbox(100)).length, 30, 'outbox');
      equal((await texts(two)).length, 30, 'messages');
      const clocks = (await one.outbox(100)).filter(({ replica }) => replica === mine).map(({ clock }) => clock);
      equal(clocks, [...clocks.keys()], 'the chain');
    },
  },
  {
    name: 'what one tab writes the other hears of, by name and not by content',
    async run({ open }) {
      const [one, two] = [await open(), await open()];
      const relay = await settled(one);
      const heardByOne: StoreChange[] = [];
      one.changed((changes) => heardByOne.push(...changes));
      const heard = new Promise<readonly StoreChange[]>((resolve) => {
        two.changed((changes) => {
          if (changes.some(({ what }) => what === 'segment')) resolve(changes);
        });
      });
      fromAna(relay, november, message(ana, t0, 'hello'));
      await one.applyDelta(relay.delta(0));
      const changes = await heard;
      equal(changes, heardByOne);
      equal(
        changes.find(({ what }) => what === 'segment'),
        { what: 'segment', conversation: group, segment: november, rows: [1], whole: false },
      );
      equal(JSON.stringify(changes).includes('hello'), false, 'the content');
    },
  },
  {
    name: 'a listener that ended is told nothing more, and one that throws keeps nobody from hearing',
    async run({ open }) {
      const store = await open();
      let heard = 0;
      store.changed(() => {
        throw new Error('a broken listener');
      });
      const end = store.changed(() => heard++);
      await settled(store);
      const before = heard;
      equal(before > 0, true, 'heard');
      end();
      await store.append(group, november, mine, message(me, t0, 'x'));
      equal(heard, before);
    },
  },
  {
    name: 'erasing in one tab ends the store of another, and leaves nothing',
    async run({ open, ended }) {
      const [one, two] = [await open(), await open()];
      await settled(one);
      await one.append(group, november, mine, message(me, t0, 'private'));
      await two.erase();
      equal(ended, ['erased']);
      const again = await open();
      equal(await again.conversations(), []);
      equal(await texts(again), []);
    },
  },
];

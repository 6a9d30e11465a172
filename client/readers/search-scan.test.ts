import { expect, test } from 'vitest';
import { eventId } from '#schema/ids.ts';
import {
  ana,
  december,
  fromAna,
  group,
  hers,
  me,
  message,
  mine,
  november,
  settled,
  t0,
} from '#tests/contracts/device-store/world.ts';
import { openMemoryStore } from '#tests/support/memory-store.ts';
import { searchScan } from './search-scan.ts';

test('search finds what is shown, the newest first: edited texts, not deleted ones, own ones that wait', async () => {
  const store = await openMemoryStore();
  const relay = await settled(store);
  for (let i = 0; i < 600; i++)
    fromAna(relay, november, message(ana, t0 + i, i % 100 === 0 ? `Émile number ${i}` : `m${i}`));
  fromAna(
    relay,
    november,
    { kind: 'edit', by: ana, at: t0 + 5_000, target: eventId(november, hers, 100), text: 'changed' },
    { kind: 'edit', by: ana, at: t0 + 5_001, target: eventId(november, hers, 5), text: 'now emile too' },
    {
      kind: 'delete',
      by: ana,
      at: t0 + 5_002,
      target: eventId(november, hers, 200),
      targetBy: ana,
      targetAt: t0 + 200,
    },
  );
  fromAna(relay, december, message(ana, Date.UTC(2026, 11, 1), 'emil in december'));
  await store.applyDelta(relay.delta(0));
  const search = async (limit: number, signal?: AbortSignal): Promise<string[]> => {
    const hits = await searchScan(store, me, {
      query: 'emil',
      conversation: null,
      limit,
      ...(signal ? { signal } : {}),
    });
    return hits.map(({ message: { text } }) => text);
  };
  const asRows = await search(50);
  await store.compact(group, november);
  await store.append(group, december, mine, message(me, Date.UTC(2026, 11, 2), 'my emile'));
  const expected = ['Émile number 500', 'Émile number 400', 'Émile number 300', 'now emile too', 'Émile number 0'];
  expect(asRows).toEqual(['emil in december', ...expected]);
  expect(await search(50)).toEqual(['my emile', 'emil in december', ...expected]);
  expect(await search(3)).toEqual(['my emile', 'emil in december', 'Émile number 500']);
  expect(await search(50, AbortSignal.abort())).toHaveLength(1);
  await store.close();
});

import { expect, test } from 'vitest';
import { groupId, summary } from '#tests/support/fake-device.ts';
import { filterConversations } from './filter-conversations.ts';

const conversations = ['Research group', 'Élodie', 'Group trip to Łódź'].map((title, n) =>
  summary({ id: groupId(n), title }),
);
const titles = (query: string) => filterConversations(conversations, query).map(({ title }) => title);

test('an empty query keeps every conversation', () => {
  expect(titles('  ')).toHaveLength(3);
});

test('a query finds without case and without accents', () => {
  expect(titles('elo')).toEqual(['Élodie']);
  expect(titles('ÉLODIE')).toEqual(['Élodie']);
});

test('every word of the query must be in the title, in any order', () => {
  expect(titles('group re')).toEqual(['Research group']);
  expect(titles('group')).toHaveLength(2);
  expect(titles('group x')).toEqual([]);
});

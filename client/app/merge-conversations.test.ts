import { expect, test } from 'vitest';
import { groupId, summary } from '#tests/support/fake-device.ts';
import { mergeConversations } from './merge-conversations.ts';

const one = summary({ id: groupId(1), title: 'One', activity: 1 });
const two = summary({ id: groupId(2), title: 'Two', activity: 2 });

test('the newest activity stands first', () => {
  expect(
    mergeConversations([two, one], { whole: false, changed: [{ ...one, activity: 3 }], removed: [] }).map(
      (row) => row.title,
    ),
  ).toEqual(['One', 'Two']);
});

test('a row that did not change stays the same object', () => {
  const merged = mergeConversations([two, one], {
    whole: true,
    changed: [{ ...two }, { ...one, unread: 1 }],
    removed: [],
  });
  expect(merged[0]).toBe(two);
  expect(merged[1]).toMatchObject({ title: 'One', unread: 1 });
});

test('a row that is gone goes; a whole list leaves nothing else', () => {
  expect(mergeConversations([two, one], { whole: false, changed: [], removed: [one.id] })).toEqual([two]);
  expect(mergeConversations([two, one], { whole: true, changed: [one], removed: [] })).toEqual([one]);
});

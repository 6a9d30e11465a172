import { describe, expect, test } from 'vitest';
import { groupId, summary } from '#tests/support/fake-device.ts';
import { readShortcut, stepConversation } from './shortcuts.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});

describe('the keys of the shell', () => {
  test('Control and a comma open the settings; on a Mac it is Command', () => {
    expect(readShortcut(press(',', { ctrlKey: true }), false)).toEqual({ act: 'settings' });
    expect(readShortcut(press(',', { metaKey: true }), true)).toEqual({ act: 'settings' });
    expect(readShortcut(press(',', { ctrlKey: true }), true)).toBeNull();
    expect(readShortcut(press(','), false)).toBeNull();
  });

  test('Alt with an arrow steps through the conversations, with Shift through the unread', () => {
    expect(readShortcut(press('ArrowDown', { altKey: true }), false)).toEqual({ act: 'step', by: 1, unread: false });
    expect(readShortcut(press('ArrowUp', { altKey: true, shiftKey: true }), false)).toEqual({
      act: 'step',
      by: -1,
      unread: true,
    });
    expect(readShortcut(press('ArrowUp'), false)).toBeNull();
    expect(readShortcut(press('ArrowUp', { altKey: true, ctrlKey: true }), false)).toBeNull();
  });
});

describe('stepping through the conversations', () => {
  const list = [0, 3, 0, 1].map((unread, n) => summary({ id: groupId(n), title: `Group ${n}`, unread }));

  test.each([
    ['down from the first', groupId(0), 1, false, groupId(1)],
    ['up from the second', groupId(1), -1, false, groupId(0)],
    ['not beyond the last', groupId(3), 1, false, null],
    ['not before the first', groupId(0), -1, false, null],
    ['to the first where none is open', null, 1, false, groupId(0)],
    ['to the last where none is open, upwards', null, -1, false, groupId(3)],
    ['over what is read, to the unread', groupId(1), 1, true, groupId(3)],
    ['nowhere when nothing is unread that way', groupId(1), -1, true, null],
  ] as const)('goes %s', (_name, current, by, unread, to) => {
    expect(stepConversation(list, current, { by, unread })).toBe(to);
  });
});

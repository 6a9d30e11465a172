import { describe, expect, test } from 'vitest';
import type { ConversationSummary } from '#client/services/device.ts';
import { groupId, person, summary, userId } from '#tests/support/fake-device.ts';
import { rowTexts } from './row-texts.ts';

const last = (given: Partial<NonNullable<ConversationSummary['lastMessage']>>) => ({
  by: userId(2),
  sender: 'Ben',
  text: 'Hello',
  deleted: false,
  at: 1,
  state: 'sent' as const,
  ...given,
});
const group = (given: Partial<ConversationSummary>) => summary({ id: groupId(1), title: 'Research', ...given });

describe('the texts of a row', () => {
  test('name the sender in a group, and nobody in a direct conversation', () => {
    expect(rowTexts(group({ lastMessage: last({}) })).sender).toBe('Ben: ');
    expect(rowTexts(group({ kind: 'direct', peer: person(2, 'Ben'), lastMessage: last({}) })).sender).toBe('');
  });

  test('say “You: ” before an own message, and its state in the description', () => {
    const texts = rowTexts(
      group({ kind: 'direct', lastMessage: last({ sender: 'You', text: 'On my way', state: 'local' }) }),
    );
    expect(texts.sender).toBe('You: ');
    expect(texts.description).toBe('Last message: You: On my way. Saved on this device');
  });

  test('describe the row by its unread messages and its last message', () => {
    expect(rowTexts(group({ unread: 2, lastMessage: last({}) })).description).toBe(
      '2 unread messages. Last message: Ben: Hello',
    );
    expect(rowTexts(group({ unread: 1, lastMessage: last({}) })).description).toBe(
      '1 unread message. Last message: Ben: Hello',
    );
  });

  test('put a text of many lines on one', () => {
    expect(rowTexts(group({ lastMessage: last({ text: 'one\n\ntwo\t three ' }) })).preview).toBe('one two three');
  });

  test('say that a message was deleted instead of what it said', () => {
    expect(rowTexts(group({ lastMessage: last({ text: '', deleted: true }) })).preview).toBe('Message deleted');
  });

  test('tell what is unusual at the end', () => {
    expect(rowTexts(group({ pending: true, draft: 'I think' })).description).toBe(
      'No messages yet. Draft: I think. Waiting for the server',
    );
  });
});

import { act, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { ConversationId } from '#schema/ids.ts';
import type { ConversationSummary } from '#client/services/device.ts';
import { ClockProvider } from '#client/services/clock-context.tsx';
import { draw } from '#tests/support/draw.tsx';
import { createFakeDevice, groupId, summary, userId } from '#tests/support/fake-device.ts';
import { ConversationListPane } from './conversation-list-pane.tsx';

const said = (text: string) => ({ by: userId(2), sender: 'Ben', text, deleted: false, at: 1, state: 'sent' as const });
const research = summary({ id: groupId(1), title: 'Research', unread: 2, lastMessage: said('Hello') });
const three = [
  research,
  summary({ id: groupId(2), title: 'Harbour walk', pending: true }),
  summary({ id: groupId(3), title: 'Reading', draft: 'I thought that', lastMessage: said('Chapter nine?') }),
];

function drawList(conversations: readonly ConversationSummary[] | null, current: ConversationId | null = null) {
  const onStart = vi.fn();
  const drawn = draw(<ConversationListPane current={current} linkState={null} onStartConversation={onStart} />, {
    device: createFakeDevice({ conversations }),
  });
  return { ...drawn, onStart };
}

const rows = () => within(screen.getByRole('list', { name: 'Conversations' })).getAllByRole('listitem');
const link = (name: string) => screen.getByRole('link', { name });

describe('the list of conversations', () => {
  test('names each link by the title alone, and describes it by what is unread and what was said last', () => {
    drawList(three);
    expect(rows()).toHaveLength(3);
    expect(link('Research').getAttribute('href')).toBe(`/c/${groupId(1)}`);
    expect(
      screen.getByRole('link', { name: 'Research', description: '2 unread messages. Last message: Ben: Hello' }),
    ).toBeDefined();
    expect(link('Harbour walk').textContent).toContain('Pending');
    expect(link('Reading').textContent).toContain('Draft: I thought that');
    expect(rows()[0]?.dataset['conversationId']).toBe(groupId(1));
  });

  test('says when something was said as the clock sees it', () => {
    const now = new Date(2026, 10, 23, 14, 30).getTime();
    const at = new Date(2026, 10, 23, 9, 5).getTime();
    draw(
      <ClockProvider now={() => now}>
        <ConversationListPane current={null} linkState={null} onStartConversation={() => undefined} />
      </ClockProvider>,
      { device: createFakeDevice({ conversations: [{ ...research, lastMessage: { ...said('Hello'), at } }] }) },
    );
    expect(link('Research').textContent).toContain('09:05');
  });

  test('marks the conversation that is open, and no other', () => {
    drawList(three, groupId(3));
    expect(link('Reading').getAttribute('aria-current')).toBe('page');
    expect(link('Research').getAttribute('aria-current')).toBeNull();
  });

  test('finds by title while one types, and shows all again', async () => {
    const user = userEvent.setup();
    drawList(three);
    const box = screen.getByRole('searchbox', { name: 'Search conversations' });
    await user.type(box, 'harb');
    expect(rows()).toHaveLength(1);
    await user.clear(box);
    await user.type(box, 'nothing like it');
    expect(screen.queryByRole('list', { name: 'Conversations' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    expect(rows()).toHaveLength(3);
  });

  test('is one stop of Tab; the arrow keys, Home and End move inside it', async () => {
    const user = userEvent.setup();
    drawList(three);
    await user.click(screen.getByRole('searchbox'));
    await user.tab();
    expect(document.activeElement).toBe(link('Research'));
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(link('Harbour walk'));
    await user.keyboard('{End}');
    expect(document.activeElement).toBe(link('Reading'));
    await user.keyboard('{ArrowDown}{ArrowUp}');
    expect(document.activeElement).toBe(link('Harbour walk'));
    await user.keyboard('{Home}');
    expect(document.activeElement).toBe(link('Research'));
    await user.tab();
    expect(document.activeElement).toBe(document.body);
  });

  test('holds the place of what is being read, and then offers to start where there is nothing', async () => {
    const user = userEvent.setup();
    const { device, onStart } = drawList(null);
    expect(screen.getByRole('img', { name: 'Loading conversations' })).toBeDefined();
    act(() => device.conversations.set([]));
    await user.click(screen.getByRole('button', { name: 'Start a conversation' }));
    expect(onStart).toHaveBeenCalledOnce();
  });

  test('keeps few of a thousand rows in the page, each of which says its place in the whole', () => {
    drawList(Array.from({ length: 1_000 }, (_, n) => summary({ id: groupId(n), title: `Group ${n}` })));
    // Hidden until they are measured, which nothing is without a layout.
    const there = [...screen.getByRole('list', { name: 'Conversations' }).querySelectorAll('li')];
    expect(there.length).toBeGreaterThan(0);
    expect(there.length).toBeLessThan(100);
    expect(there[0]?.getAttribute('aria-setsize')).toBe('1000');
    expect(there[0]?.getAttribute('aria-posinset')).toBe('1');
  });
});

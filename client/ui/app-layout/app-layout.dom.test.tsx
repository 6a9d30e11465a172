import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setWindowWidth } from '#tests/support/dom-gaps.ts';
import { AppLayout, type Pane } from './app-layout.tsx';

beforeEach(() => setWindowWidth(1440));
afterEach(() => act(() => setWindowWidth(1440)));

function Shell({ pane = 'list' }: { pane?: Pane }) {
  const [details, setDetails] = useState(false);
  return (
    <AppLayout
      list={<a href="#one">One</a>}
      listLabel="Conversations"
      main={
        <button type="button" onClick={() => setDetails(true)}>
          Open details
        </button>
      }
      details={details && <p>About it</p>}
      detailsLabel="Details"
      pane={pane}
      onDetailsClose={() => setDetails(false)}
    />
  );
}

const list = () => screen.getByRole('region', { name: 'Conversations', hidden: true });
const main = () => screen.getByRole('main', { hidden: true });
const inert = () => [list().hasAttribute('inert'), main().hasAttribute('inert')];

describe('the layout', () => {
  test('shows list and main together on a wide window, details beside them', async () => {
    render(<Shell />);
    expect(inert()).toEqual([false, false]);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Open details' }));
    expect(screen.getByRole('complementary', { name: 'Details' })).toBeTruthy();
    expect(inert()).toEqual([false, false]);
  });

  test('shows one pane at a time on a phone, and the other takes neither keys nor fingers', () => {
    setWindowWidth(390);
    const { rerender } = render(<Shell pane="list" />);
    expect(inert()).toEqual([false, true]);
    rerender(<Shell pane="main" />);
    expect(inert()).toEqual([true, false]);
  });

  test('lets the details float below 925 px: they take the focus, Escape closes them and gives it back', async () => {
    const user = userEvent.setup();
    setWindowWidth(820);
    render(<Shell />);
    const opener = screen.getByRole('button', { name: 'Open details' });
    await user.click(opener);
    expect(document.activeElement).toBe(screen.getByRole('complementary', { name: 'Details' }));
    expect(inert()).toEqual([true, true]);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(inert()).toEqual([false, false]);
    expect(document.activeElement).toBe(opener);
  });

  test('follows the window when it is made narrower', () => {
    render(<Shell pane="list" />);
    act(() => setWindowWidth(600));
    expect(inert()).toEqual([false, true]);
    act(() => setWindowWidth(601));
    expect(inert()).toEqual([false, false]);
  });
});

import { act, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { IconButton } from './icon-button.tsx';
import { SettingsIcon } from './icons.ts';

const tooltip = () => document.querySelector('[data-tooltip]')?.textContent;

afterEach(() => vi.useRealTimers());

/** Lets so many milliseconds go by. */
function pass(time: number): void {
  act(() => {
    vi.advanceTimersByTime(time);
  });
}

describe('an icon button', () => {
  test('is named by its tooltip, which shows when the keyboard reaches it and goes with Escape', async () => {
    const user = userEvent.setup();
    render(<IconButton label="Settings" icon={<SettingsIcon />} />);
    expect(tooltip()).toBeUndefined();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Settings' }));
    expect(tooltip()).toBe('Settings');
    await user.keyboard('{Escape}');
    expect(tooltip()).toBeUndefined();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Settings' }));
  });

  test('shows its tooltip after a rest of the mouse, and not at all under a finger', () => {
    vi.useFakeTimers();
    render(<IconButton label="Settings" icon={<SettingsIcon />} />);
    const button = screen.getByRole('button');
    fireEvent.pointerEnter(button, { pointerType: 'touch' });
    pass(1_000);
    expect(tooltip()).toBeUndefined();
    fireEvent.pointerLeave(button);
    fireEvent.pointerEnter(button, { pointerType: 'mouse' });
    pass(400);
    expect(tooltip()).toBeUndefined();
    pass(100);
    expect(tooltip()).toBe('Settings');
    fireEvent.pointerDown(button);
    expect(tooltip()).toBeUndefined();
  });

  test('is a toggle only when it is told its state', () => {
    const { rerender } = render(<IconButton label="Camera" icon={<SettingsIcon />} />);
    expect(screen.getByRole('button').hasAttribute('aria-pressed')).toBe(false);
    rerender(<IconButton label="Camera" icon={<SettingsIcon />} pressed={false} />);
    expect(screen.getByRole('button', { name: 'Camera', pressed: false })).toBeTruthy();
    rerender(<IconButton label="Camera" icon={<SettingsIcon />} pressed />);
    expect(screen.getByRole('button', { name: 'Camera', pressed: true })).toBeTruthy();
  });
});

import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyTheme } from './apply-theme.ts';
import { THEME_BOOT_SCRIPT } from './theme-boot-script.ts';
import { parseThemeChoice, THEME_STORAGE_KEY, type ThemeChoice } from './theme-choice.ts';
import { ThemeProvider, useTheme } from './theme-provider.tsx';

const shown = () => document.documentElement.dataset['theme'];
const frame = (scheme: string) =>
  document.head.querySelector<HTMLMetaElement>(`meta[name="theme-color"][media="(prefers-color-scheme: ${scheme})"]`)
    ?.content;

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset['theme'];
});

test('a choice is on the page, on the frame of the browser, and remembered', () => {
  applyTheme('dark');
  expect(shown()).toBe('dark');
  expect([frame('light'), frame('dark')]).toEqual(['#1a1c20', '#1a1c20']);
  expect(localStorage.getItem(THEME_STORAGE_KEY)).toBe('dark');
  applyTheme('system');
  expect([frame('light'), frame('dark')]).toEqual(['#f6f7f9', '#1a1c20']);
});

describe('the script before the first paint', () => {
  const boot = () => {
    const script = document.createElement('script');
    script.textContent = THEME_BOOT_SCRIPT;
    document.head.append(script);
    script.remove();
  };

  test.each([
    ['light', 'light'],
    ['dark', 'dark'],
    ['system', 'system'],
    ['"><script>', 'system'],
    [null, 'system'],
  ])('with %j remembered shows %j', (stored, expected) => {
    if (stored !== null) localStorage.setItem(THEME_STORAGE_KEY, stored);
    boot();
    expect(shown()).toBe(expected);
    expect(parseThemeChoice(stored)).toBe(expected);
  });

  test('cannot end its own script element', () => {
    expect(THEME_BOOT_SCRIPT).not.toContain('</');
  });
});

test('below a provider a choice is read and changed', async () => {
  function Choice() {
    const { choice, setChoice } = useTheme();
    return (
      <button type="button" onClick={() => setChoice('dark')}>
        {choice}
      </button>
    );
  }
  function Page() {
    const [choice, setChoice] = useState<ThemeChoice>('light');
    return (
      <ThemeProvider choice={choice} setChoice={setChoice}>
        <Choice />
      </ThemeProvider>
    );
  }
  render(<Page />);
  expect(shown()).toBe('light');
  await userEvent.setup().click(screen.getByRole('button', { name: 'light' }));
  expect(screen.getByRole('button').textContent).toBe('dark');
  expect(shown()).toBe('dark');
});

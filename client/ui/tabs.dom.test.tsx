import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { setWindowWidth } from '#tests/support/dom-gaps.ts';
import { Tabs } from './tabs.tsx';

afterEach(() => act(() => setWindowWidth(1440)));

function Sections({ orientation }: { orientation: 'horizontal' | 'vertical' }) {
  const [value, setValue] = useState<'profile' | 'devices'>('profile');
  return (
    <Tabs
      label="Settings sections"
      orientation={orientation}
      value={value}
      onValueChange={setValue}
      tabs={[
        { id: 'profile', label: 'Profile', panel: 'Your name' },
        { id: 'devices', label: 'Devices', panel: 'This browser' },
      ]}
    />
  );
}

test.each([
  ['horizontal', '{ArrowRight}'],
  ['vertical', '{ArrowDown}'],
] as const)('%s tabs are named, and chosen as the arrow keys reach them', async (orientation, key) => {
  const user = userEvent.setup();
  render(<Sections orientation={orientation} />);
  expect(screen.getByRole('tablist', { name: 'Settings sections' })).toBeTruthy();
  expect(screen.getByRole('tabpanel', { name: 'Profile' }).textContent).toBe('Your name');
  await user.tab();
  await user.keyboard(key);
  expect(screen.getByRole('tab', { name: 'Devices', selected: true })).toBe(document.activeElement);
  expect(screen.getByRole('tabpanel', { name: 'Devices' }).textContent).toBe('This browser');
});

test('vertical tabs lie down on a phone, and so do their keys', async () => {
  const user = userEvent.setup();
  setWindowWidth(390);
  render(<Sections orientation="vertical" />);
  expect(screen.getByRole('tablist').getAttribute('aria-orientation')).not.toBe('vertical');
  await user.tab();
  await user.keyboard('{ArrowRight}');
  expect(screen.getByRole('tab', { name: 'Devices', selected: true })).toBeTruthy();
});

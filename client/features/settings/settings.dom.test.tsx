import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import type { DeviceRecord } from '#schema/http/accounts.ts';
import type { DeviceId } from '#schema/ids.ts';
import { draw } from '#tests/support/draw.tsx';
import { createFakeDevice, type FakeDeviceStart } from '#tests/support/fake-device.ts';
import type { Section } from './sections.ts';
import { SettingsDialog } from './settings-dialog.tsx';

function Settings({ at }: { at: Section }) {
  const [section, setSection] = useState(at);
  return <SettingsDialog open section={section} onSectionChange={setSection} onClose={() => undefined} />;
}

async function open(
  at: Section,
  start: FakeDeviceStart = {},
  prepare?: (device: ReturnType<typeof createFakeDevice>) => void,
) {
  const user = userEvent.setup();
  const device = createFakeDevice(start);
  prepare?.(device);
  const { session } = draw(<Settings at={at} />, { device });
  const dialog = within(await screen.findByRole('dialog', { name: 'Settings' }));
  return { user, device, session, dialog };
}

const record = (id: string, name: string, current = false): DeviceRecord => ({
  id: id as DeviceId,
  name,
  createdAt: 0,
  lastSeenAt: Date.now() - 3 * 3_600_000,
  current,
});

describe('the settings', () => {
  test('open at the section asked for, and lead to the others', async () => {
    const { user, dialog } = await open('appearance');
    expect(dialog.getByRole('tablist', { name: 'Settings sections' })).toBeDefined();
    expect(dialog.getByRole('tab', { name: 'Appearance' }).getAttribute('aria-selected')).toBe('true');
    await waitFor(() => expect(document.activeElement).toBe(dialog.getByRole('tab', { name: 'Appearance' })));
    await user.click(dialog.getByRole('tab', { name: 'About' }));
    expect(dialog.getByText('Kept on this device')).toBeDefined();
  });

  test('Profile: saves what changed, without a network too', async () => {
    const { user, device, dialog } = await open('profile', { connection: { kind: 'offline' } });
    const save = dialog.getByRole<HTMLButtonElement>('button', { name: 'Save' });
    expect(save.disabled).toBe(true);
    await user.type(dialog.getByRole('textbox', { name: 'About' }), 'Counting birds');
    await user.click(save);
    expect(device.acts).toContainEqual(['updateProfile', { about: 'Counting birds' }]);
    await waitFor(() => expect(screen.getByText(/Profile saved\. Others see it once you are online\./)).toBeDefined());
  });

  test('Profile: a name is needed', async () => {
    const { user, device, dialog } = await open('profile');
    await user.clear(dialog.getByRole('textbox', { name: 'Name' }));
    await user.click(dialog.getByRole('button', { name: 'Save' }));
    expect(dialog.getByRole('alert').textContent).toBe('Please enter a name.');
    expect(device.acts).toEqual([]);
  });

  test('Devices: lists them, this one first and not to be revoked; another one after asking', async () => {
    const { user, device, dialog } = await open('devices', {
      devices: [record('b', 'Safari on iPhone'), record('a', 'Chrome on Linux', true)],
    });
    const list = await dialog.findByRole('list', { name: 'Devices' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['Chrome on LinuxThis device', 'Safari on iPhoneLast seen 3 hours agoRevoke']);
    await user.click(dialog.getByRole('button', { name: 'Revoke Safari on iPhone' }));
    const question = within(await screen.findByRole('alertdialog', { name: 'Revoke Safari on iPhone?' }));
    await user.click(question.getByRole('button', { name: 'Revoke' }));
    expect(device.acts).toContainEqual(['revokeDevice', 'b']);
    await waitFor(() => expect(dialog.getAllByRole('listitem')).toHaveLength(1));
  });

  test('Devices: says that the server is needed, and lists them when it is back', async () => {
    const { device, dialog } = await open(
      'devices',
      { connection: { kind: 'offline' }, devices: [record('a', 'Chrome on Linux', true)] },
      (fake) => fake.fail('devices', new Refusal('unavailable')),
    );
    expect(await dialog.findByText('Your devices are listed by the server')).toBeDefined();
    device.fail('devices', null);
    act(() => device.connection.set({ kind: 'online' }));
    expect(await dialog.findByText('Chrome on Linux')).toBeDefined();
  });

  test('Appearance: Light, Dark and System', async () => {
    const { user, dialog } = await open('appearance');
    expect(dialog.getAllByRole('radio').map((radio) => (radio as HTMLInputElement).value)).toEqual([
      'light',
      'dark',
      'system',
    ]);
    await user.click(dialog.getByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await user.click(dialog.getByRole('radio', { name: 'System' }));
    expect(document.documentElement.dataset['theme']).toBe('system');
  });
});

describe('signing out', () => {
  test('keeps this device’s data unless asked otherwise', async () => {
    const { user, device, session, dialog } = await open('profile');
    await user.click(dialog.getByRole('button', { name: 'Sign out' }));
    const question = within(await screen.findByRole('alertdialog'));
    await user.click(question.getByRole('button', { name: 'Sign out' }));
    expect(device.acts).toContainEqual(['signOut', false]);
    await waitFor(() => expect(session.ended).toEqual([false]));
  });

  test('warns about what has not been sent, and erases only when that was chosen', async () => {
    const waiting = [{ id: 'one', kind: 'message' as const, title: 'Message to Ben', bytes: 9, cancellable: true }];
    const { user, device, session, dialog } = await open('profile', {
      syncDetails: { waiting, bytes: 9, lastSync: null, segmentsToFetch: 0 },
    });
    await user.click(dialog.getByRole('button', { name: 'Sign out' }));
    const question = within(await screen.findByRole('alertdialog'));
    expect(question.getByText(/One change has not been sent yet\. What waits stays here/)).toBeDefined();
    await user.click(question.getByRole('radio', { name: 'Erase data from this device' }));
    expect(question.getByText(/What is erased now is lost for ever/)).toBeDefined();
    await user.click(question.getByRole('button', { name: 'Sign out' }));
    expect(device.acts).toContainEqual(['signOut', true]);
    await waitFor(() => expect(session.ended).toEqual([true]));
  });

  test('stays signed in and says so when the device could not let go', async () => {
    const { user, session, dialog } = await open('profile', {}, (fake) =>
      fake.fail('signOut', new Error('Storage is busy.')),
    );
    await user.click(dialog.getByRole('button', { name: 'Sign out' }));
    const question = within(await screen.findByRole('alertdialog'));
    await user.click(question.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(screen.getByText('Storage is busy.')).toBeDefined());
    expect(session.ended).toEqual([]);
  });
});

import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import { directConversationId } from '#schema/conversation-ids.ts';
import { draw } from '#tests/support/draw.tsx';
import { createFakeDevice, person, userId, type FakeDeviceStart } from '#tests/support/fake-device.ts';
import { NewConversationDialog } from './new-conversation-dialog.tsx';

const ben = person(2, 'Ben');
const emine = person(3, 'Emine');

async function open(start: FakeDeviceStart = {}) {
  const onStarted = vi.fn();
  const user = userEvent.setup();
  const device = createFakeDevice({ people: [ben, emine], ...start });
  draw(<NewConversationDialog open onClose={() => undefined} onStarted={onStarted} />, { device });
  const dialog = within(await screen.findByRole('dialog', { name: 'New conversation' }));
  return { user, device, onStarted, dialog };
}

const options = () => screen.queryAllByRole('option').map((option) => option.getAttribute('aria-label'));

describe('a new conversation', () => {
  test('with one person: found among those the device knows, without a network', async () => {
    const { user, device, onStarted, dialog } = await open({ connection: { kind: 'offline' } });
    await user.type(dialog.getByRole('combobox', { name: 'Search people' }), 'be');
    await waitFor(() => expect(options()).toEqual(['Ben']));
    await user.click(screen.getByRole('option', { name: 'Ben' }));
    await user.click(dialog.getByRole('button', { name: 'Start chat' }));
    expect(device.acts).toContainEqual(['startDirect', ben]);
    await waitFor(() => expect(onStarted).toHaveBeenCalledWith(directConversationId(userId(1), ben.id)));
  });

  test('adds those whom only the server knows, and never the person themselves', async () => {
    const { user, dialog } = await open({ strangers: [person(7, 'Benedikt')] });
    await waitFor(() => expect(options()).toEqual(['Ben', 'Emine']));
    await user.type(dialog.getByRole('combobox', { name: 'Search people' }), 'ben');
    await waitFor(() => expect(options()).toEqual(['Ben', 'Benedikt']));
  });

  test('asks for the person before it starts', async () => {
    const { user, device, dialog } = await open();
    await user.click(dialog.getByRole('button', { name: 'Start chat' }));
    expect(dialog.getByRole('alert').textContent).toBe('Choose the person you want to write to.');
    expect(device.acts.some(([name]) => name === 'startDirect')).toBe(false);
  });

  test('with a group: a name and as many people as one likes', async () => {
    const { user, device, onStarted, dialog } = await open();
    await user.click(dialog.getByRole('tab', { name: 'Group' }));
    await user.type(dialog.getByRole('textbox', { name: 'Group name' }), ' Harbour walk ');
    for (const name of ['Ben', 'Emine']) {
      await user.type(dialog.getByRole('combobox', { name: 'Search people' }), name);
      await user.click(await screen.findByRole('option', { name }));
    }
    await user.click(dialog.getByRole('button', { name: 'Create group' }));
    expect(device.acts).toContainEqual(['createGroup', 'Harbour walk', [ben, emine]]);
    await waitFor(() => expect(onStarted).toHaveBeenCalledOnce());
  });

  test('a group without a name is refused at its field; a refusal of the device is shown', async () => {
    const { user, device, dialog } = await open();
    await user.click(dialog.getByRole('tab', { name: 'Group' }));
    await user.click(dialog.getByRole('button', { name: 'Create group' }));
    expect(dialog.getByRole('alert').textContent).toBe('A group needs a name.');
    device.fail('createGroup', new Refusal('unavailable', 'This device is full.'));
    await user.type(dialog.getByRole('textbox', { name: 'Group name' }), 'Harbour walk');
    await user.click(dialog.getByRole('button', { name: 'Create group' }));
    await waitFor(() => expect(dialog.getByRole('alert').textContent).toBe('This device is full.'));
  });
});

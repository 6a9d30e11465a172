import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Dialog } from './dialog.tsx';
import { MenuButton } from './menu-button.tsx';
import { TextField } from './text-field.tsx';

function WithDialog() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title="New conversation" description="Who is it with?">
        <TextField label="Group name" />
      </Dialog>
    </>
  );
}

describe('a dialog', () => {
  test('is named by its title, focuses its first control, and gives the focus back on Escape', async () => {
    const user = userEvent.setup();
    render(<WithDialog />);
    const opener = screen.getByRole('button', { name: 'Open' });
    await user.click(opener);
    const dialog = await screen.findByRole('dialog', { name: 'New conversation' });
    await waitFor(() =>
      expect(document.activeElement).toBe(within(dialog).getByRole('textbox', { name: 'Group name' })),
    );
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(opener));
  });

  test('is closed by "Close"', async () => {
    const user = userEvent.setup();
    render(<WithDialog />);
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

test('a question is an alertdialog that starts at its way out', async () => {
  const user = userEvent.setup();
  const done = vi.fn();
  render(
    <ConfirmDialog
      open
      title="Delete message?"
      onCancel={() => done('cancel')}
      actions={[
        { label: 'Delete for everyone', tone: 'danger', onSelect: () => done('everyone') },
        { label: 'Delete for me', onSelect: () => done('me') },
      ]}
    >
      It goes from every device.
    </ConfirmDialog>,
  );
  const dialog = screen.getByRole('alertdialog', {
    name: 'Delete message?',
    description: 'It goes from every device.',
  });
  await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Cancel' })));
  await user.click(within(dialog).getByRole('button', { name: 'Delete for everyone' }));
  await user.click(within(dialog).getByRole('button', { name: 'Delete for me' }));
  await user.keyboard('{Escape}');
  expect(done.mock.calls).toEqual([['everyone'], ['me'], ['cancel']]);
});

describe('a menu button', () => {
  const items = (chosen: (label: string) => void) => [
    { label: 'Pin', onSelect: () => chosen('Pin') },
    { label: 'Mute', checked: true, onSelect: () => chosen('Mute') },
    'separator' as const,
    { label: 'Delete', danger: true, onSelect: () => chosen('Delete') },
  ];

  test('opens a menu of its own name, acts, closes, and has the focus again', async () => {
    const user = userEvent.setup();
    const chosen = vi.fn();
    render(<MenuButton label="Options for Ana" items={items(chosen)} />);
    const button = screen.getByRole('button', { name: 'Options for Ana', expanded: false });
    expect(button.getAttribute('aria-haspopup')).toBe('menu');
    await user.click(button);
    const menu = await screen.findByRole('menu', { name: 'Options for Ana' });
    expect(within(menu).getByRole('menuitemcheckbox', { name: 'Mute', checked: true })).toBeTruthy();
    await user.click(within(menu).getByRole('menuitem', { name: 'Delete' }));
    expect(chosen).toHaveBeenCalledExactlyOnceWith('Delete');
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  test('works by keyboard alone', async () => {
    const user = userEvent.setup();
    const chosen = vi.fn();
    render(<MenuButton label="Options for Ana" items={items(chosen)} />);
    await user.tab();
    await user.keyboard('{ArrowDown}');
    await screen.findByRole('menu');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Pin' })));
    await user.keyboard('{End}{Enter}');
    await waitFor(() => expect(chosen).toHaveBeenCalledExactlyOnceWith('Delete'));
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { SyncDetails, WaitingItem } from '#client/services/device.ts';
import { createSubject } from '#client/services/create-subject.ts';
import { draw } from '#tests/support/draw.tsx';
import { createFakeDevice } from '#tests/support/fake-device.ts';
import { ConnectionBar } from './connection-bar.tsx';
import { DeviceBanners } from './device-banners.tsx';
import { SyncDetailsDialog } from './sync-details-dialog.tsx';
import { useNoticeToasts } from './use-notice-toasts.ts';

const item = (given: Partial<WaitingItem>): WaitingItem => ({
  id: 'one',
  kind: 'message',
  title: 'Message to Ben',
  bytes: 120,
  cancellable: true,
  ...given,
});
const details = (waiting: readonly WaitingItem[]): SyncDetails => ({
  waiting,
  bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
  lastSync: null,
  segmentsToFetch: 0,
});

describe('the status "Connection"', () => {
  test('says how the connection is as it changes, and opens "Sync details"', async () => {
    const user = userEvent.setup();
    const onOpen = vi.fn();
    const { device } = draw(<ConnectionBar onOpenDetails={onOpen} />);
    const status = screen.getByRole('status', { name: 'Connection' });
    expect(status.textContent).toBe('Online');
    act(() => device.connection.set({ kind: 'offline' }));
    expect(status.textContent).toBe('Offline. Changes will sync later.');
    await user.click(screen.getByRole('button', { name: 'Sync details' }));
    expect(onOpen).toHaveBeenCalledOnce();
  });
});

describe('"Sync details"', () => {
  const open = (sync: SyncDetails) =>
    draw(<SyncDetailsDialog open onClose={() => undefined} />, { device: createFakeDevice({ syncDetails: sync }) });

  test('says that it is safe to close when nothing waits', async () => {
    open(details([]));
    const dialog = await screen.findByRole('dialog', { name: 'Sync details' });
    expect(within(dialog).getByText('Safe to close')).toBeDefined();
    expect(within(dialog).queryByRole('list')).toBeNull();
  });

  test('lists what waits with its size, and cancels only what has never left the device', async () => {
    const user = userEvent.setup();
    const { device } = open(
      details([item({}), item({ id: 'two', title: 'Message to Daniel', cancellable: false, bytes: 1_500 })]),
    );
    const dialog = await screen.findByRole('dialog', { name: 'Sync details' });
    expect(within(dialog).queryByText('Safe to close')).toBeNull();
    expect(within(dialog).getByText('2 messages, 1.6 KB')).toBeDefined();
    expect(within(dialog).queryByRole('button', { name: 'Cancel Message to Daniel' })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Cancel Message to Ben' }));
    expect(device.acts).toContainEqual(['cancelWaiting', 'one']);
    await waitFor(() => expect(within(dialog).getAllByRole('listitem')).toHaveLength(1));
  });

  test('syncs now when asked to', async () => {
    const user = userEvent.setup();
    const { device } = open(details([]));
    await user.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(device.acts).toContainEqual(['syncNow']);
  });
});

describe('what must not be missed', () => {
  const drawBanners = (given: Parameters<typeof createFakeDevice>[0], ready = false) => {
    const update = { ready: createSubject(ready), check: vi.fn(), apply: vi.fn() };
    const onSignInAgain = vi.fn();
    const drawn = draw(<DeviceBanners update={update} onSignInAgain={onSignInAgain} />, {
      device: createFakeDevice(given),
    });
    return { ...drawn, update, onSignInAgain };
  };

  test('nothing is said while all is well', () => {
    drawBanners({});
    expect(screen.queryByRole('status')).toBeNull();
  });

  test('memory alone is said for as long as it holds', () => {
    drawBanners({ storage: 'memory' });
    expect(screen.getByRole('status').textContent).toMatch(/does not let ChatSync\+ keep anything/);
  });

  test('a newer version asks, and takes over when the person says yes', async () => {
    const user = userEvent.setup();
    const { update } = drawBanners({});
    expect(screen.queryByText('Update ready')).toBeNull();
    act(() => update.ready.set(true));
    expect(screen.getByText('Update ready')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Update now' }));
    expect(update.apply).toHaveBeenCalledOnce();
  });

  test('a session that ended leads back to the form', async () => {
    const user = userEvent.setup();
    const { onSignInAgain } = drawBanners({ connection: { kind: 'ended', reason: 'signed-out' } });
    await user.click(screen.getByRole('button', { name: 'Sign in again' }));
    expect(onSignInAgain).toHaveBeenCalledOnce();
  });
});

describe('notices', () => {
  function Notices() {
    useNoticeToasts();
    return null;
  }

  test('show as toasts, errors as alerts, and are gone at the device once they are dismissed', async () => {
    const user = userEvent.setup();
    const { device } = draw(<Notices />, {
      device: createFakeDevice({ notices: [{ id: 4, level: 'error', text: 'You were removed from this group.' }] }),
    });
    expect((await screen.findByRole('alert')).textContent).toBe('You were removed from this group.');
    act(() =>
      device.notices.set([...device.notices.get(), { id: 5, level: 'information', text: 'Times were corrected.' }]),
    );
    expect((await screen.findByRole('status')).textContent).toBe('Times were corrected.');
    const [first] = screen.getAllByRole('button', { name: 'Dismiss' });
    if (first) await user.click(first);
    expect(device.acts.filter(([name]) => name === 'dismissNotice')).toEqual([['dismissNotice', 4]]);
  });
});

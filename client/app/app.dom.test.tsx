import { act, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSubject } from '#client/services/create-subject.ts';
import { setWindowWidth } from '#tests/support/dom-gaps.ts';
import { ANA, createFakeSession } from '#tests/support/draw.tsx';
import {
  createFakeDevice,
  groupId,
  message,
  person,
  summary,
  userId,
  type FakeDeviceStart,
} from '#tests/support/fake-device.ts';
import { App } from './app.tsx';

const research = summary({ id: groupId(1), title: 'Research', role: 'owner' });
const harbour = summary({ id: groupId(2), title: 'Harbour walk', unread: 3 });

function openApp(path: string, { start = {}, signedIn = true }: { start?: FakeDeviceStart; signedIn?: boolean } = {}) {
  history.replaceState(null, '', path);
  const device = createFakeDevice({
    conversations: [research, harbour],
    people: [person(2, 'Ben')],
    messages: new Map([[research.id, [message({ by: userId(2), at: Date.now(), text: 'Good morning' }, 1)]]]),
    ...start,
  });
  const session = createFakeSession(signedIn ? ANA : null);
  const leave = vi.fn();
  const update = { ready: createSubject(false), check: vi.fn(), apply: vi.fn() };
  const failure = createSubject<Error | null>(null);
  render(<App session={session} openDevice={() => device} update={update} failure={failure} leave={leave} />);
  return { user: userEvent.setup(), device, session, leave, failure };
}

const title = (name: string) => screen.findByRole('heading', { level: 1, name });

beforeEach(() => setWindowWidth(1440));
afterEach(() => history.replaceState(null, '', '/'));

describe('the app', () => {
  test('shows who is not signed in the form, whatever they wanted to see, and that afterwards', async () => {
    const { user } = openApp(`/c/${research.id}`, { signedIn: false });
    await title('Sign in');
    await waitFor(() => expect(location.pathname).toBe('/sign-in'));
    await user.type(screen.getByRole('textbox', { name: 'Email' }), 'ana@example.org');
    await user.type(screen.getByLabelText('Password', { exact: true }), 'correct horse{Enter}');
    await title('Research');
    expect(location.pathname).toBe(`/c/${research.id}`);
  });

  test('shows the list at once, and a conversation beside it when it is opened', async () => {
    const { user } = openApp('/');
    const list = screen.getByRole('region', { name: 'Conversations' });
    expect(within(list).getByRole('navigation', { name: 'Main' })).toBeDefined();
    await user.click(within(list).getByRole('link', { name: 'Research' }));
    await title('Research');
    expect(await screen.findByRole('textbox', { name: 'Message' })).toBeDefined();
    expect(document.title).toBe('(3) Research · ChatSync+');
  });

  test('steps through the conversations with Alt and the arrows', async () => {
    const { user } = openApp('/');
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await title('Research');
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await title('Harbour walk');
  });

  test('opens the settings over what is there, and comes back to it', async () => {
    const { user } = openApp(`/c/${research.id}`);
    await title('Research');
    await user.keyboard('{Control>},{/Control}');
    await screen.findByRole('dialog', { name: 'Settings' });
    expect(location.pathname).toBe('/settings/profile');
    await user.click(screen.getByRole('tab', { name: 'Devices' }));
    expect(location.pathname).toBe('/settings/devices');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(location.pathname).toBe(`/c/${research.id}`));
  });

  test('shows the details of a conversation and hides them again', async () => {
    const { user } = openApp(`/c/${research.id}`);
    await user.click(await screen.findByRole('button', { name: 'Details' }));
    const details = await screen.findByRole('complementary', { name: 'Details' });
    expect(await within(details).findByText('Owner')).toBeDefined();
    await user.click(within(details).getByRole('button', { name: 'Close details' }));
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  test('starts a conversation and opens it', async () => {
    const { user } = openApp('/');
    await user.click(screen.getByRole('button', { name: 'New conversation' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'New conversation' }));
    await user.click(dialog.getByRole('option', { name: 'Ben' }));
    await user.click(dialog.getByRole('button', { name: 'Start chat' }));
    await title('Ben');
    expect(screen.getByRole('link', { name: 'Ben' }).getAttribute('aria-current')).toBe('page');
    expect(screen.getByText('Pending: the server does not know it yet')).toBeDefined();
  });

  test('says so where there is nothing at an address, or a conversation is not here', async () => {
    const { user } = openApp('/nowhere');
    await title('There is nothing at this address');
    await user.click(screen.getByRole('button', { name: 'Show conversations' }));
    await title('Choose a conversation');
  });

  test('leaves the page when the session ends, here or in another tab', async () => {
    const { session, leave } = openApp('/');
    await act(() => session.end(false));
    await waitFor(() => expect(leave).toHaveBeenCalledWith('/sign-in'));
    expect(screen.queryByRole('list', { name: 'Conversations' })).toBeNull();
  });

  test('says what is safe when it cannot go on', async () => {
    const { failure } = openApp('/');
    act(() => failure.set(new Error('The worker could not be started')));
    await title('Something went wrong');
    expect(screen.getByRole('button', { name: 'Load the app again' })).toBeDefined();
  });
});

describe('on a phone', () => {
  test('one pane shows at a time, and Back leads to the list and the row one came from', async () => {
    setWindowWidth(390);
    const { user } = openApp('/');
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
    await user.click(screen.getByRole('link', { name: 'Harbour walk' }));
    const heading = await title('Harbour walk');
    expect(document.activeElement).toBe(heading);
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await waitFor(() => expect(location.pathname).toBe('/'));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Harbour walk' })));
  });
});

test('somebody who comes back to the app finds it trying to connect', () => {
  const { device } = openApp('/', { start: { connection: { kind: 'offline' } } });
  document.dispatchEvent(new Event('visibilitychange'));
  expect(device.acts).toContainEqual(['syncNow']);
  act(() => device.connection.set({ kind: 'online' }));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(device.acts.filter(([name]) => name === 'syncNow')).toHaveLength(1);
});

import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { HttpRefusal, Unreachable } from '#client/services/http-refusal.ts';
import { createFakeSession, draw } from '#tests/support/draw.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { SignUpPage } from './sign-up-page.tsx';

const field = (name: string) => screen.getByLabelText(name, { exact: true });
const alerts = () => screen.queryAllByRole('alert').map((alert) => alert.textContent);

describe('signing in', () => {
  test('asks for email and password and signs in with them', async () => {
    const user = userEvent.setup();
    const { session } = draw(<SignInPage />, { session: createFakeSession(null) });
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeDefined();
    expect(screen.getByRole('link', { name: 'Create account' }).getAttribute('href')).toBe('/sign-up');
    await user.type(screen.getByRole('textbox', { name: 'Email' }), 'ana@example.org');
    await user.type(field('Password'), 'correct horse{Enter}');
    expect(session.entries).toEqual([['ana@example.org', 'correct horse']]);
  });

  test('says in an alert that email or password is wrong, and keeps what was typed', async () => {
    const user = userEvent.setup();
    const session = createFakeSession(null);
    session.refuse = new HttpRefusal('wrong-credentials', 'Email or password is wrong.');
    draw(<SignInPage />, { session });
    await user.type(field('Email'), 'ana@example.org');
    await user.type(field('Password'), 'wrong horse');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(alerts()).toEqual(['Email or password is wrong.']));
    expect((field('Password') as HTMLInputElement).value).toBe('wrong horse');
    expect(screen.getByRole('button', { name: 'Sign in' }).getAttribute('aria-busy')).toBeNull();
  });

  test('says what is missing at the field, and asks the server nothing', async () => {
    const user = userEvent.setup();
    const { session } = draw(<SignInPage />, { session: createFakeSession(null) });
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(alerts()).toEqual(['Please enter your email address.', 'Please enter your password.']);
    expect(document.activeElement).toBe(field('Email'));
    expect(session.entries).toEqual([]);
  });

  test('says that it needs a connection when there is none, and can be sent again', async () => {
    const user = userEvent.setup();
    const session = createFakeSession(null);
    session.refuse = new Unreachable(null);
    draw(<SignInPage />, { session });
    await user.type(field('Email'), 'ana@example.org');
    await user.type(field('Password'), 'correct horse{Enter}');
    await waitFor(() => expect(alerts()[0]).toMatch(/^Signing in needs a connection/));
    session.refuse = null;
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(session.current.get()).not.toBeNull());
  });

  test('begins with the email of the last person here', () => {
    draw(<SignInPage />, { session: createFakeSession(null, 'ana@example.org') });
    expect((field('Email') as HTMLInputElement).value).toBe('ana@example.org');
    expect(document.activeElement).toBe(field('Password'));
  });
});

describe('creating an account', () => {
  const fill = async (user: ReturnType<typeof userEvent.setup>, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await user.type(field(name), value);
  };

  test('takes name, email and password', async () => {
    const user = userEvent.setup();
    const { session } = draw(<SignUpPage />, { session: createFakeSession(null) });
    expect(screen.getByRole('heading', { name: 'Create account' })).toBeDefined();
    expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in');
    await fill(user, { Name: 'Ana', Email: 'ana@example.org', Password: 'correct horse' });
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(session.entries).toEqual([['Ana', 'ana@example.org', 'correct horse']]);
  });

  test('refuses what cannot be an account before the server has to', async () => {
    const user = userEvent.setup();
    const { session } = draw(<SignUpPage />, { session: createFakeSession(null) });
    await fill(user, { Email: 'nobody', Password: 'short' });
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(alerts()).toEqual([
      'Please enter a name.',
      'Please enter a valid email address.',
      'A password needs at least 8 characters.',
    ]);
    expect(session.entries).toEqual([]);
  });

  test('refuses a password that bcrypt would cut: 72 bytes are fewer letters in most languages', async () => {
    const user = userEvent.setup();
    draw(<SignUpPage />, { session: createFakeSession(null) });
    await fill(user, { Name: 'Ana', Email: 'ana@example.org', Password: 'é'.repeat(37) });
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(alerts()).toEqual([expect.stringContaining('at most 72 bytes')]);
  });

  test('puts the server’s complaint about the email at the email', async () => {
    const user = userEvent.setup();
    const session = createFakeSession(null);
    session.refuse = new HttpRefusal('email-taken', 'There is an account with this email already.');
    draw(<SignUpPage />, { session });
    await fill(user, { Name: 'Ana', Email: 'ana@example.org', Password: 'correct horse' });
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    await waitFor(() => expect(field('Email').getAttribute('aria-invalid')).toBe('true'));
    expect(alerts()).toEqual(['There is an account with this email already.']);
    expect(document.activeElement).toBe(field('Email'));
  });
});

import { useState } from 'react';
import { useSession } from '#client/services/session-context.tsx';
import { Button } from '#client/ui/button.tsx';
import { PasswordField } from '#client/ui/password-field.tsx';
import { TextField } from '#client/ui/text-field.tsx';
import { EntryPage } from './entry-page.tsx';
import { formErrors } from './form-state.ts';
import { useEntryForm } from './use-entry-form.ts';

/** Signing in to an account there is. */
export function SignInPage() {
  const session = useSession();
  const [email, setEmail] = useState(session.lastEmail);
  const [password, setPassword] = useState('');
  const form = useEntryForm({
    check: () => ({
      ...(email.trim() === '' && { email: 'Please enter your email address.' }),
      ...(password === '' && { password: 'Please enter your password.' }),
    }),
    send: () => session.signIn(email, password),
    explain: (error) => formErrors(error, 'Signing in'),
  });

  return (
    <EntryPage
      title="Sign in"
      error={form.errors.form}
      other={{ question: 'New here?', label: 'Create account', href: '/sign-up' }}
      onSubmit={form.submit}
    >
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={session.lastEmail === ''}
        value={email}
        error={form.errors.fields['email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        name="password"
        autoComplete="current-password"
        autoFocus={session.lastEmail !== ''}
        value={password}
        error={form.errors.fields['password']}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" tone="primary" size="large" wide busy={form.busy}>
        Sign in
      </Button>
    </EntryPage>
  );
}

import { useState } from 'react';
import { SignUpRequest } from '#schema/http/accounts.ts';
import { LIMITS } from '#schema/limits.ts';
import { useSession } from '#client/services/session-context.tsx';
import { Button } from '#client/ui/button.tsx';
import { PasswordField } from '#client/ui/password-field.tsx';
import { TextField } from '#client/ui/text-field.tsx';
import { checkForm, passwordTooLong } from './check-form.ts';
import { EntryPage } from './entry-page.tsx';
import { formErrors } from './form-state.ts';
import { useEntryForm } from './use-entry-form.ts';

/** Making an account. */
export function SignUpPage() {
  const session = useSession();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const form = useEntryForm({
    check: () => {
      const tooLong = passwordTooLong(password);
      return { ...checkForm(SignUpRequest, { name, email, password }), ...(tooLong !== null && { password: tooLong }) };
    },
    send: () => session.signUp(name, email, password),
    explain: (error) => formErrors(error, 'Creating an account'),
  });

  return (
    <EntryPage
      title="Create account"
      error={form.errors.form}
      other={{ question: 'Already have an account?', label: 'Sign in', href: '/sign-in' }}
      onSubmit={form.submit}
    >
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={LIMITS.nameLength}
        autoFocus
        value={name}
        error={form.errors.fields['name']}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        value={email}
        error={form.errors.fields['email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        name="password"
        autoComplete="new-password"
        description={`At least ${LIMITS.passwordMinLength} characters.`}
        value={password}
        error={form.errors.fields['password']}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" tone="primary" size="large" wide busy={form.busy}>
        Create account
      </Button>
    </EntryPage>
  );
}

import { useState } from 'react';
import { LIMITS } from '#schema/limits.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { Button } from '#client/ui/button.tsx';
import { TextArea } from '#client/ui/text-area.tsx';
import { TextField } from '#client/ui/text-field.tsx';
import { useToasts } from '#client/ui/toast-context.tsx';
import { SettingsSection } from './settings-section.tsx';
import styles from './settings.module.css';

/** Name and about, as others see them. Works without a network: it is a command that waits. */
export function ProfileSection() {
  const device = useDevice();
  const toasts = useToasts();
  const profile = useObservable(device.profile);
  const connection = useObservable(device.connection);
  const [name, setName] = useState(profile.name);
  const [about, setAbout] = useState(profile.about);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = {
    ...(name.trim() !== profile.name && { name: name.trim() }),
    ...(about.trim() !== profile.about && { about: about.trim() }),
  };

  const save = () => {
    if (name.trim() === '') {
      setError('Please enter a name.');
      return;
    }
    setError(null);
    if (busy || Object.keys(change).length === 0) return;
    setBusy(true);
    device
      .updateProfile(change)
      .then(
        () =>
          toasts.show({
            text: connection.kind === 'offline' ? 'Profile saved. Others see it once you are online.' : 'Profile saved',
          }),
        (failure: unknown) => setError(failure instanceof Error ? failure.message : 'This could not be saved.'),
      )
      .finally(() => setBusy(false));
  };

  return (
    <SettingsSection title="Profile" lead="People you write with see your name and what you say about yourself.">
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className={styles.identity}>
          <Avatar id={profile.id} name={profile.name} size="huge" />
          <span className={styles.words}>
            <strong className="truncate">{profile.name}</strong>
            <span className={styles.secondary}>{profile.email}</span>
          </span>
        </div>
        <TextField
          label="Name"
          autoComplete="name"
          maxLength={LIMITS.nameLength}
          value={name}
          error={error ?? undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <TextArea
          label="About"
          description={`A sentence or two, at most ${LIMITS.aboutLength} characters.`}
          maxLength={LIMITS.aboutLength}
          value={about}
          onChange={(event) => setAbout(event.target.value)}
        />
        <div>
          <Button type="submit" tone="primary" busy={busy} disabled={Object.keys(change).length === 0}>
            Save
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}

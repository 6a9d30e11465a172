import { useState } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import { LIMITS } from '#schema/limits.ts';
import { useDevice } from '#client/services/device-context.ts';
import { Button } from '#client/ui/button.tsx';
import { Dialog } from '#client/ui/dialog.tsx';
import { Tabs } from '#client/ui/tabs.tsx';
import { TextField } from '#client/ui/text-field.tsx';
import { PeopleField } from './people-field.tsx';
import styles from './new-conversation-dialog.module.css';

export interface NewConversationDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The conversation is there, on this device at least. */
  readonly onStarted: (conversation: ConversationId) => void;
}

/** The dialog "New conversation". Everything in it works without a network; the server hears of it later. */
export function NewConversationDialog({ open, onClose, onStarted }: NewConversationDialogProps) {
  const [kind, setKind] = useState<'direct' | 'group'>('direct');
  return (
    <Dialog open={open} onClose={onClose} title="New conversation" size="medium">
      <Tabs
        label="Kind of conversation"
        className={styles.tabs}
        panelClassName={styles.panel}
        value={kind}
        onValueChange={setKind}
        tabs={[
          { id: 'direct', label: 'Direct', panel: <DirectForm onStarted={onStarted} /> },
          { id: 'group', label: 'Group', panel: <GroupForm onStarted={onStarted} /> },
        ]}
      />
    </Dialog>
  );
}

interface FormProps {
  readonly onStarted: (conversation: ConversationId) => void;
}

function DirectForm({ onStarted }: FormProps) {
  const device = useDevice();
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [missing, setMissing] = useState(false);
  const { start, busy, error } = useStart(onStarted);
  const [peer] = chosen;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!peer);
        if (peer) start(() => device.startDirect(peer));
      }}
    >
      <PeopleField chosen={chosen} onChosenChange={setChosen} max={1} />
      {missing && !peer && <Complaint text="Choose the person you want to write to." />}
      {error !== null && <Complaint text={error} />}
      <Button type="submit" tone="primary" busy={busy} className={styles.submit}>
        Start chat
      </Button>
    </form>
  );
}

function GroupForm({ onStarted }: FormProps) {
  const device = useDevice();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [missing, setMissing] = useState(false);
  const { start, busy, error } = useStart(onStarted);
  const name = title.trim();
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(name === '');
        if (name !== '') start(() => device.createGroup(name, chosen));
      }}
    >
      <TextField
        label="Group name"
        autoComplete="off"
        maxLength={LIMITS.titleLength}
        value={title}
        error={missing && name === '' ? 'A group needs a name.' : undefined}
        onChange={(event) => setTitle(event.target.value)}
      />
      <PeopleField chosen={chosen} onChosenChange={setChosen} max={LIMITS.members - 1} />
      {error !== null && <Complaint text={error} />}
      <Button type="submit" tone="primary" busy={busy} className={styles.submit}>
        Create group
      </Button>
    </form>
  );
}

function Complaint({ text }: { text: string }) {
  return (
    <p role="alert" className={styles.complaint}>
      {text}
    </p>
  );
}

/** Runs the act that makes the conversation, once at a time. */
function useStart(onStarted: (conversation: ConversationId) => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const start = (act: () => Promise<ConversationId>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    act().then(
      (id) => {
        setBusy(false);
        onStarted(id);
      },
      (failure: unknown) => {
        setBusy(false);
        setError(failure instanceof Error ? failure.message : 'This did not work.');
      },
    );
  };
  return { start, busy, error };
}

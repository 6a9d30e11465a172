import { useState } from 'react';
import { Button } from '../button.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Dialog } from '../dialog.tsx';
import { AppearanceIcon, ComputerIcon, PersonIcon } from '../icons.ts';
import { Tabs } from '../tabs.tsx';
import { TextField } from '../text-field.tsx';
import { useToasts } from '../toast-context.tsx';
import { PeopleCombobox } from './gallery-fields.tsx';
import { GallerySection } from './gallery-section.tsx';
import styles from './gallery.module.css';

type Layer = 'new' | 'settings' | 'confirm' | 'delete';

export function GalleryLayers() {
  const toasts = useToasts();
  const [layer, setLayer] = useState<Layer>();
  const [section, setSection] = useState<'profile' | 'devices' | 'appearance'>('profile');
  const close = () => setLayer(undefined);
  return (
    <GallerySection title="Layers">
      <div className={styles.row}>
        <Button onClick={() => setLayer('new')}>New conversation</Button>
        <Button onClick={() => setLayer('settings')}>Settings</Button>
        <Button onClick={() => setLayer('confirm')}>Sign out</Button>
        <Button onClick={() => setLayer('delete')}>Delete message</Button>
        <Button
          onClick={() =>
            toasts.show({ text: 'Conversation archived', action: { label: 'Undo', onSelect: () => undefined } })
          }
        >
          Information
        </Button>
        <Button
          onClick={() => toasts.show({ kind: 'error', text: 'Not delivered: you were removed from this group.' })}
        >
          Error
        </Button>
      </div>
      <Dialog
        open={layer === 'new'}
        onClose={close}
        title="New conversation"
        size="medium"
        footer={
          <Button tone="primary" onClick={close}>
            Start chat
          </Button>
        }
      >
        <div className={styles.stack}>
          <PeopleCombobox inline />
        </div>
      </Dialog>
      <Dialog open={layer === 'settings'} onClose={close} title="Settings" size="large" flush>
        <Tabs
          label="Settings sections"
          orientation="vertical"
          value={section}
          onValueChange={setSection}
          panelClassName={styles.panel}
          tabs={[
            {
              id: 'profile',
              label: 'Profile',
              icon: <PersonIcon />,
              panel: <TextField label="Name" defaultValue="Ana Horvat" />,
            },
            { id: 'devices', label: 'Devices', icon: <ComputerIcon />, panel: 'This browser' },
            { id: 'appearance', label: 'Appearance', icon: <AppearanceIcon />, panel: 'Theme' },
          ]}
        />
      </Dialog>
      <ConfirmDialog
        open={layer === 'confirm'}
        title="Sign out?"
        onCancel={close}
        actions={[{ label: 'Sign out', tone: 'danger', onSelect: close }]}
      >
        3 messages have not been sent. They stay on this device and go out when you sign in again.
      </ConfirmDialog>
      <ConfirmDialog
        open={layer === 'delete'}
        title="Delete message?"
        onCancel={close}
        actions={[
          { label: 'Delete for everyone', tone: 'danger', onSelect: close },
          { label: 'Delete for me', tone: 'secondary', onSelect: close },
        ]}
      />
    </GallerySection>
  );
}

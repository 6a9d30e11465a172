import { useState, type RefObject } from 'react';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Button } from '#client/ui/button.tsx';
import { Dialog } from '#client/ui/dialog.tsx';
import { AppearanceIcon, ComputerIcon, InfoIcon, PersonIcon, SignOutIcon } from '#client/ui/icons.ts';
import { Tabs } from '#client/ui/tabs.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import type { Section } from './sections.ts';
import styles from './settings.module.css';
import { SignOutDialog } from './sign-out-dialog.tsx';

export interface SettingsDialogProps {
  readonly open: boolean;
  readonly section: Section;
  readonly onSectionChange: (section: Section) => void;
  readonly onClose: () => void;
}

/** The tab of the section that is open has the focus first: any other would open its own section by being focused. */
const openTab: RefObject<HTMLElement | null> = {
  get current() {
    return document.querySelector<HTMLElement>('[role="dialog"] [role="tab"][aria-selected="true"]');
  },
};

/** The dialog "Settings". */
export function SettingsDialog({ open, section, onSectionChange, onClose }: SettingsDialogProps) {
  const profile = useObservable(useDevice().profile);
  const [signingOut, setSigningOut] = useState(false);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Settings"
      size="large"
      flush
      initialFocus={openTab}
      footer={
        <div className={styles.footer}>
          <span className={styles.account}>
            Signed in as <strong>{profile.email}</strong>
          </span>
          <Button icon={<SignOutIcon />} onClick={() => setSigningOut(true)}>
            Sign out
          </Button>
        </div>
      }
    >
      <Tabs
        label="Settings sections"
        orientation="vertical"
        value={section}
        onValueChange={onSectionChange}
        className={styles.tabs}
        panelClassName={styles.panel}
        tabs={[
          { id: 'profile', label: 'Profile', icon: <PersonIcon />, panel: <ProfileSection /> },
          { id: 'devices', label: 'Devices', icon: <ComputerIcon />, panel: <DevicesSection /> },
          { id: 'appearance', label: 'Appearance', icon: <AppearanceIcon />, panel: <AppearanceSection /> },
          { id: 'about', label: 'About', icon: <InfoIcon />, panel: <AboutSection /> },
        ]}
      />
      <SignOutDialog open={signingOut} onCancel={() => setSigningOut(false)} />
    </Dialog>
  );
}

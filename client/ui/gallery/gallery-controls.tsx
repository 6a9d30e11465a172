import { useState } from 'react';
import { Avatar, type AvatarSize } from '../avatar.tsx';
import { Badge } from '../badge.tsx';
import { Button, type ButtonTone } from '../button.tsx';
import * as icons from '../icons.ts';
import { IconButton } from '../icon-button.tsx';
import {
  AddIcon,
  CameraIcon,
  ClockIcon,
  ComposeIcon,
  DoubleTickIcon,
  FailedIcon,
  MicrophoneIcon,
  PeopleIcon,
  SendIcon,
  SettingsIcon,
  TickIcon,
} from '../icons.ts';
import { MenuButton } from '../menu-button.tsx';
import { GallerySection } from './gallery-section.tsx';
import styles from './gallery.module.css';

const TONES: readonly ButtonTone[] = ['primary', 'secondary', 'quiet', 'danger'];
const SIZES: readonly AvatarSize[] = ['tiny', 'small', 'medium', 'large', 'huge', 'giant'];
const NAMES = [
  'Ana Horvat',
  'Ben Okafor',
  'Chidi',
  'Dora Lindqvist',
  'Élodie Petit',
  'Farid Khan',
  'Grace Hopper',
  'Hana Sato',
  'Ines',
  'Jonas Weber',
  'Kira',
  'Lev Orlov',
];
const SURFACES = [
  'surface-1',
  'surface-2',
  'surface-3',
  'surface-overlay',
  'accent',
  'accent-subtle',
  'danger-subtle',
  'warning-subtle',
  'success-subtle',
];

export function GalleryControls() {
  const [on, setOn] = useState(true);
  return (
    <>
      <GallerySection title="Surfaces">
        <div className={styles.row}>
          {SURFACES.map((name) => (
            <div
              key={name}
              className={styles.swatch}
              style={{ background: `var(--${name})`, color: name === 'accent' ? 'var(--on-accent)' : undefined }}
            >
              {name}
            </div>
          ))}
        </div>
      </GallerySection>
      <GallerySection title="Buttons">
        {TONES.map((tone) => (
          <div key={tone} className={styles.row}>
            <Button tone={tone}>Save</Button>
            <Button tone={tone} icon={<AddIcon />}>
              Add people
            </Button>
            <Button tone={tone} size="small">
              Small
            </Button>
            <Button tone={tone} size="large">
              Large
            </Button>
            <Button tone={tone} busy>
              Saving
            </Button>
            <Button tone={tone} disabled>
              Disabled
            </Button>
          </div>
        ))}
        <div className={styles.row}>
          <IconButton label="New conversation" icon={<ComposeIcon />} />
          <IconButton label="Settings" icon={<SettingsIcon />} size="small" />
          <IconButton label="Microphone" icon={<MicrophoneIcon />} pressed={on} onClick={() => setOn(!on)} />
          <IconButton
            label="Microphone, filled"
            icon={<MicrophoneIcon />}
            tone="filled"
            size="large"
            pressed={on}
            onClick={() => setOn(!on)}
          />
          <IconButton label="Camera" icon={<CameraIcon />} tone="filled" size="large" />
          <IconButton label="Send message" icon={<SendIcon />} tone="primary" size="large" />
          <IconButton label="End call" icon={<FailedIcon />} tone="danger" size="large" />
          <IconButton label="Not now" icon={<SettingsIcon />} disabled />
          <MenuButton
            label="Options for Ana"
            items={[
              { label: 'Pin', icon: <AddIcon />, hint: 'Ctrl P', onSelect: () => undefined },
              { label: 'Mute', checked: true, onSelect: () => undefined },
              { label: 'Archive', disabled: true, onSelect: () => undefined },
              'separator',
              { label: 'Delete', danger: true, onSelect: () => undefined },
            ]}
          />
        </div>
      </GallerySection>
      <GallerySection title="Faces, badges, states">
        <div className={styles.row}>
          {SIZES.map((size) => (
            <Avatar
              key={size}
              id="ana"
              name="Ana Horvat"
              size={size}
              presence={size === 'tiny' ? undefined : 'online'}
            />
          ))}
          <Avatar id="group" name="Team" icon={<PeopleIcon />} size="large" />
          <Avatar id="away" name="Ben Okafor" size="large" presence="away" />
        </div>
        <div className={styles.row}>
          {NAMES.map((name) => (
            <Avatar key={name} id={name} name={name} size="large" />
          ))}
        </div>
        <div className={styles.row}>
          <Badge value={3} />
          <Badge value={42} />
          <Badge value={1200} />
          <Badge value="@" />
          <Badge value={7} muted />
          <ClockIcon size={16} />
          <TickIcon size={16} />
          <DoubleTickIcon size={16} />
          <DoubleTickIcon size={16} color="var(--accent-text)" />
          <FailedIcon size={16} color="var(--danger-text)" />
        </div>
      </GallerySection>
      <GallerySection title="Icons">
        <div className={styles.row}>
          {Object.entries(icons).map(([name, Icon]) => (
            <span key={name} className={styles.icon}>
              <Icon size={20} />
              {name.replace(/Icon$/, '')}
            </span>
          ))}
        </div>
      </GallerySection>
    </>
  );
}

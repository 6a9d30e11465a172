import { ClockIcon, DoubleTickIcon, FailedIcon, TickIcon } from '#client/ui/icons.ts';
import type { MessageState as State } from '#client/services/device.ts';
import styles from './message-state.module.css';

/** The one vocabulary of states (experience.md §4), and the glyph of each. */
const STATES = {
  local: { label: 'Saved on this device', Icon: ClockIcon },
  sent: { label: 'Sent', Icon: TickIcon },
  delivered: { label: 'Delivered', Icon: DoubleTickIcon },
  read: { label: 'Read', Icon: DoubleTickIcon },
  failed: { label: 'Failed to send', Icon: FailedIcon },
} as const;

/** The state of an own message as an image with its name. "Saved on this device" is held back for half a second: most get their tick before. */
export function MessageState({ state }: { state: State }) {
  const { label, Icon } = STATES[state];
  return (
    <span role="img" aria-label={label} title={label} className={`${styles.state} ${styles[state] ?? ''}`}>
      <Icon aria-hidden />
    </span>
  );
}

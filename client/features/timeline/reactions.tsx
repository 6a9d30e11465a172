import type { UserId } from '#schema/ids.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import styles from './reactions.module.css';

export interface ReactionsProps {
  readonly message: TimelineMessage;
  readonly me: UserId;
  /** A person's name, "You" for oneself. */
  readonly nameOf: (user: UserId) => string;
  readonly onToggle: (emoji: string, on: boolean) => void;
}

/** Who reacted with what. A button for each emoji, pressed when one's own is among them. */
export function Reactions({ message, me, nameOf, onToggle }: ReactionsProps) {
  if (message.reactions.length === 0) return null;
  return (
    <div role="group" aria-label="Reactions" className={styles.reactions}>
      {message.reactions.map(({ emoji, by }) => {
        const own = by.includes(me);
        return (
          <button
            key={emoji}
            type="button"
            aria-label={emoji}
            aria-pressed={own}
            aria-description={whoReacted(by, nameOf)}
            title={by.map(nameOf).join(', ')}
            className={styles.reaction}
            onClick={() => onToggle(emoji, !own)}
          >
            <span aria-hidden>{emoji}</span>
            <span aria-hidden className={styles.count}>
              {by.length}
            </span>
          </button>
        );
      })}
    </div>
  );
}

/** "Ana", "Ana and Ben", "Ana and 2 others". */
function whoReacted(by: readonly UserId[], nameOf: (user: UserId) => string): string {
  const [first, second] = by.map(nameOf);
  if (by.length <= 1) return first ?? '';
  return by.length === 2 ? `${first} and ${second}` : `${first} and ${by.length - 1} others`;
}

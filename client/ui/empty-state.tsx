import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** One sentence: what would be here, or what to do. */
  children?: ReactNode;
  /** The one thing to do. */
  action?: { label: string; onSelect: () => void; icon?: ReactNode } | undefined;
  /** The level of the title's heading. Default 2. */
  headingLevel?: 1 | 2 | 3 | undefined;
  /** `compact` for a pane or a popup. */
  size?: 'normal' | 'compact' | undefined;
  className?: string | undefined;
}

/** What a screen shows when it has nothing to show: centred, with one thing to do. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  headingLevel = 2,
  size = 'normal',
  className,
}: EmptyStateProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <div className={classNames(styles.state, size === 'compact' && styles.compact, className)}>
      {icon !== undefined && <span className={styles.icon}>{icon}</span>}
      <Heading className={styles.title}>{title}</Heading>
      {children !== undefined && <p className={styles.text}>{children}</p>}
      {action && (
        <Button
          tone="primary"
          icon={action.icon}
          size={size === 'compact' ? 'small' : 'medium'}
          onClick={action.onSelect}
          className={styles.action}
        >
          {action.label}
        </Button>
      )}
    </div>
  );
}

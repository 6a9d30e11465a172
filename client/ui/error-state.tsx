import type { ReactNode } from 'react';
import { EmptyState, type EmptyStateProps } from './empty-state.tsx';
import styles from './empty-state.module.css';
import { WarningIcon } from './icons.ts';

export interface ErrorStateProps extends Omit<EmptyStateProps, 'icon' | 'className'> {
  /** Default: a triangle. */
  icon?: ReactNode;
}

/** What a screen shows when it cannot show what it should: says so (`alert`), and what to do. */
export function ErrorState({ icon = <WarningIcon />, ...rest }: ErrorStateProps) {
  return (
    <div role="alert" style={{ display: 'contents' }}>
      <EmptyState {...rest} icon={icon} className={styles.error} />
    </div>
  );
}

import type { ReactNode } from 'react';
import styles from './banner.module.css';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';
import { CloseIcon } from './icons.ts';

export interface BannerProps {
  /** `info` is calm, `warning` asks for care, `danger` says that something is at stake (and is an `alert`; the others are a `status`). */
  tone?: 'info' | 'warning' | 'danger' | undefined;
  icon?: ReactNode;
  /** One sentence. */
  children: ReactNode;
  /** The one thing to do about it. */
  action?: { label: string; onSelect: () => void; busy?: boolean | undefined } | undefined;
  /** Shows "Dismiss". */
  onDismiss?: (() => void) | undefined;
  className?: string | undefined;
}

/** A notice over the full width of its place, there for as long as what it says holds. */
export function Banner({ tone = 'info', icon, children, action, onDismiss, className }: BannerProps) {
  return (
    <div role={tone === 'danger' ? 'alert' : 'status'} className={classNames(styles.banner, styles[tone], className)}>
      {icon}
      <p className={styles.text}>{children}</p>
      {action && (
        <Button size="small" busy={action.busy} onClick={action.onSelect} className={styles.action}>
          {action.label}
        </Button>
      )}
      {onDismiss && (
        <IconButton label="Dismiss" icon={<CloseIcon />} size="small" tooltipSide="bottom" onClick={onDismiss} />
      )}
    </div>
  );
}

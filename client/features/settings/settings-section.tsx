import type { ReactNode } from 'react';
import styles from './settings.module.css';

export interface SettingsSectionProps {
  readonly title: string;
  /** A sentence about the whole section. */
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** What every section has: its title, a sentence, its content. */
export function SettingsSection({ title, lead, children }: SettingsSectionProps) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}

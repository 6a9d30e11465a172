import { useEffect, type ReactNode, type SyntheticEvent } from 'react';
import { Link } from 'wouter';
import { OfflineIcon, FailedIcon } from '#client/ui/icons.ts';
import styles from './entry-page.module.css';
import { useBrowserOnline } from './use-browser-online.ts';

export interface EntryPageProps {
  readonly title: string;
  /** Why the form as a whole was not accepted. */
  readonly error: string | null;
  /** The way to the other page. */
  readonly other: { readonly question: string; readonly label: string; readonly href: string };
  readonly onSubmit: (event: SyntheticEvent<HTMLFormElement>) => void;
  /** Fields and the button. */
  readonly children: ReactNode;
}

/** The page of a person who is not signed in: one form in the middle. */
export function EntryPage({ title, error, other, onSubmit, children }: EntryPageProps) {
  const online = useBrowserOnline();
  useEffect(() => {
    document.title = `${title} · ChatSync+`;
  }, [title]);

  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <img src="/icons/icon.svg" alt="" width={40} height={40} />
          <span>ChatSync+</span>
        </div>
        <h1 className={styles.title}>{title}</h1>
        {error !== null && (
          <p role="alert" className={styles.error}>
            <FailedIcon size={18} />
            <span>{error}</span>
          </p>
        )}
        {!online && error === null && (
          <p role="status" className={styles.offline}>
            <OfflineIcon size={18} />
            <span>
              This device is offline. Everything else works without a network, but coming in for the first time needs
              one.
            </span>
          </p>
        )}
        <form noValidate className={styles.form} onSubmit={onSubmit}>
          {children}
        </form>
        <p className={styles.other}>
          {other.question} <Link href={other.href}>{other.label}</Link>
        </p>
      </div>
      <p className={styles.promise}>
        Every message is safe on your device first, and everywhere else as soon as there is a network.
      </p>
    </main>
  );
}

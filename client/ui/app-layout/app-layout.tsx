import { useEffect, useRef, type ReactNode } from 'react';
import { classNames } from '../class-names.ts';
import { useMediaQuery } from '../use-media-query.ts';
import styles from './app-layout.module.css';
import { DETAILS_FLOAT, ONE_PANE } from './breakpoints.ts';
import { useWindowHeight } from './use-window-height.ts';

/** The pane a phone shows. Wider windows show the list and the main pane together. */
export type Pane = 'list' | 'main';

export interface AppLayoutProps {
  /** Full-width notices above everything. */
  banner?: ReactNode;
  list: ReactNode;
  /** The accessible name of the list's region. */
  listLabel: string;
  main: ReactNode;
  /** Given while the details are open. */
  details?: ReactNode;
  /** The accessible name of the details (role `complementary`). */
  detailsLabel: string;
  pane: Pane;
  /** Called by Escape and by a press beside the details while they float. The details hold a button of their own too. */
  onDetailsClose: () => void;
}

/**
 * Three panes: a list (280 to 360 px), the main pane, and details (320 px) that float below 925 px. Up to 600 px one at a time; those not
 * shown keep their size and place (hidden, not removed), so coming back finds them as they were.
 */
export function AppLayout({
  banner,
  list,
  listLabel,
  main,
  details,
  detailsLabel,
  pane,
  onDetailsClose,
}: AppLayoutProps) {
  const root = useRef<HTMLDivElement>(null);
  useWindowHeight(root);
  const onePane = useMediaQuery(ONE_PANE);
  const floats = useMediaQuery(DETAILS_FLOAT);
  const open = details !== undefined && details !== null && details !== false;
  const covered = open && floats;

  return (
    <div ref={root} className={styles.layout}>
      {banner !== undefined && <div className={styles.banner}>{banner}</div>}
      <div className={styles.panes} data-pane={pane}>
        <section
          aria-label={listLabel}
          className={classNames(styles.pane, styles.list)}
          inert={(onePane && pane !== 'list') || covered}
        >
          {list}
        </section>
        <main className={classNames(styles.pane, styles.main)} inert={(onePane && pane !== 'main') || covered}>
          {main}
        </main>
        {open && (
          <Details label={detailsLabel} floats={floats} onClose={onDetailsClose}>
            {details}
          </Details>
        )}
      </div>
    </div>
  );
}

interface DetailsProps {
  label: string;
  floats: boolean;
  onClose: () => void;
  children: ReactNode;
}

function Details({ label, floats, onClose, children }: DetailsProps) {
  const pane = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });

  // While they float the details are the top layer: they take the focus, and give it back.
  useEffect(() => {
    if (!floats) return undefined;
    const element = pane.current;
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.stopPropagation();
      close.current();
    };
    if (!element?.contains(document.activeElement)) before.current = document.activeElement;
    element?.focus({ preventScroll: true });
    element?.addEventListener('keydown', closeOnEscape);
    return () => {
      element?.removeEventListener('keydown', closeOnEscape);
      if (before.current instanceof HTMLElement && before.current.isConnected)
        before.current.focus({ preventScroll: true });
    };
  }, [floats]);

  return (
    <>
      {floats && <div role="presentation" className={styles.scrim} onClick={onClose} />}
      <aside ref={pane} tabIndex={-1} aria-label={label} className={classNames(styles.pane, styles.details)}>
        {children}
      </aside>
    </>
  );
}

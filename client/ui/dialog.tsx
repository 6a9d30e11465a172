import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef, type ReactNode, type RefObject } from 'react';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.tsx';
import { CloseIcon } from './icons.ts';

export interface DialogProps {
  open: boolean;
  /** Called by Escape, the scrim and "Close". */
  onClose: () => void;
  /** Its accessible name. */
  title: string;
  /** Said after the name. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the foot, the main one last. */
  footer?: ReactNode;
  /** 400, 520 or 880 px wide. On a phone every one fills the screen. */
  size?: 'small' | 'medium' | 'large' | undefined;
  /** Beside the title, before "Close". */
  headerEnd?: ReactNode;
  /** Lets the content reach the edges (tabs beside a page, lists). */
  flush?: boolean | undefined;
  /** What gets the focus first. By default the first control of the content; under a finger the dialog itself, so that no keyboard jumps up. */
  initialFocus?: RefObject<HTMLElement | null> | undefined;
  /** What gets the focus afterwards. By default what had it before. */
  finalFocus?: RefObject<HTMLElement | null> | undefined;
}

/** A modal dialog: keeps the focus inside and gives it back; a full-screen sheet on a phone. Loads the dialog library: import it lazily. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  size = 'small',
  headerEnd,
  flush,
  initialFocus,
  finalFocus,
}: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup
            className={classNames(styles.dialog, styles[size])}
            initialFocus={initialFocus ?? (() => firstControl(body.current))}
            {...(finalFocus && { finalFocus })}
          >
            <header className={styles.header}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              {headerEnd}
              <IconButton
                label="Close"
                icon={<CloseIcon />}
                tooltipSide="bottom"
                className={styles.close}
                onClick={onClose}
              />
            </header>
            {description !== undefined && (
              <Base.Description className={styles.description}>{description}</Base.Description>
            )}
            <div ref={body} className={classNames(styles.body, flush && styles.flush)}>
              {children}
            </div>
            {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** The first control of the content; `true` leaves it to the library (the dialog's first control, or the dialog itself under a finger). */
function firstControl(body: HTMLElement | null): HTMLElement | true {
  if (window.matchMedia('(pointer: coarse)').matches) return true;
  const controls =
    'input:not(:disabled), textarea:not(:disabled), select:not(:disabled), button:not(:disabled), a[href], [tabindex="0"]';
  return body?.querySelector<HTMLElement>(controls) ?? true;
}

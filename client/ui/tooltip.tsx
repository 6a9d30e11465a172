import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { placeTooltip, type TooltipSide } from './tooltip-position.ts';
import styles from './tooltip.module.css';

export type { TooltipSide } from './tooltip-position.ts';

/** Milliseconds the pointer rests before the tooltip shows, and stays away before it goes (so that one can move onto it). */
const SHOW_AFTER = 450;
const HIDE_AFTER = 100;

export interface TooltipProps {
  /** Must say what the accessible name of the control says: the tooltip is hidden from assistive technology. */
  text: string;
  /** One control. */
  children: ReactNode;
  side?: TooltipSide | undefined;
}

/**
 * Shows the name of an icon's button to those who see: when a mouse rests on it or the keyboard reaches it; Escape, a press or leaving hides
 * it (WCAG 1.4.13). Written by hand because it is in every bundle: the library's weighs 31 KB compressed, this one 1.
 */
export function Tooltip({ text, children, side = 'top' }: TooltipProps) {
  const [open, setOpen] = useState(false);
  const wrapper = useRef<HTMLSpanElement>(null);
  const timer = useRef<number | undefined>(undefined);

  const later = (next: boolean, delay: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOpen(next), delay);
  };
  const now = (next: boolean) => {
    window.clearTimeout(timer.current);
    setOpen(next);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);

  return (
    <span
      ref={wrapper}
      role="presentation"
      className={styles.wrapper}
      onPointerEnter={(event) => {
        if (event.pointerType !== 'touch') later(true, SHOW_AFTER);
      }}
      onPointerLeave={() => later(false, HIDE_AFTER)}
      onPointerDown={() => now(false)}
      onClick={() => now(false)}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) now(true);
      }}
      onBlur={() => now(false)}
    >
      {children}
      {open && <TooltipBubble text={text} side={side} wrapper={wrapper} onEscape={() => now(false)} />}
    </span>
  );
}

interface TooltipBubbleProps {
  text: string;
  side: TooltipSide;
  wrapper: { readonly current: HTMLElement | null };
  onEscape: () => void;
}

function TooltipBubble({ text, side, wrapper, onEscape }: TooltipBubbleProps) {
  const bubble = useRef<HTMLSpanElement>(null);
  const escape = useRef(onEscape);
  useEffect(() => {
    escape.current = onEscape;
  });

  useLayoutEffect(() => {
    const control = wrapper.current?.firstElementChild;
    const element = bubble.current;
    if (!control || !element) return;
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const { left, top } = placeTooltip(control.getBoundingClientRect(), size, side, {
      width: window.innerWidth,
      height: window.innerHeight,
    });
    element.style.translate = `${left}px ${top}px`;
  }, [wrapper, side, text]);

  useEffect(() => {
    const hide = (event: KeyboardEvent) => {
      if (event.key === 'Escape') escape.current();
    };
    const scrolled = () => escape.current();
    document.addEventListener('keydown', hide, true);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('keydown', hide, true);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, []);

  return createPortal(
    <span ref={bubble} className={styles.bubble} aria-hidden="true" data-tooltip="">
      {text}
    </span>,
    document.body,
  );
}

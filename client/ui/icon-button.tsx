import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import styles from './icon-button.module.css';
import { Tooltip, type TooltipSide } from './tooltip.tsx';

export interface IconButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'className' | 'children' | 'aria-label' | 'aria-pressed'
> {
  /** Its accessible name and its tooltip: a stable noun or verb, never a count and never a state. */
  label: string;
  icon: ReactNode;
  /** `quiet` (default) has a ground only under the pointer; `filled` has one always; `primary` is the main act; `danger` ends or removes. */
  tone?: 'quiet' | 'filled' | 'primary' | 'danger' | undefined;
  size?: 'small' | 'medium' | 'large' | undefined;
  /** Given for a toggle, and only for a toggle: becomes `aria-pressed`. */
  pressed?: boolean | undefined;
  /** The side the tooltip prefers; it flips where there is no room. Default `top`. */
  tooltipSide?: TooltipSide | undefined;
  className?: string | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A button that shows an icon alone; its name and its tooltip are one text. */
export function IconButton({
  label,
  icon,
  tone = 'quiet',
  size = 'medium',
  pressed,
  tooltipSide,
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} side={tooltipSide}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={classNames(styles.button, styles[tone], styles[size], className)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}

import type { ReactNode } from 'react';

/** One line of a menu; `'separator'` draws a line between groups. */
export type MenuEntry = MenuItem | 'separator';

export interface MenuItem {
  /** The accessible name of the menuitem. */
  label: string;
  icon?: ReactNode;
  /** Shown at the end, e.g. keys or a value. */
  hint?: string | undefined;
  /** For what destroys. */
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Given for an item that is on or off: it becomes a `menuitemcheckbox`. */
  checked?: boolean | undefined;
  onSelect: () => void;
}

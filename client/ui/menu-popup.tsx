import { Menu } from '@base-ui/react/menu';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { classNames } from './class-names.ts';
import { TickIcon } from './icons.ts';
import type { MenuEntry, MenuItem } from './menu-item.ts';
import styles from './menu-popup.module.css';

/** Where a menu opens: at an element, or at a point of the window (pixels), as for a right click or a long press. */
export type MenuAnchor = RefObject<Element | null> | { x: number; y: number };

export interface MenuPopupProps {
  /** Names the menu. */
  label: string;
  items: readonly MenuEntry[];
  anchor: MenuAnchor;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Default below, at the end edge. */
  side?: 'top' | 'bottom' | 'left' | 'right' | undefined;
  align?: 'start' | 'center' | 'end' | undefined;
  /** Starts at the first item, as a menu opened by a key should. */
  startAtFirst?: boolean | undefined;
  /** What gets the focus when it closes. By default what had it before. */
  finalFocus?: RefObject<HTMLElement | null> | undefined;
}

/** The open menu itself. `MenuButton` loads it when first needed; a context menu mounts it directly (lazily, it is heavy). */
export function MenuPopup({
  label,
  items,
  anchor,
  open,
  onOpenChange,
  side = 'bottom',
  align = 'end',
  startAtFirst,
  finalFocus,
}: MenuPopupProps) {
  const popup = useRef<HTMLDivElement>(null);
  // A menu that is mounted open (its code came late) opens a turn later, so that it has an opening to complete.
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const place = useMemo(() => ('current' in anchor ? anchor : pointAnchor(anchor)), [anchor]);
  const withIcons = items.some((item) => item !== 'separator' && item.icon !== undefined);
  return (
    <Menu.Root
      open={open && mounted}
      onOpenChange={onOpenChange}
      onOpenChangeComplete={(opened) => {
        // Only if nobody has moved on in the meantime.
        if (!opened || !startAtFirst || document.activeElement !== popup.current) return;
        popup.current?.querySelector<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')?.focus();
      }}
    >
      <Menu.Portal>
        <Menu.Positioner
          anchor={place}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={styles.positioner}
        >
          <Menu.Popup ref={popup} aria-label={label} className={styles.menu} {...(finalFocus && { finalFocus })}>
            {items.map((item, index) =>
              // Entries have no ids; a line between groups is nothing but its place.
              item === 'separator' ? (
                <Menu.Separator key={index} className={styles.separator} />
              ) : (
                <MenuLine key={item.label} item={item} withIcon={withIcons} />
              ),
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** `withIcon` keeps the place of an icon, so that the words of all lines stand under each other. */
function MenuLine({ item, withIcon }: { item: MenuItem; withIcon: boolean }) {
  const className = classNames(styles.item, item.danger && styles.danger);
  const content = (
    <>
      {withIcon && <span className={styles.icon}>{item.icon}</span>}
      <span className={styles.label}>{item.label}</span>
      {item.hint !== undefined && (
        <span className={styles.hint} aria-hidden="true">
          {item.hint}
        </span>
      )}
    </>
  );
  if (item.checked === undefined) {
    return (
      <Menu.Item className={className} disabled={item.disabled} label={item.label} onClick={item.onSelect}>
        {content}
      </Menu.Item>
    );
  }
  return (
    <Menu.CheckboxItem
      className={className}
      disabled={item.disabled}
      label={item.label}
      checked={item.checked}
      closeOnClick
      onCheckedChange={item.onSelect}
    >
      {content}
      {item.checked && <TickIcon size={16} className={styles.tick} />}
    </Menu.CheckboxItem>
  );
}

function pointAnchor({ x, y }: { x: number; y: number }) {
  return { getBoundingClientRect: () => DOMRect.fromRect({ x, y, width: 0, height: 0 }) };
}

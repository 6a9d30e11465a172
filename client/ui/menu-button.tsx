import { useRef, useState, type ComponentType, type ReactNode } from 'react';
import { IconButton, type IconButtonProps } from './icon-button.tsx';
import { MoreIcon } from './icons.ts';
import type { MenuEntry } from './menu-item.ts';
import type { MenuPopupProps } from './menu-popup.tsx';

export interface MenuButtonProps extends Pick<
  IconButtonProps,
  'size' | 'tone' | 'tooltipSide' | 'className' | 'disabled' | 'tabIndex'
> {
  /** Names the button, its tooltip and the menu. */
  label: string;
  /** Default: three dots. */
  icon?: ReactNode;
  items: readonly MenuEntry[];
  side?: MenuPopupProps['side'];
  align?: MenuPopupProps['align'];
}

/**
 * An icon button that opens a menu. The button is light; the menu's code comes when a person first reaches for it. A load that failed
 * is tried again at the next press.
 */
export function MenuButton({ label, icon = <MoreIcon />, items, side, align, ...button }: MenuButtonProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [byKey, setByKey] = useState(false);
  const [Popup, setPopup] = useState<ComponentType<MenuPopupProps>>();

  const load = () => {
    if (Popup) return;
    import('./menu-popup.tsx').then(
      (module) => setPopup(() => module.MenuPopup),
      () => setOpen(false),
    );
  };

  return (
    <>
      <IconButton
        {...button}
        ref={trigger}
        label={label}
        icon={icon}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={load}
        onFocus={load}
        onClick={(event) => {
          load();
          // A click made by a key has no presses to count.
          setByKey(event.detail === 0);
          setOpen(!open);
        }}
        onKeyDown={(event) => {
          // The pattern of a menu button: the down arrow opens it too.
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          load();
          setByKey(true);
          setOpen(true);
        }}
      />
      {Popup && (
        <Popup
          label={label}
          items={items}
          anchor={trigger}
          open={open}
          onOpenChange={setOpen}
          side={side}
          align={align}
          startAtFirst={byKey}
          finalFocus={trigger}
        />
      )}
    </>
  );
}

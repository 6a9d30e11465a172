import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { ONE_PANE } from './app-layout/breakpoints.ts';
import styles from './tabs.module.css';
import { useMediaQuery } from './use-media-query.ts';

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  icon?: ReactNode;
  /** Rendered while the tab is chosen. */
  panel: ReactNode;
}

export interface TabsProps<Id extends string> {
  /** Names the tablist. */
  label: string;
  tabs: readonly Tab<Id>[];
  value: Id;
  onValueChange: (id: Id) => void;
  /**
   * `horizontal` (default) is a bar of segments. `vertical` is a column beside the panel, for arrow keys up and down; on a phone it lies
   * down above the panel and scrolls sideways.
   */
  orientation?: 'horizontal' | 'vertical' | undefined;
  className?: string | undefined;
  panelClassName?: string | undefined;
}

/** Tabs that are chosen as the arrow keys reach them. Import it lazily. */
export function Tabs<Id extends string>({
  label,
  tabs,
  value,
  onValueChange,
  orientation = 'horizontal',
  className,
  panelClassName,
}: TabsProps<Id>) {
  const phone = useMediaQuery(ONE_PANE);
  const look = orientation === 'vertical' && phone ? 'lying' : orientation;
  return (
    <Base.Root
      value={value}
      orientation={look === 'vertical' ? 'vertical' : 'horizontal'}
      onValueChange={(next: unknown) => {
        const tab = tabs.find(({ id }) => id === next);
        if (tab) onValueChange(tab.id);
      }}
      className={classNames(styles.root, styles[look], className)}
    >
      <Base.List aria-label={label} activateOnFocus className={styles.list}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} className={styles.tab}>
            {tab.icon}
            {tab.label}
          </Base.Tab>
        ))}
        {look === 'horizontal' && <Base.Indicator className={styles.indicator} />}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className={classNames(styles.panel, panelClassName)}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

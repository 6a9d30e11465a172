import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** Loads a part of the app that is not in its first script: a dialog, a panel. After a failure it can be called again. */
export type LoadLayer<Props> = () => Promise<ComponentType<Props>>;

export interface LayerProps<Props> {
  readonly load: LoadLayer<Props>;
  /** Somebody asked for it: it is loaded, unless it is there. */
  readonly wanted: boolean;
  /** It could not be loaded: no network, and not on the device yet. */
  readonly onFail: () => void;
  /** Draws it, once it is there; from then on always, so that it can leave with its movement. */
  readonly children: (component: ComponentType<Props>) => ReactNode;
}

/** A part of the app that comes when it is first wanted. */
export function Layer<Props>({ load, wanted, onFail, children }: LayerProps<Props>) {
  const [component, setComponent] = useState<ComponentType<Props> | null>(null);
  useEffect(() => {
    if (!wanted || component) return undefined;
    let current = true;
    load().then(
      (loaded) => {
        // A function in a state setter would be called.
        if (current) setComponent(() => loaded);
      },
      () => {
        if (current) onFail();
      },
    );
    return () => {
      current = false;
    };
    // `onFail` is new at each render, and is no reason to load again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [load, wanted, component]);
  return component && children(component);
}

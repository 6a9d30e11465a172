import { useEffect, useState, type ComponentType } from 'react';

/** A part of the app that is not in its first script: a dialog, a panel. Loading it again after a failure tries again. */
export type LoadLayer<Props> = () => Promise<ComponentType<Props>>;

/**
 * The component of a layer: null until it was wanted and has come. It stays from then on, so that it can leave with its movement.
 * `onFail` is told when it could not be loaded: no network, and not yet on the device.
 */
export function useLayer<Props>(
  load: LoadLayer<Props>,
  wanted: boolean,
  onFail: () => void,
): ComponentType<Props> | null {
  const [layer, setLayer] = useState<ComponentType<Props> | null>(null);
  useEffect(() => {
    if (!wanted || layer) return undefined;
    let current = true;
    load().then(
      (component) => {
        // A function in a state setter would be called.
        if (current) setLayer(() => component);
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
  }, [load, wanted, layer]);
  return layer;
}

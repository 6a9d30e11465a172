import type { AppUpdate } from '#client/services/app-update.ts';
import { createSubject } from '#client/services/create-subject.ts';

/**
 * The app's update, made when `load` gives it: putting the app on the device must not compete with showing it. Where there is none
 * (development, browsers without service workers) it stays at "no update".
 */
export function createLateAppUpdate(load: Promise<AppUpdate | null>): AppUpdate {
  const ready = createSubject(false);
  let loaded: AppUpdate | null = null;
  void load.then((update) => {
    loaded = update;
    if (!update) return;
    ready.set(update.ready.get());
    update.ready.subscribe(() => ready.set(update.ready.get()));
  });
  return { ready, check: () => loaded?.check(), apply: () => loaded?.apply() };
}

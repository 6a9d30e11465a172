import { openTimelineReader } from '#client/readers/timeline-reader.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { conversationId, openStore, userId } from './bench-store.ts';
import type { Figures, Place } from './questions.ts';

/**
 * Click → first screen, once, in a worker that has opened nothing yet. ms from the click, and from the start of opening the database;
 * `shown` messages.
 */
export async function measureOpen(place: Place): Promise<Figures> {
  const begin = performance.now();
  const store = await openStore(place.user);
  const click = performance.now();
  const shown = await firstScreen(store, place);
  const end = performance.now();
  await store.close();
  return { ms: end - click, withDatabaseMs: end - begin, shown };
}

/** Resolves with the number of messages in view. */
function firstScreen(store: DeviceStore, { user, conversation }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    const timeline = openTimelineReader({
      store,
      user: userId(user),
      conversation: conversationId(conversation),
      want: () => undefined,
      failed: reject,
    });
    const look = (): void => {
      const { status, messages } = timeline.window.get();
      if (status !== 'ready') return;
      timeline.close();
      resolve(messages.length);
    };
    timeline.window.subscribe(look);
    look();
  });
}

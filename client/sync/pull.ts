/**
 * Keeps every hydrated conversation at its head (C1 to C3, C7): asks for what came after the cursor, stores what comes, asks again. One
 * question of a conversation at a time, a few conversations at once.
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { Delta, Pull } from '#schema/wire/delta.ts';
import type { DeviceStore } from '#client/store/device-store.ts';

/** Conversations asked about at the same time: enough to hide the round trips, few enough to leave the relay room for others. */
const AT_ONCE = 8;

export interface Puller {
  /** A conversation the device has, with where it stands (C1). `cursor` null: not hydrated, which is not for this file to do. */
  know(conversation: ConversationId, cursor: number | null, head: number): void;
  headMoved(conversation: ConversationId, head: number): void;
  /** A delta came, asked for or live. */
  take(delta: Delta): Promise<void>;
  caughtUp(conversation: ConversationId): boolean;
  /** Whether every hydrated conversation is at its head. */
  allCaughtUp(): boolean;
  begin(): void;
  halt(): void;
}

export interface PullDeps {
  readonly store: DeviceStore;
  readonly send: (pull: Pull) => void;
  /** Sees to it that segments are fetched whole. */
  readonly fetchSegments: (conversation: ConversationId, segments: readonly SegmentName[]) => void;
  /** The cursor or head of a conversation moved. */
  readonly moved: (conversation: ConversationId, cursor: number) => void;
}

interface Place {
  cursor: number | null;
  head: number;
}

export function createPuller(deps: PullDeps): Puller {
  const places = new Map<ConversationId, Place>();
  /** Behind their heads, in the order they are asked about. */
  const behind = new Set<ConversationId>();
  /** The questions without an answer: what was asked for came after this seq. */
  const asked = new Map<ConversationId, number>();
  let open = false;

  function placeOf(conversation: ConversationId): Place {
    let place = places.get(conversation);
    if (!place) places.set(conversation, (place = { cursor: null, head: 0 }));
    return place;
  }

  function update(conversation: ConversationId, change: Partial<Place>): void {
    const place = Object.assign(placeOf(conversation), change);
    if (place.cursor !== null && place.cursor < place.head) behind.add(conversation);
    else behind.delete(conversation);
    ask();
  }

  function ask(): void {
    if (!open) return;
    for (const conversation of behind) {
      if (asked.size >= AT_ONCE) return;
      const cursor = placeOf(conversation).cursor;
      if (asked.has(conversation) || cursor === null) continue;
      asked.set(conversation, cursor);
      deps.send({ type: 'pull', conversation, after: cursor });
    }
  }

  async function take(delta: Delta): Promise<void> {
    const { conversation } = delta;
    const place = placeOf(conversation);
    // Not hydrated, and this is not its beginning: the list of segments comes first (C6).
    if (place.cursor === null && delta.after > 0)
      return update(conversation, { head: Math.max(place.head, delta.head) });
    const { cursor } = await deps.store.applyDelta(delta);
    if (asked.get(conversation) === delta.after) asked.delete(conversation);
    update(conversation, { cursor, head: Math.max(place.head, delta.head) });
    // C3: rows that exist only merged. The store has noted that it needs these segments whole.
    if (delta.resyncSegments.length > 0) deps.fetchSegments(conversation, delta.resyncSegments);
    deps.moved(conversation, cursor);
  }

  return {
    take,
    know: (conversation, cursor, head) =>
      update(conversation, { cursor, head: Math.max(placeOf(conversation).head, head) }),
    headMoved: (conversation, head) => update(conversation, { head: Math.max(placeOf(conversation).head, head) }),
    caughtUp: (conversation) => {
      const place = places.get(conversation);
      return place !== undefined && place.cursor !== null && place.cursor >= place.head;
    },
    allCaughtUp: () => behind.size === 0,
    begin() {
      open = true;
      ask();
    },
    halt() {
      open = false;
      asked.clear();
    },
  };
}

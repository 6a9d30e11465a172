/** Sets of committed places, in which a place stands once and a deletion wins. */
import { findDeletedEdits } from '#schema/segment/deleted-edits.ts';
import { decodeUpdate, type ClockRange, type LogElement } from '#schema/segment/update-codec.ts';
import type { CommittedPlace } from './segment-block.ts';
import { placesOf } from './segment-block.ts';
import type { StoredUpdate } from './update-row.ts';

export class CommittedPlaces {
  private readonly byPlace = new Map<string, CommittedPlace>();
  private readonly deletions: ClockRange[] = [];

  /** Adds a place; one that is here already stays, unless it is of an earlier epoch or the new one knows its content to be gone. */
  add(place: CommittedPlace): void {
    const key = `${place.replica}.${place.clock}`;
    const before = this.byPlace.get(key);
    if (!before || (before.seq === 0 && place.seq > 0)) this.byPlace.set(key, place);
    else if ('gone' in place && !('gone' in before)) this.byPlace.set(key, { ...place, seq: before.seq });
  }

  /** Adds what a committed update holds and deletes. */
  addUpdate({ seq, bytes }: StoredUpdate): void {
    if (seq === null) return;
    for (const place of placesOf(bytes)) this.add({ ...place, seq });
    this.deletions.push(...decodeUpdate(bytes).deletions);
  }

  has(replica: number, clock: number): boolean {
    return this.byPlace.has(`${replica}.${clock}`);
  }

  get(replica: number, clock: number): CommittedPlace | null {
    return this.byPlace.get(`${replica}.${clock}`) ?? null;
  }

  /** What the updates delete. */
  get deleted(): readonly ClockRange[] {
    return this.deletions;
  }

  /** All places, with the content of deleted ones really gone. */
  settled(): CommittedPlace[] {
    for (const { replica, clock, count } of this.deletions) {
      for (let i = clock; i < clock + count; i++) {
        const place = this.get(replica, i);
        if (place && !('gone' in place)) this.byPlace.set(`${replica}.${i}`, withoutContent(place));
      }
    }
    return withoutDeletedEdits([...this.byPlace.values()]);
  }
}

/** The same places with the edits of deleted messages gone as well (N3). The same array when there are none. */
export function withoutDeletedEdits(places: CommittedPlace[]): CommittedPlace[] {
  const { edits } = findDeletedEdits(
    places.filter((place): place is CommittedPlace & LogElement => !('gone' in place)),
  );
  if (edits.length === 0) return places;
  const gone = new Set(edits.map(({ replica, clock }) => `${replica}.${clock}`));
  return places.map((place) => (gone.has(`${place.replica}.${place.clock}`) ? withoutContent(place) : place));
}

function withoutContent({ replica, clock, seq, origin }: CommittedPlace): CommittedPlace {
  return { replica, clock, seq, gone: true, ...(origin === undefined ? {} : { origin }) };
}

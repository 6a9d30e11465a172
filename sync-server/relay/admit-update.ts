/**
 * Admission (W1): everything that can be said about an update from its bytes alone, before anything touches the database. What is
 * admitted is one update of one replica that appends events of its author to the log of one segment and does nothing else; what only the
 * database knows (membership, the replica's holder and next clock, what is stored) comes back as a question for the commit.
 *
 * No Y.Doc is made. The work is linear in the bytes, and the bytes are capped first (yjs-facts: seven hostile bytes cost
 * `Y.applyUpdate` 260 MB).
 */
import { Refusal } from '#schema/errors.ts';
import type { SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { encodeDeletion, type ClockRange } from '#schema/segment/update-codec.ts';
import type { Need } from '../store/commit-updates.ts';
import { checkEvent, monthOf } from './check-event.ts';
import { readAppend } from './read-append.ts';

/** For whom and where an update is to be admitted. */
export interface AdmissionContext {
  readonly user: UserId;
  readonly segment: SegmentName;
  /** The server's clock, ms. */
  readonly now: number;
  /** Items that may stand after another one than the replica's last (D2): `LIMITS.foreignOrigins` for stock clients, else 0. */
  readonly foreignOrigins: number;
}

/** An update that may be committed if the database agrees. */
export interface AdmittedUpdate {
  readonly replica: number;
  /** Its first clock. */
  readonly clock: number;
  /** Events in it: its clocks follow each other. */
  readonly count: number;
  /** As they came. */
  readonly bytes: Uint8Array;
  /** What must be stored in the segment before; items of the own replica before `clock` are, whenever `clock` is the next. */
  readonly needs: readonly Need[];
  /** It deletes what somebody else wrote, which takes an owner or admin. */
  readonly asAdmin: boolean;
  /** The Yjs deletion that the relay stores after it (D7). */
  readonly deletion: Uint8Array | null;
}

/**
 * Admits an update.
 * @throws Refusal with the code of the first rule it breaks
 */
export function admitUpdate(bytes: Uint8Array, context: AdmissionContext): AdmittedUpdate {
  if (bytes.length > LIMITS.updateBytes) throw new Refusal('update-too-large');
  const { replica, clock, events, foreign } = readAppend(bytes, context.foreignOrigins);
  const needs: Need[] = foreign.map((origin) => ({ ...origin, author: null }));
  const deleted: ClockRange[] = [];
  let asAdmin = false;
  const month = monthOf(context.segment);
  for (let i = 0; i < events.length; i++) {
    const about = checkEvent(events[i], context, month);
    if (about === null) continue;
    if (about.replica !== replica) needs.push({ replica: about.replica, clock: about.clock, author: about.author });
    else if (about.clock >= clock + i) throw new Refusal('unknown-target');
    else if (about.author !== null && about.author !== context.user) throw new Refusal('wrong-author');
    if (!about.deletes) continue;
    deleted.push({ replica: about.replica, clock: about.clock, count: 1 });
    asAdmin ||= about.author !== context.user;
  }
  const deletion = deleted.length > 0 ? encodeDeletion(mergeRanges(deleted)) : null;
  return { replica, clock, count: events.length, bytes, needs: highest(needs), asAdmin, deletion };
}

/** Of the needs of one replica and author only the highest clock matters. */
function highest(needs: readonly Need[]): readonly Need[] {
  if (needs.length < 2) return needs;
  const byReplica = new Map<string, Need>();
  for (const need of needs) {
    const key = `${need.replica} ${need.author}`;
    const before = byReplica.get(key);
    if (!before || before.clock < need.clock) byReplica.set(key, need);
  }
  return [...byReplica.values()];
}

/** Sorted, each clock once: the form Yjs writes itself. */
function mergeRanges(ranges: readonly ClockRange[]): ClockRange[] {
  const sorted = [...ranges].sort((one, other) => one.replica - other.replica || one.clock - other.clock);
  const merged: ClockRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (!last || last.replica !== range.replica || last.clock + last.count < range.clock) merged.push(range);
    else if (last.clock + last.count === range.clock) merged[merged.length - 1] = { ...last, count: last.count + 1 };
  }
  return merged;
}

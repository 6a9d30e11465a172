/**
 * What goes with a message that was deleted for everyone (N3): the texts of its edits. The relay's Yjs deletion covers the message alone, since
 * the relay keeps no document and so does not know its edits; whoever merges does.
 */
import { EventId, eventPlace } from '../ids.ts';

/** An element of a log where it stands; `value` is not parsed yet. */
interface Element {
  readonly replica: number;
  readonly clock: number;
  readonly value: unknown;
}

/** An event that changes what another says. */
export interface About {
  readonly replica: number;
  readonly clock: number;
  readonly kind: 'edit' | 'delete';
  /** Where that other stands, in the same segment (D5). */
  readonly target: { readonly replica: number; readonly clock: number };
}

/** Reads of an edit or a deletion what it is about; null for everything else. Nothing more of it is looked at. */
export function aboutContent({ replica, clock, value }: Element): About | null {
  const { kind, target } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (kind !== 'edit' && kind !== 'delete') return null;
  const id = EventId.safeParse(target);
  return id.success ? { replica, clock, kind, target: eventPlace(id.data) } : null;
}

/** What there is of deletions among some elements. */
export interface Deleted {
  readonly deletions: boolean;
  /** The edits whose message is deleted. */
  readonly edits: readonly About[];
}

/** Finds the edits whose message is deleted. It depends on nothing but the elements, so all who merge agree. */
export function findDeletedEdits(elements: Iterable<Element>): Deleted {
  const deleted = new Set<string>();
  const edits: About[] = [];
  for (const element of elements) {
    const about = aboutContent(element);
    if (about?.kind === 'delete') deleted.add(placeOf(about));
    else if (about) edits.push(about);
  }
  return { deletions: deleted.size > 0, edits: edits.filter((edit) => deleted.has(placeOf(edit))) };
}

function placeOf({ target }: About): string {
  return `${target.replica}.${target.clock}`;
}

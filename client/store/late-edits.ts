import { aboutContent } from '#schema/segment/deleted-edits.ts';
import type { LogElement } from '#schema/segment/update-codec.ts';
import { SegmentRowHead } from './database-rows.ts';
import { mergedRow } from './merged-past.ts';
import { parsed } from './read-rows.ts';
import type { Transaction } from './store-context.ts';

/**
 * Whether one of these events edits a message that may be deleted, as far as can be told without reading it: then its text has to go soon
 * (N3). Needs the tables `segments` and `merged`, and reads them only when there is an edit.
 */
export async function holdsLateEdit(
  transaction: Transaction,
  s: number,
  elements: readonly LogElement[],
): Promise<boolean> {
  const edits = elements.map(aboutContent).filter((about) => about?.kind === 'edit');
  if (edits.length === 0) return false;
  const [raw, { blocks }] = await Promise.all([transaction.db.segments.get(s), mergedRow(transaction, s)]);
  if (parsed(transaction, 'segments', s, SegmentRowHead, raw)?.deletions === true) return true;
  return edits.some((edit) =>
    blocks.some(
      ({ deletions, rootRanges }) =>
        deletions &&
        rootRanges.some(
          ([replica, low, high]) =>
            edit?.target.replica === replica && low <= edit.target.clock && edit.target.clock <= high,
        ),
    ),
  );
}

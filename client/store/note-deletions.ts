import { SegmentRowHead } from './database-rows.ts';
import { parsedAll } from './read-rows.ts';
import { read, type StoreContext } from './store-context.ts';

/** Segments read at a time: some ms. */
const STRIDE = 1_000;

/** Has segments merged whose deletions a device was closed before it merged (N3): nothing else may ever come to them. */
export async function noteDeletions(context: StoreContext): Promise<void> {
  for (let from = 0, more = true; more;) {
    const after = from;
    const { last, heads } = await read(context, ['segments'], async (transaction) => {
      const raw = await transaction.db.segments.where('s').above(after).limit(STRIDE).toArray();
      const rows = parsedAll(transaction, 'segments', SegmentRowHead, raw, (row) => row['s']);
      return { last: raw.length === STRIDE ? raw.at(-1)?.s : undefined, heads: rows };
    });
    for (const { conversation, segment, deletions } of heads)
      if (deletions) context.upkeep.note(conversation, segment, 0, true);
    more = last !== undefined;
    from = last ?? from;
  }
}

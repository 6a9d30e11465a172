/** Reading rows through their schema: the door between the disk and the rest. */
import { Dexie } from 'dexie';
import type * as z from 'zod';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { ConversationRow, SegmentRowHead } from './database-rows.ts';
import type { TableName } from './open-database.ts';
import type { Transaction } from './store-context.ts';
import { unpackUpdates, type StoredUpdate } from './update-row.ts';

/** A row as its schema reads it, or null: there is none, or it is broken and will be set aside. */
export function parsed<T>(
  { context }: Transaction,
  table: TableName,
  key: unknown,
  schema: z.ZodType<T>,
  value: unknown,
): T | null {
  if (value === undefined) return null;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  context.damage.note({
    table,
    key,
    value,
    reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as agreed'}`,
  });
  return null;
}

/** Rows as their schema reads them, without the broken ones. `keyOf` takes the key out of a raw row. */
export function parsedAll<T>(
  transaction: Transaction,
  table: TableName,
  schema: z.ZodType<T>,
  values: readonly unknown[],
  keyOf: (raw: Record<string, unknown>) => unknown,
): T[] {
  const rows: T[] = [];
  for (const value of values) {
    const row = parsed(transaction, table, keyOf((value ?? {}) as Record<string, unknown>), schema, value);
    if (row !== null) rows.push(row);
  }
  return rows;
}

export async function conversationRow(transaction: Transaction, id: ConversationId): Promise<ConversationRow | null> {
  return parsed(transaction, 'conversations', id, ConversationRow, await transaction.db.conversations.get(id));
}

export async function segmentHead(
  transaction: Transaction,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<SegmentRowHead | null> {
  const raw = await transaction.db.segments.where('[conversation+segment]').equals([conversation, segment]).first();
  return parsed(transaction, 'segments', raw?.s, SegmentRowHead, raw);
}

/** The segments of a conversation, oldest first. */
export async function segmentHeads(transaction: Transaction, conversation: ConversationId): Promise<SegmentRowHead[]> {
  const raw = await transaction.db.segments
    .where('[conversation+segment]')
    .between([conversation, Dexie.minKey], [conversation, Dexie.maxKey])
    .toArray();
  return parsedAll(transaction, 'segments', SegmentRowHead, raw, (row) => row['s']);
}

/** Rows of a segment with n above `afterN`, in order of n. Broken ones are left out. */
export async function updateRows(
  transaction: Transaction,
  s: number,
  afterN: number,
): Promise<{ n: number; updates: StoredUpdate[] }[]> {
  const range = transaction.db.rows.where(':id').between([s, afterN], [s, Dexie.maxKey], false, true);
  const [keys, values] = await Promise.all([range.primaryKeys(), range.toArray()]);
  const rows: { n: number; updates: StoredUpdate[] }[] = [];
  values.forEach((value, i) => {
    const key = keys[i];
    if (!key) return;
    const updates = unpacked(transaction, key, value);
    if (updates) rows.push({ n: key[1], updates });
  });
  return rows;
}

/** The updates of a row with the seqs they count as: those of an earlier epoch are 0 (C5). */
export function ofEpoch(
  { staleN }: Pick<SegmentRowHead, 'staleN'>,
  { n, updates }: { readonly n: number; readonly updates: readonly StoredUpdate[] },
): readonly StoredUpdate[] {
  return n > staleN ? updates : updates.map((update) => (update.seq === null ? update : { ...update, seq: 0 }));
}

/** The updates of one row, or null when there is none or it is broken. */
export async function updateRow(transaction: Transaction, s: number, n: number): Promise<StoredUpdate[] | null> {
  const value = await transaction.db.rows.get([s, n]);
  return value === undefined ? null : unpacked(transaction, [s, n], value);
}

function unpacked({ context }: Transaction, key: readonly [number, number], value: unknown): StoredUpdate[] | null {
  try {
    return unpackUpdates(value);
  } catch (error) {
    context.damage.note({ table: 'rows', key, value, reason: String(error) });
    return null;
  }
}

/**
 * What the list shows of a conversation, and how it is read from a stored row without the schema of the whole row: the first list must
 * not wait for a parser. What a later version wrote, a damaged disk or a person with developer tools (R11) is left out here; setting
 * it aside is the store's, which reads all of it anew.
 */
import { isObject, isUuid } from '#schema/hand-checks.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { ConversationRecord, Person } from '#schema/wire/people.ts';
import type { Draft, LastMessage, StoredConversation } from './device-store.ts';

/** The part of a `StoredConversation` that its row in the list needs. */
export interface ListedConversation extends Pick<StoredConversation, 'pending' | 'unread' | 'activity'> {
  readonly record: Pick<ConversationRecord, 'id' | 'kind' | 'title' | 'role' | 'left' | 'createdAt'>;
  readonly lastMessage: Omit<LastMessage, 'id'> | null;
  readonly draft: Pick<Draft, 'text'> | null;
}

/** Created on this device, not yet confirmed by the server. */
export function isPending({ confirmed, halted }: { confirmed: unknown; halted: boolean }): boolean {
  return confirmed === null && !halted;
}

/** What the list is sorted by, ms. */
export function activityOf(last: { at: number } | null, record: Pick<ConversationRecord, 'createdAt'>): number {
  return last?.at ?? record.createdAt;
}

/** A row of `conversations` as the list shows it; null: not as it was written. */
export function listedConversation(row: unknown): ListedConversation | null {
  if (!isObject(row)) return null;
  const { confirmed, halted, unread } = row;
  const record = recordOf(row['record']);
  const last = row['last'] === null ? null : lastOf(row['last']);
  const draft = row['draft'] === null ? null : draftOf(row['draft']);
  if (!record || last === undefined || draft === undefined || confirmed === undefined) return null;
  if (!isBoolean(halted) || !isNumber(unread)) return null;
  return {
    record,
    pending: isPending({ confirmed, halted }),
    lastMessage: last,
    unread,
    activity: activityOf(last, record),
    draft,
  };
}

/** A row of `people` as it is shown; null: not as it was written. */
export function listedPerson(row: unknown): Person | null {
  if (!isObject(row) || !isObject(row['record'])) return null;
  const { id, name, about, placeholder } = row['record'];
  if (!isUuid(id) || !isString(name) || !isString(about) || !isBoolean(placeholder)) return null;
  return { id: id as UserId, name, about, placeholder };
}

function recordOf(value: unknown): ListedConversation['record'] | null {
  if (!isObject(value)) return null;
  const { id, kind, title, role, left, createdAt } = value;
  if (!isUuid(id) || !isString(title) || !isBoolean(left) || !isNumber(createdAt)) return null;
  if (kind !== 'direct' && kind !== 'group' && kind !== 'self') return null;
  if (role !== 'owner' && role !== 'admin' && role !== 'member') return null;
  return { id: id as ConversationId, kind, title, role, left, createdAt };
}

function lastOf(value: unknown): ListedConversation['lastMessage'] | undefined {
  if (!isObject(value) || !isObject(value['place'])) return undefined;
  const { by, text, deleted, unknown, seq, failed } = value;
  const { at } = value['place'];
  if (!isUuid(by) || !isNumber(at) || !isString(text) || !isBoolean(deleted)) return undefined;
  if (!isBoolean(unknown) || !isBoolean(failed) || !(seq === null || isNumber(seq))) return undefined;
  return { by: by as UserId, at, text, deleted, unknown, seq, failed };
}

function draftOf(value: unknown): ListedConversation['draft'] | undefined {
  return isObject(value) && isString(value['text']) ? { text: value['text'] } : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

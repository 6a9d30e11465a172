/**
 * Cuts what a stock provider sends into updates that can be admitted. A reconnecting provider answers with all it wrote offline in one update,
 * however much that is, with a section for each clientID it had, and always with every deletion it knows (Y3).
 */
import * as Y from 'yjs';
import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import type { ClockRange } from '#schema/segment/update-codec.ts';
import { encode } from '../../relay/read-append.ts';

export interface SplitUpdate {
  /** One replica each, in the order of their clocks; every one is admitted on its own. */
  readonly parts: readonly { readonly replica: number; readonly update: Uint8Array }[];
  readonly deletions: readonly ClockRange[];
}

/** Sections and structs in one update of a provider: a bot that came back after weeks, not more. */
const mostSections = 64;
const mostStructs = 8_192;
/** Bytes a part may have before another struct is added; one event adds 32 KB at the most. */
const partBytes = LIMITS.updateBytes / 2;

/** @throws Refusal `malformed-update`, `update-too-large`, `forbidden-content` */
export function splitUpdate(update: Uint8Array): SplitUpdate {
  const { structs, ds } = decode(update);
  if (structs.length > mostStructs) throw new Refusal('update-too-large');
  const deletions: ClockRange[] = [];
  for (const [replica, ranges] of ds.clients)
    for (const { clock, len } of ranges) deletions.push({ replica, clock, count: len });
  const bySection = new Map<number, Y.Item[]>();
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) throw new Refusal('forbidden-content', 'An update may only append.');
    const section = bySection.get(struct.id.client);
    if (section) section.push(struct);
    else bySection.set(struct.id.client, [struct]);
  }
  if (bySection.size > mostSections) throw new Refusal('update-too-large');
  const [only] = bySection;
  // The usual case, one line just written: the bytes are stored as they came.
  if (only && bySection.size === 1 && deletions.length === 0 && fits(only[1], update.length)) {
    return { parts: [{ replica: only[0], update }], deletions };
  }
  const parts = [...bySection].flatMap(([replica, items]) =>
    cut(items).map((part) => ({ replica, update: encode(replica, part[0]?.id.clock ?? 0, part) })),
  );
  return { parts, deletions };
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    return Y.decodeUpdate(update);
  } catch {
    throw new Refusal('malformed-update');
  }
}

function fits(items: readonly Y.Item[], bytes: number): boolean {
  return (
    bytes <= LIMITS.updateBytes &&
    items.length <= LIMITS.updateStructs &&
    items.reduce((n, item) => n + item.length, 0) <= LIMITS.updateEvents
  );
}

/** Cuts a section into parts within the limits of admission, in the middle of long items too. */
function cut(items: readonly Y.Item[]): Y.Item[][] {
  const parts: Y.Item[][] = [];
  let part: Y.Item[] = [];
  let bytes = 0;
  let events = 0;
  let foreign = 0;
  for (const item of items.flatMap(pieces)) {
    const size = sizeOf(item);
    const isForeign =
      item.origin !== null && (item.origin.client !== item.id.client || item.origin.clock !== item.id.clock - 1);
    const full =
      bytes + size > partBytes ||
      part.length >= LIMITS.updateStructs ||
      events + item.length > LIMITS.updateEvents ||
      (isForeign && foreign >= LIMITS.foreignOrigins);
    if (part.length > 0 && full) {
      parts.push(part);
      part = [];
      bytes = events = foreign = 0;
    }
    part.push(item);
    bytes += size;
    events += item.length;
    if (isForeign) foreign++;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** An item of many values as several, as Yjs itself would split it; any other stays as it is, for admission to refuse. */
function pieces(item: Y.Item): Y.Item[] {
  const { content, id } = item;
  if (!(content instanceof Y.ContentAny) || content.arr.length < 2 || sizeOf(item) <= partBytes / 2) return [item];
  const values = content.arr as unknown[];
  const half = values.length >> 1;
  const first = copy(item, id.clock, item.origin, values.slice(0, half));
  const second = copy(item, id.clock + half, Y.createID(id.client, id.clock + half - 1), values.slice(half));
  return [...pieces(first), ...pieces(second)];
}

function copy(item: Y.Item, clock: number, origin: Y.ID | null, values: unknown[]): Y.Item {
  const parent = origin === null ? item.parent : null;
  return new Y.Item(
    Y.createID(item.id.client, clock),
    null,
    origin,
    null,
    item.rightOrigin,
    parent,
    item.parentSub,
    new Y.ContentAny(values),
  );
}

function sizeOf(item: Y.Item): number {
  return encode(item.id.client, item.id.clock, [item]).length;
}

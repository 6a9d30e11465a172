/** Hostile updates, each with the code it must be refused with. They are sent by "Ana" with replica 7, at noon of 14 November 2026. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { ErrorCode } from '#schema/errors.ts';
import { eventId, segmentOf, type EventId, type UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend, encodeDeletion } from '#schema/segment/update-codec.ts';
import type { AdmissionContext } from '#server/relay/admit-update.ts';

export const ana = '11111111-1111-4111-8111-111111111111' as UserId;
export const ben = '22222222-2222-4222-8222-222222222222' as UserId;
const noon = Date.UTC(2026, 10, 14, 12);
const november = segmentOf(noon);
export const context: AdmissionContext = { user: ana, segment: november, now: noon, foreignOrigins: 0 };

export const message = (text: string, changes: object = {}): SegmentEvent => ({
  kind: 'message',
  by: ana,
  at: noon,
  text,
  ...changes,
});
/** An update of replica 7 that begins its log. */
export const append = (...events: unknown[]): Uint8Array => encodeAppend(7, 0, events as SegmentEvent[]);
/** The id of an event in the segment of all of them. */
export const at = (replica: number, clock: number): EventId => eventId(november, replica, clock);

/** Bytes written by hand: numbers as Yjs writes them. */
function numbers(...values: number[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of values) encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}

/** What a Y.Doc of client 7 writes when it does something. */
export function written(act: (doc: Y.Doc) => void, before: (doc: Y.Doc) => void = () => undefined): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 7;
  before(doc);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.transact(() => act(doc));
  const [only] = updates;
  if (!only || updates.length > 1) throw new Error('expected one update');
  return only;
}

interface ItemChanges {
  readonly origin?: Y.ID | null;
  readonly rightOrigin?: Y.ID;
  readonly parent?: string | Y.ID;
  readonly parentSub?: string;
}

function item(clock: number, { origin = null, rightOrigin, parent = 'log', parentSub }: ItemChanges): Y.Item {
  return new Y.Item(
    Y.createID(7, clock),
    null,
    origin,
    null,
    rightOrigin ?? null,
    parent as never,
    parentSub ?? null,
    new Y.ContentAny([message('x')]),
  );
}

function itemsAs(items: readonly Y.Item[], clock: number): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  for (const n of [1, items.length, 7, clock]) encoding.writeVarUint(encoder.restEncoder, n);
  for (const one of items) one.write(encoder, 0);
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}

function oneItem(changes: ItemChanges, clock = 0): Uint8Array {
  return itemsAs([item(clock, changes)], clock);
}

function manyItems(count: number, changes: (i: number) => ItemChanges): Uint8Array {
  return itemsAs(
    Array.from({ length: count }, (_, i) => item(i, changes(i))),
    0,
  );
}

/** The body of a one-section update: what follows its count of sections, without the delete set. */
function section(replica: number): Uint8Array {
  return encodeAppend(replica, 0, [message('x')]).slice(1, -1);
}

function twoClients(one: number, other: number): Uint8Array {
  return Uint8Array.of(2, ...section(one), ...section(other), 0);
}

function manyClients(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, count);
  for (let client = 1; client <= count; client++)
    for (const n of [1, client, 0, 0, 1]) encoding.writeVarUint(encoder, n);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** An update of one event whose bytes are written by hand. */
function withEvent(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8Array(encoder, numbers(1, 1, 7, 0));
  encoding.writeUint8(encoder, 8); // an item of ContentAny without origins
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarString(encoder, 'log');
  encoding.writeVarUint(encoder, 1);
  write(encoder);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

function nested(depth: number): Uint8Array {
  return withEvent((encoder) => {
    for (let i = 0; i < depth; i++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1));
    encoding.writeAny(encoder, 1);
  });
}

function object(fields: [string, (encoder: encoding.Encoder) => void][]): Uint8Array {
  return withEvent((encoder) => {
    encoding.writeUint8(encoder, 118);
    encoding.writeVarUint(encoder, fields.length);
    for (const [key, write] of fields) {
      encoding.writeVarString(encoder, key);
      write(encoder);
    }
  });
}

const field = (name: string, value: string | number): [string, (encoder: encoding.Encoder) => void] => [
  name,
  (encoder) => encoding.writeAny(encoder, value),
];
const honestFields = [field('kind', 'message'), field('by', ana), field('at', noon), field('text', 'x')];

function proto(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return object([...honestFields, ['__proto__', write]]);
}

function keyTwice(): Uint8Array {
  return object([...honestFields, field('text', 'y')]);
}

function floatForInteger(): Uint8Array {
  const five = (encoder: encoding.Encoder): void => {
    encoding.writeUint8(encoder, 123);
    encoding.writeFloat64(encoder, 5);
  };
  return object([...honestFields, ['five', five]]);
}

function longerNumber(update: Uint8Array): Uint8Array {
  const decoder = decoding.createDecoder(update);
  decoding.readVarUint(decoder);
  // The count of structs as two bytes: 0x81 0x00 reads as 1, too.
  return Uint8Array.of(1, 0x81, 0, ...update.slice(decoder.pos + 1));
}

function withDeletion(update: Uint8Array, ranges = 1): Uint8Array {
  return Uint8Array.of(...update.slice(0, -1), 1, 9, ranges, ...(ranges > 0 ? [0, 1] : []));
}

/** What remains of an own item whose content was deleted before it was sent. */
function deletedContent(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.getArray('log').push([message('x'), message('y')]);
  doc.getArray('log').delete(0);
  return Uint8Array.of(...Y.encodeStateAsUpdate(doc).slice(0, -5), 0);
}

/** Every way a hostile update tries (yjs-facts), and the code it is refused with. */
export const hostileUpdates: readonly [
  name: string,
  code: ErrorCode,
  bytes: Uint8Array,
  changes?: Partial<AdmissionContext>,
][] = [
  ['nothing at all', 'malformed-update', new Uint8Array()],
  ['an update with nothing in it', 'malformed-update', numbers(0, 0)],
  ['a section with nothing in it', 'malformed-update', numbers(1, 0, 7, 0, 0)],
  ['seven bytes that allocate', 'malformed-update', Uint8Array.of(1, 1, 7, 0, 0x08, 0xff, 0xff)],
  [
    'a struct of two thousand million items',
    'forbidden-content',
    Uint8Array.of(1, 1, 7, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x07, 0),
  ],
  ['a count beyond all bytes', 'malformed-update', numbers(1, 200, 7, 0)],
  ['a clock beyond 31 bits', 'malformed-update', encodeAppend(7, 0x8000_0000, [message('x')])],
  ['clocks that run beyond 31 bits', 'malformed-update', encodeAppend(7, 0x7fff_ffff, [message('x')])],
  ['a Skip', 'forbidden-content', Uint8Array.of(1, 1, 7, 0, 10, 5, 0)],
  ['a GC', 'forbidden-content', Uint8Array.of(1, 1, 7, 0, 0, 5, 0)],
  ['a client of 53 bits', 'replica-not-yours', encodeAppend(2 ** 40, 0, [message('x')])],
  ['client 0', 'replica-not-yours', encodeAppend(0, 0, [message('x')])],
  ['two sections', 'not-canonical', twoClients(7, 9)],
  ['one section twice', 'not-canonical', twoClients(7, 7)],
  ['a hundred thousand clientIDs', 'not-canonical', manyClients(10_000)],
  [
    'more structs than allowed',
    'update-too-large',
    manyItems(LIMITS.updateStructs + 1, (i) => ({ origin: i > 0 ? Y.createID(7, i - 1) : null })),
  ],
  [
    'more bytes than allowed',
    'update-too-large',
    append(...Array.from({ length: 40 }, () => message('x'.repeat(4_000)))),
  ],
  ['more events than allowed', 'update-too-large', append(...Array.from({ length: LIMITS.updateEvents + 1 }, () => 1))],
  ['a megabyte of nested arrays', 'update-too-large', nested(1 << 20)],
  ['nesting that overflows the stack', 'forbidden-content', nested(LIMITS.updateBytes / 2 - 100)],
  ['nesting beyond the limit', 'forbidden-content', append(message('x', { deep: [[[[[[[[1]]]]]]]] }))],
  ['an item without content', 'malformed-update', encodeAppend(7, 0, [])],
  ['a right origin', 'forbidden-content', oneItem({ origin: Y.createID(7, 4), rightOrigin: Y.createID(9, 0) }, 5)],
  ['a right origin at the beginning', 'forbidden-content', oneItem({ rightOrigin: Y.createID(9, 0) })],
  ['a key', 'forbidden-content', oneItem({ parentSub: 'title' })],
  ['another root type', 'forbidden-content', oneItem({ parent: 'settings' })],
  ['many root names', 'forbidden-content', manyItems(200, (i) => ({ parent: `root ${i}` }))],
  ['a parent that is an item', 'forbidden-content', oneItem({ parent: Y.createID(9, 0) })],
  ['a second beginning', 'forbidden-content', oneItem({}, 5)],
  [
    'many items at one position',
    'forbidden-content',
    manyItems(200, (i) => ({ origin: i > 0 ? Y.createID(7, 0) : null })),
  ],
  [
    'many items at one position of somebody else',
    'forbidden-content',
    manyItems(LIMITS.foreignOrigins + 1, () => ({ origin: Y.createID(9, 0) })),
    { foreignOrigins: LIMITS.foreignOrigins },
  ],
  ['an origin that is itself', 'malformed-update', oneItem({ origin: Y.createID(7, 5) }, 5)],
  ['an origin ahead of itself', 'malformed-update', oneItem({ origin: Y.createID(7, 9) }, 5)],
  ['an origin of 53 bits', 'malformed-update', oneItem({ origin: Y.createID(2 ** 40, 0) }, 5), { foreignOrigins: 1 }],
  ['a deletion', 'forbidden-content', encodeDeletion([{ replica: 9, clock: 0, count: 1 }])],
  ['a deletion besides an item', 'forbidden-content', withDeletion(append(message('x')))],
  ['a deletion of nothing', 'not-canonical', withDeletion(append(message('x')), 0)],
  ['bytes after the end', 'not-canonical', Uint8Array.of(...append(message('x')), 0)],
  ['a number written longer than need be', 'not-canonical', longerNumber(append(message('x')))],
  ['an integer written as a float', 'not-canonical', floatForInteger()],
  ['a key twice', 'not-canonical', keyTwice()],
  ['__proto__ as an object', 'forbidden-content', proto((encoder) => encoding.writeAny(encoder, { by: ben }))],
  ['__proto__ as null', 'forbidden-content', proto((encoder) => encoding.writeAny(encoder, null))],
  ['__proto__ as a number', 'not-canonical', proto((encoder) => encoding.writeAny(encoder, 1))],
  ['bytes in an event', 'forbidden-content', append(message('x', { blob: new Uint8Array(5) }))],
  ['undefined in an event', 'forbidden-content', append(message('x', { nothing: undefined }))],
  ['a bigint in an event', 'forbidden-content', append(message('x', { big: 5n }))],
  ['not a number in an event', 'forbidden-content', append(message('x', { nan: NaN }))],
  ['infinity in an event', 'forbidden-content', append(message('x', { far: Infinity }))],
  ['a nested Y.Map', 'forbidden-content', written((doc) => doc.getArray('log').push([new Y.Map()]))],
  ['a nested Y.Text', 'forbidden-content', written((doc) => doc.getArray('log').push([new Y.Text('x')]))],
  ['a subdocument', 'forbidden-content', written((doc) => doc.getArray('log').push([new Y.Doc()]))],
  ['binary content', 'forbidden-content', written((doc) => doc.getArray('log').push([new Uint8Array(9)]))],
  ['a string of text', 'forbidden-content', written((doc) => doc.getText('log').insert(0, 'x'))],
  ['an embed', 'forbidden-content', written((doc) => doc.getText('log').insertEmbed(0, { image: 'x' }))],
  ['formatting', 'forbidden-content', written((doc) => doc.getText('log').insert(0, 'x', { bold: true }))],
  ['an entry of a map', 'forbidden-content', written((doc) => doc.getMap('log').set('a', message('x')))],
  [
    'an insertion in the middle',
    'forbidden-content',
    written(
      (doc) => doc.getArray('log').insert(1, [message('x')]),
      (doc) => doc.getArray('log').push([1, 2]),
    ),
  ],
  [
    'a deletion of one’s own',
    'forbidden-content',
    written(
      (doc) => doc.getArray('log').delete(0),
      (doc) => doc.getArray('log').push([1, 2]),
    ),
  ],
  ['deleted content', 'forbidden-content', deletedContent()],
  ['a number as an event', 'malformed-event', append(1)],
  ['a string as an event', 'malformed-event', append('hello')],
  ['null as an event', 'malformed-event', append(null)],
  ['an array as an event', 'malformed-event', append([])],
  ['an event without a kind', 'malformed-event', append({ by: ana, at: noon })],
  ['a message without a text', 'malformed-event', append({ kind: 'message', by: ana, at: noon })],
  ['an empty text', 'malformed-event', append(message(''))],
  ['a huge text', 'malformed-event', append(message('x'.repeat(LIMITS.textLength + 1)))],
  ['a time that is no integer', 'malformed-event', append(message('x', { at: noon + 0.5 }))],
  ['a negative time', 'malformed-event', append(message('x', { at: -1 }))],
  [
    'a reaction of a hundred letters',
    'malformed-event',
    append({ kind: 'react', by: ana, at: noon, target: at(3, 8), emoji: 'x'.repeat(100), on: true }),
  ],
  ['a bad event after a good one', 'malformed-event', append(message('x'), 5)],
  ['somebody else’s event', 'wrong-author', append(message('x', { by: ben }))],
  ['somebody else’s event of an unknown kind', 'wrong-author', append({ kind: 'poll', by: ben, at: noon })],
  ['a message of another month', 'wrong-segment', append(message('x', { at: Date.UTC(2026, 9, 31, 23, 59, 59, 999) }))],
  [
    'a message of the month after',
    'wrong-segment',
    append(message('x', { at: Date.UTC(2026, 11, 1) })),
    { now: Date.UTC(2026, 11, 1) },
  ],
  [
    'an edit of a message of another month',
    'wrong-segment',
    append({ kind: 'edit', by: ana, at: noon, target: '2026-10.3.8', text: 'x' }),
  ],
  [
    'a deletion whose target is of another month',
    'wrong-segment',
    append({ kind: 'delete', by: ana, at: noon, target: at(3, 8), targetBy: ana, targetAt: Date.UTC(2026, 9, 1) }),
  ],
  [
    'a target that cannot be',
    'unknown-target',
    append({ kind: 'edit', by: ana, at: noon, target: `${november}.9999999999.0`, text: 'x' }),
  ],
  ['a target that is no id', 'malformed-event', append({ kind: 'edit', by: ana, at: noon, target: '7', text: 'x' })],
  [
    'an own message deleted as somebody else’s',
    'wrong-author',
    encodeAppend(7, 5, [{ kind: 'delete', by: ana, at: noon, target: at(7, 1), targetBy: ben, targetAt: noon }]),
  ],
  ['a clock ahead', 'clock-ahead', append(message('x', { at: noon + LIMITS.clockAheadMs + 1 }))],
  [
    'an edit from a clock ahead',
    'clock-ahead',
    append({ kind: 'edit', by: ana, at: noon + 86_400_000, target: at(3, 8), text: 'x' }),
  ],
];

/**
 * Takes apart what a stock client sends: a section for each clientID that wrote something, and the deletions it knows. A page that keeps
 * its document has had several clientIDs, and repeats what others wrote as well.
 *
 * No value is decoded and nothing is copied: the sections point into the bytes. The worst frame of a megabyte found so far (half a million
 * empty objects) took 70 ms on a busy machine, on which `Y.decodeUpdate` took 600 ms and more for its worst (as many structs of two bytes).
 */
import * as decoding from 'lib0/decoding';
import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import { LOG, type ClockRange, type Origin } from '#schema/segment/update-codec.ts';
import { skipAny } from './skip-any.ts';

/** Items that follow each other, written as one struct. */
export interface Span {
  readonly clock: number;
  readonly count: number;
  /** What its first item stands after; null: it begins the log. */
  readonly origin: Origin;
  /** Where the values begin in the bytes; null: their content was deleted. */
  readonly values: number | null;
}

/** What one clientID wrote, from `clock` up to but without `end`. */
export interface Section {
  readonly replica: number;
  readonly clock: number;
  readonly end: number;
  readonly spans: readonly Span[];
}

export interface SplitUpdate {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly deletions: readonly ClockRange[];
}

/** Sections, structs and ranges of deletions in one frame, each. A month that 1,000 people wrote from new pages every day has fewer. */
const most = 20_000;

/** https://github.com/yjs/yjs/blob/v13.6.33/src/structs/Item.js, `Item.write`: what the first byte of a struct says. */
const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;
const HAS_PARENT_SUB = 0x20;
const CONTENT = 0x1f;
const DELETED = 1;
const ANY = 8;

/**
 * Reads an update of any number of clients that append to the log, as admission would have each of them.
 * @throws Refusal `malformed-update`, `update-too-large`, `forbidden-content`, `not-canonical`, `replica-not-yours`
 */
export function readSections(bytes: Uint8Array): SplitUpdate {
  try {
    const decoder = decoding.createDecoder(bytes);
    const count = { structs: 0, ranges: 0 };
    const sections = new Map<number, Section>();
    for (let n = readCount(decoder, 0); n > 0; n--) {
      const section = readSection(decoder, count);
      if (sections.has(section.replica)) throw new Refusal('not-canonical', 'An update has one section for a client.');
      sections.set(section.replica, section);
    }
    const deletions: ClockRange[] = [];
    for (let n = readCount(decoder, 0); n > 0; n--) {
      const replica = readReplica(decoder);
      count.ranges += readCount(decoder, count.ranges);
      while (deletions.length < count.ranges)
        deletions.push({ replica, clock: readClock(decoder), count: readClock(decoder) });
    }
    if (decoding.hasContent(decoder)) throw new Refusal('not-canonical');
    return { bytes, sections: [...sections.values()], deletions };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('malformed-update');
  }
}

function readSection(decoder: decoding.Decoder, count: { structs: number }): Section {
  const structs = readCount(decoder, count.structs);
  count.structs += structs;
  const replica = readReplica(decoder);
  const clock = readClock(decoder);
  const spans: Span[] = [];
  let end = clock;
  for (let n = structs; n > 0; n--) {
    const span = readSpan(decoder, end);
    spans.push(span);
    end += span.count;
  }
  if (spans.length === 0 || end > 0x7fff_ffff) throw new Refusal('malformed-update');
  return { replica, clock, end, spans };
}

function readSpan(decoder: decoding.Decoder, clock: number): Span {
  if (!decoding.hasContent(decoder)) throw new Refusal('malformed-update');
  const info = decoding.readUint8(decoder);
  const content = info & CONTENT;
  if (content !== ANY && content !== DELETED)
    throw new Refusal('forbidden-content', 'Only plain values may be appended.');
  if ((info & (HAS_RIGHT_ORIGIN | HAS_PARENT_SUB)) > 0)
    throw new Refusal('forbidden-content', 'An update may only append.');
  let origin: Origin = null;
  if ((info & HAS_ORIGIN) > 0) origin = { replica: readReplica(decoder), clock: readClock(decoder) };
  // 1: a name of a root type follows, not the id of a nested one.
  else if (decoding.readVarUint(decoder) !== 1 || decoding.readVarString(decoder) !== LOG)
    throw new Refusal('forbidden-content', 'Only the log may be written.');
  const count = readClock(decoder);
  if (count === 0) throw new Refusal('malformed-update');
  if (content === DELETED) return { clock, count, origin, values: null };
  const values = decoder.pos;
  for (let n = count; n > 0; n--) skipAny(decoder, LIMITS.eventDepth);
  return { clock, count, origin, values };
}

function readCount(decoder: decoding.Decoder, before: number): number {
  const count = decoding.readVarUint(decoder);
  if (before + count > most) throw new Refusal('update-too-large');
  return count;
}

function readReplica(decoder: decoding.Decoder): number {
  const replica = decoding.readVarUint(decoder);
  if (replica < 1 || replica > 0xffff_ffff) throw new Refusal('replica-not-yours');
  return replica;
}

function readClock(decoder: decoding.Decoder): number {
  const clock = decoding.readVarUint(decoder);
  if (clock > 0x7fff_ffff) throw new Refusal('malformed-update');
  return clock;
}

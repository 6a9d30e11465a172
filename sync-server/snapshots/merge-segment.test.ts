import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeBundle, encodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate, encodeAppend, encodeDeletion } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';
import { acts, playActs, testSegment, type Act, type Model } from '#tests/support/segment-history.ts';
import { countEvents, mergeSegment } from './merge-segment.ts';
import { proveSegment } from './prove-segment.ts';

/** What a device finds in a bundle. */
function read(bundle: SegmentBundle): Model {
  const { elements, gone } = decodeUpdate(decodeBundle(encodeBundle(bundle)).update);
  const found: Model = new Map(elements.map(({ replica, clock, value }) => [`${replica}.${clock}`, value as never]));
  for (const { replica, clock, count } of gone)
    for (let i = 0; i < count; i++) found.set(`${replica}.${clock + i}`, null);
  return found;
}

function clocksOf(rows: readonly SegmentRow[]): Map<number, number> {
  const clocks = new Map<number, number>();
  for (const row of rows) if (row.replica !== null) clocks.set(row.replica, (row.clockFrom ?? 0) + row.clockCount);
  return clocks;
}

const message = (text: string): Act => ({ act: 'append', replica: 1, texts: [text] });

// Hundreds of histories: seconds of work, more where the machine is shared.
describe('mergeSegment', { timeout: 60_000 }, () => {
  test('[N1] whatever several writers did, in however many merges, the events are the same and the proof holds', () => {
    fc.assert(
      fc.property(acts(60), fc.array(fc.nat(60), { maxLength: 3 }), (history, cuts) => {
        const { rows, model } = playActs(history);
        let before: SegmentBundle | null = null;
        let from = 0;
        for (const to of [...cuts.map((cut) => Math.min(cut, rows.length)), rows.length].sort((a, b) => a - b)) {
          const part = rows.slice(from, to);
          const merged = mergeSegment(before, part);
          expect(merged.bad).toEqual([]);
          expect(merged.missing).toEqual([]);
          const body = gzipSync(encodeBundle(merged.bundle));
          proveSegment({ before, rows: part, bad: new Set(), clocks: clocksOf(rows.slice(0, to)), body });
          before = merged.bundle;
          from = to;
        }
        expect(before && read(before)).toEqual(model);
        expect(before && countEvents(before)).toBe(model.size);
      }),
      { numRuns: 150 },
    );
  });

  test('[N3] the text of a deleted message is nowhere in the bytes', () => {
    const { rows } = playActs([
      message('a secret nobody should find'),
      message('stays'),
      { act: 'delete', replica: 2, target: 0 },
    ]);
    const bytes = Buffer.from(encodeBundle(mergeSegment(null, rows).bundle));
    expect(bytes.includes('a secret')).toBe(false);
    expect(bytes.includes('stays')).toBe(true);
  });

  test('[N3] nor is any text it was given by an edit; what is left of both is their place', () => {
    const { rows, model } = playActs([
      message('a secret nobody should find'),
      message('stays'),
      { act: 'edit', replica: 1, target: 0, text: 'a better secret' },
      { act: 'edit', replica: 1, target: 1, text: 'stays, edited' },
      { act: 'delete', replica: 2, target: 0 },
      { act: 'edit', replica: 3, target: 0, text: 'a late secret' },
    ]);
    const { bundle, deletions } = mergeSegment(null, rows);
    const bytes = Buffer.from(encodeBundle(bundle));
    expect(bytes.includes('secret')).toBe(false);
    expect(bytes.includes('stays, edited')).toBe(true);
    expect(read(bundle)).toEqual(model);
    expect(deletions).toBe(true);
    expect(mergeSegment(null, rows.slice(0, 4)).deletions).toBe(false);
    expect(mergeSegment(bundle, []).deletions).toBe(true);
  });

  test('a replica’s month becomes one struct, so a snapshot does not grow with the number of commits', () => {
    const { rows } = playActs(Array.from({ length: 300 }, (_, i) => message(`${i}`)));
    const merged = mergeSegment(null, rows).bundle.update;
    const values = decodeUpdate(merged).elements.map((element) => element.value as never);
    expect(merged).toEqual(encodeAppend(1, 0, values));
  });

  test('items of stock clients are put into their writers’ chains, whatever they stood after', () => {
    const stock = (replica: number, text: string): Act => ({ act: 'stock-append', replica, texts: [text] });
    const { rows, model } = playActs(Array.from({ length: 40 }, (_, i) => stock(6 + (i % 3), `${i}`)));
    const { bundle } = mergeSegment(null, rows);
    expect(Y.decodeUpdate(bundle.update).structs).toHaveLength(3);
    expect(read(bundle)).toEqual(model);
  });

  test('many items in one place, which a Yjs document takes minutes for, are merged at once', () => {
    const chain = playActs([{ act: 'append', replica: 1, texts: ['first'] }]).rows;
    const rows: SegmentRow[] = [...chain];
    for (let i = 0; i < 20_000; i++) rows.push(behindFirst(i + 2, 2 + (i % 60), Math.floor(i / 60)));
    const started = performance.now();
    const { bundle, bad } = mergeSegment(null, rows);
    expect(bad).toEqual([]);
    expect(countEvents(bundle)).toBe(20_001);
    // Taken one by one it would be a minute and more, on any machine.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('each event keeps the seq it was committed with', () => {
    const { rows } = playActs(
      [
        message('one'),
        { act: 'append', replica: 2, texts: ['two', 'three'] },
        { act: 'delete', replica: 2, target: 0 },
      ],
      { firstSeq: 41 },
    );
    expect(mergeSegment(null, rows).bundle).toMatchObject({
      throughSeq: 44,
      seqs: [
        { seq: 41, replica: 1, count: 1 },
        { seq: 42, replica: 2, count: 2 },
        { seq: 43, replica: 2, count: 1 },
      ],
    });
  });

  test('[N2] any damage to any rows leaves them out alone, and every other event stays', () => {
    fc.assert(
      fc.property(
        acts(30),
        fc.array(fc.tuple(fc.nat(30), fc.uint8Array({ maxLength: 30 })), { maxLength: 4 }),
        (history, damage) => {
          const { rows, model } = playActs(history.filter((act) => act.act !== 'delete'));
          const damaged = [...rows];
          for (const [i, bytes] of damage) {
            const row = damaged[i];
            if (row) damaged[i] = { ...row, bytes };
          }
          const { bundle, bad } = mergeSegment(null, damaged);
          for (const { row } of bad)
            for (let i = 0; i < row.clockCount; i++) model.set(`${row.replica}.${(row.clockFrom ?? 0) + i}`, null);
          expect(new Set(bad.map(({ row }) => row.seq))).toEqual(new Set(damage.flatMap(([i]) => rows[i]?.seq ?? [])));
          expect(read(bundle)).toEqual(model);
          proveSegment({
            before: null,
            rows: damaged,
            bad: new Set(bad.map(({ row }) => row.seq)),
            clocks: clocksOf(rows),
            body: gzipSync(encodeBundle(bundle)),
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  const good = playActs([message('one'), message('two'), { act: 'append', replica: 2, texts: ['three'] }]).rows;
  const value = (text: string) =>
    ({ kind: 'message', by: '00000000-0000-4000-8000-000000000001', at: 1, text }) as never;
  const wrong: [string, Partial<SegmentRow>, RegExp][] = [
    ['no Yjs update at all', { bytes: new Uint8Array([1, 2, 3]) }, /cannot be decoded/],
    ['empty bytes', { bytes: new Uint8Array() }, /cannot be decoded/],
    ['another replica’s events', { bytes: encodeAppend(7, 1, [value('x')]) }, /holds 7\.1/],
    ['another clock', { bytes: encodeAppend(1, 4, [value('x')]) }, /holds 1\.4/],
    [
      'more events than its columns say',
      { bytes: encodeAppend(1, 1, [value('x'), value('y')]) },
      /holds 2 events, not 1/,
    ],
    [
      'a deletion of a device',
      { bytes: encodeDeletion([{ replica: 1, clock: 0, count: 1 }]) },
      /a device’s update that deletes/,
    ],
    [
      'a deletion of what is not stored',
      { replica: null, clockFrom: null, clockCount: 0, bytes: encodeDeletion([{ replica: 9, clock: 0, count: 1 }]) },
      /deletes 9\.0/,
    ],
  ];
  test.each(wrong)('[N2] a row of %s is left out with its reason', (_name, change, reason) => {
    const rows = good.map((row, i) => (i === 1 ? { ...row, ...change } : row));
    const { bad, bundle } = mergeSegment(null, rows);
    expect(bad).toHaveLength(1);
    expect(bad[0]?.reason).toMatch(reason);
    expect(decodeUpdate(bundle.update).elements.map((element) => (element.value as { text: string }).text)).toEqual(
      expect.arrayContaining(['one', 'three']),
    );
  });

  test('a row that went missing is noticed, and what was written after it is not lost', () => {
    const { rows } = playActs([message('one'), message('two'), message('three')]);
    const { bundle, missing } = mergeSegment(null, [rows[0], rows[2]] as SegmentRow[]);
    expect(missing).toEqual([{ replica: 1, clock: 1, count: 1 }]);
    expect(decodeUpdate(bundle.update).elements).toHaveLength(2);
  });

  test('nothing merged is an empty segment', () => {
    expect(read(mergeSegment(null, []).bundle)).toEqual(new Map());
  });
});

/** A row of a client that puts every item right behind the first of replica 1. */
function behindFirst(seq: number, replica: number, clock: number): SegmentRow {
  const encoder = new Y.UpdateEncoderV1();
  for (const n of [1, 1, replica, clock]) encoding.writeVarUint(encoder.restEncoder, n);
  const content = new Y.ContentAny([
    { kind: 'message', by: '00000000-0000-4000-8000-000000000001', at: 1, text: `${seq}` },
  ]);
  const parent = 'log' as unknown as Y.AbstractType<unknown>;
  new Y.Item(Y.createID(replica, clock), null, Y.createID(1, 0), null, null, parent, null, content).write(encoder, 0);
  encoding.writeVarUint(encoder.restEncoder, 0);
  return { seq, segment: testSegment, replica, clockFrom: clock, clockCount: 1, bytes: encoder.toUint8Array() };
}

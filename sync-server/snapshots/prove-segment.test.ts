import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { encodeDeletion } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';
import { playActs, type Act } from '#tests/support/segment-history.ts';
import { mergeSegment } from './merge-segment.ts';
import { NotEqual, proveSegment, type Claim } from './prove-segment.ts';

const history: Act[] = [
  { act: 'append', replica: 1, texts: ['one', 'two'] },
  { act: 'append', replica: 2, texts: ['three'] },
  { act: 'delete', replica: 1, target: 0 },
];
const { rows } = playActs(history);
const clocks = new Map([
  [1, 3],
  [2, 1],
]);

function claim(bundle: SegmentBundle, change: Partial<Claim> = {}): Claim {
  return { before: null, rows, bad: new Set(), clocks, body: gzipSync(encodeBundle(bundle)), ...change };
}

describe('proveSegment', () => {
  const { bundle } = mergeSegment(null, rows);
  const without = (seq: number): readonly SegmentRow[] => rows.filter((row) => row.seq !== seq);

  test('[N1] a true snapshot passes', () => {
    expect(() => proveSegment(claim(bundle))).not.toThrow();
  });

  const lies: [string, Claim, RegExp][] = [
    ['lacks a row’s events', claim(mergeSegment(null, without(2)).bundle), /replica 2 end at clock 0, not 1/],
    [
      'still holds what was deleted',
      claim({ ...mergeSegment(null, without(4)).bundle, throughSeq: 4 }),
      /another event at 1\.0/,
    ],
    [
      'says another text',
      claim(bundle, {
        rows: playActs([{ act: 'append', replica: 1, texts: ['one', 'TWO'] }, ...history.slice(1)]).rows,
      }),
      /another event at 1\.1/,
    ],
    [
      'knows fewer clocks than the database gave out',
      claim(bundle, { clocks: new Map([...clocks, [3, 1]]) }),
      /replica 3 end at clock 0, not 1/,
    ],
    ['claims another end', claim({ ...bundle, throughSeq: 9 }), /ends at seq 9/],
    [
      'numbers its events otherwise',
      claim({ ...bundle, seqs: bundle.seqs.map((run) => (run.seq === 2 ? { ...run, seq: 3 } : run)) }),
      /numbered otherwise/,
    ],
    ['gives a replica too few seqs', claim({ ...bundle, seqs: bundle.seqs.slice(0, -1) }), /its seqs of replica 1/],
    [
      'lost the old snapshot',
      claim(bundle, {
        before: mergeSegment(null, playActs([{ act: 'append', replica: 9, texts: ['old'] }]).rows).bundle,
      }),
      /numbered otherwise|another event/,
    ],
  ];
  test('[N3] it lacks the edits of deleted messages, and only those', () => {
    const edited = playActs([
      ...history,
      { act: 'edit', replica: 1, target: 0, text: 'of a deleted message' },
      { act: 'edit', replica: 1, target: 1, text: 'of another' },
    ]).rows;
    const whole = mergeSegment(null, edited).bundle;
    const claimOf = (update: Uint8Array, clock: number): Claim => {
      const deletion = encodeDeletion([{ replica: 1, clock, count: 1 }]);
      const changed = { ...whole, update: Y.mergeUpdates([update, deletion]) };
      return claim(changed, { rows: edited, clocks: new Map([...clocks, [1, 5]]) });
    };
    expect(() => proveSegment(claimOf(whole.update, 3))).not.toThrow();
    expect(() => proveSegment(claimOf(whole.update, 4))).toThrow(/another event at 1\.4/);
    const all = Y.mergeUpdates(edited.map(({ bytes }) => bytes));
    expect(() => proveSegment(claimOf(all, 0))).toThrow(/another event at 1\.3/);
  });

  test.each(lies)('[N1] a snapshot that %s is refused', (_name, lie, reason) => {
    expect(() => proveSegment(lie)).toThrow(NotEqual);
    expect(() => proveSegment(lie)).toThrow(reason);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventId, type EventId, type SegmentName, type UserId } from '../ids.ts';
import { SegmentView, type Message } from './segment-view.ts';

const november = '2026-11' as SegmentName;
const ana = '00000000-0000-4000-8000-000000000001' as UserId;
const ben = '00000000-0000-4000-8000-000000000002' as UserId;
const id = (replica: number, clock: number): EventId => eventId(november, replica, clock);

/** A view of events: [replica, clock, event], committed in this order. */
function view(...events: readonly (readonly [number, number, object])[]): SegmentView {
  const made = new SegmentView(november);
  events.forEach(([replica, clock, event], i) => made.add(replica, clock, i + 1, event));
  return made;
}

const all = (of: SegmentView): Message[] => of.slice(0, of.size);
const texts = (of: SegmentView): string[] => all(of).map(({ text }) => text);

describe('a segment’s messages', () => {
  test('[D8] stand in order of time, then replica, then clock', () => {
    const shown = view(
      [2, 0, { kind: 'message', by: ben, at: 5, text: 'd' }],
      [1, 0, { kind: 'message', by: ana, at: 5, text: 'b' }],
      [1, 1, { kind: 'message', by: ana, at: 5, text: 'c' }],
      [2, 1, { kind: 'message', by: ben, at: 4, text: 'a' }],
    );
    expect(texts(shown)).toEqual(['a', 'b', 'c', 'd']);
    expect([...Array(4).keys()].map((i) => shown.indexOf(all(shown)[i]?.id ?? id(9, 9)))).toEqual([0, 1, 2, 3]);
    expect(shown.countBefore({ at: 5, replica: 1, clock: 1 })).toBe(2);
  });

  test('[D8] the last edit is the text, all are kept, and nobody edits what another wrote', () => {
    const shown = view(
      [1, 0, { kind: 'message', by: ana, at: 1, text: 'one' }],
      [1, 1, { kind: 'edit', by: ana, at: 9, target: id(1, 0), text: 'nine' }],
      [3, 0, { kind: 'edit', by: ana, at: 5, target: id(1, 0), text: 'five' }],
      [2, 0, { kind: 'edit', by: ben, at: 10, target: id(1, 0), text: 'forged' }],
    );
    expect(all(shown)).toMatchObject([
      { text: 'nine', versions: [{ text: 'one' }, { text: 'five' }, { text: 'nine' }] },
    ]);
  });

  test('[D8] a reaction is one slot for a person and an emoji, and the last in order decides', () => {
    const react = (by: UserId, at: number, emoji: string, on: boolean) => ({
      kind: 'react',
      by,
      at,
      target: id(1, 0),
      emoji,
      on,
    });
    const shown = view(
      [1, 0, { kind: 'message', by: ana, at: 1, text: 'one' }],
      [1, 1, react(ana, 2, '👍', true)],
      [3, 0, react(ana, 3, '👍', true)],
      [2, 0, react(ben, 4, '👍', true)],
      [2, 1, react(ben, 5, '🎉', true)],
      [2, 2, react(ben, 6, '🎉', false)],
      [1, 2, react(ana, 7, '👍', false)],
      [3, 1, react(ana, 6, '👍', true)],
    );
    expect(all(shown)[0]?.reactions).toEqual([{ emoji: '👍', by: [ben] }]);
  });

  test('[D8] a deletion wins over everything, and leaves a place that is the same whether the content is still here or not', () => {
    const deletion = { kind: 'delete', by: ben, at: 9, target: id(1, 0), targetBy: ana, targetAt: 1 };
    const withContent = view([1, 0, { kind: 'message', by: ana, at: 1, text: 'secret' }], [2, 0, deletion]);
    withContent.add(1, 1, 3, { kind: 'edit', by: ana, at: 10, target: id(1, 0), text: 'still secret' });
    const without = new SegmentView(november);
    without.remove(1, 0, 1);
    without.add(2, 0, 2, deletion);
    expect(all(withContent)).toEqual(all(without));
    expect(all(without)).toMatchObject([
      { id: id(1, 0), by: ana, at: 1, seq: 1, deleted: true, text: '', reactions: [] },
    ]);
  });

  test('[N3] whether the edits of a deleted message are still there makes no difference', () => {
    const events: (readonly [number, number, object])[] = [
      [1, 0, { kind: 'message', by: ana, at: 1, text: 'secret' }],
      [1, 1, { kind: 'edit', by: ana, at: 2, target: id(1, 0), text: 'another secret' }],
      [2, 0, { kind: 'delete', by: ben, at: 3, target: id(1, 0), targetBy: ana, targetAt: 1 }],
      [1, 2, { kind: 'edit', by: ana, at: 4, target: id(1, 0), text: 'too late' }],
      [1, 3, { kind: 'message', by: ana, at: 5, text: 'stays', replyTo: id(1, 0) }],
    ];
    const whole = view(...events);
    whole.remove(1, 0);
    const merged = new SegmentView(november);
    for (const clock of [0, 1, 2]) merged.remove(1, clock, clock === 2 ? 4 : clock + 1);
    merged.add(2, 0, 3, events[2]?.[2]);
    merged.add(1, 3, 5, events[4]?.[2]);
    const late = view(...events);
    for (const clock of [2, 1, 0]) late.remove(1, clock);
    expect(texts(whole)).toEqual(['', 'stays']);
    expect(all(merged)).toEqual(all(whole));
    expect(all(late)).toEqual(all(whole));
  });

  test('content that is gone without a word is not shown', () => {
    const shown = view([1, 0, { kind: 'message', by: ana, at: 1, text: 'one' }]);
    shown.remove(1, 0);
    expect(shown.size).toBe(0);
  });

  test('[D4] a kind of later versions is shown as unknown, what it says about a message is not, and what is no event at all is skipped', () => {
    const shown = view(
      [1, 0, { kind: 'poll', by: ana, at: 1, question: 'when?' }],
      [1, 1, { kind: 'star', by: ana, at: 2, target: id(1, 0) }],
      [1, 2, { kind: 'message', by: ana, at: 3 }],
      [1, 3, { at: 'nonsense' }],
    );
    expect(all(shown)).toMatchObject([{ id: id(1, 0), unknown: true, text: '' }]);
  });

  test('[P5] an own event changes until it is committed, and never after', () => {
    const shown = new SegmentView(november);
    shown.add(1, 0, null, { kind: 'message', by: ana, at: 5, text: 'draft' });
    shown.add(2, 0, 1, { kind: 'message', by: ben, at: 6, text: 'other' });
    shown.add(1, 0, null, { kind: 'message', by: ana, at: 7, text: 'later' });
    expect(texts(shown)).toEqual(['other', 'later']);
    shown.add(1, 0, null, { kind: 'empty', by: ana, at: 7 });
    expect(texts(shown)).toEqual(['other']);
    shown.add(1, 0, 2, { kind: 'message', by: ana, at: 7, text: 'sent' });
    expect(shown.add(1, 0, null, { kind: 'empty', by: ana, at: 7 })).toBeNull();
    expect(texts(shown)).toEqual(['other', 'sent']);
  });

  test('an own event that comes to be about another message leaves the first', () => {
    const shown = view(
      [1, 0, { kind: 'message', by: ana, at: 1, text: 'a' }],
      [1, 1, { kind: 'message', by: ana, at: 2, text: 'b' }],
    );
    shown.add(1, 2, null, { kind: 'edit', by: ana, at: 3, target: id(1, 0), text: 'edited' });
    shown.add(1, 2, null, { kind: 'edit', by: ana, at: 3, target: id(1, 1), text: 'edited' });
    expect(texts(shown)).toEqual(['a', 'edited']);
  });

  test('[C5] what is of an earlier epoch gives way to what is committed anew', () => {
    const shown = new SegmentView(november);
    shown.add(1, 0, 0, { kind: 'message', by: ana, at: 1, text: 'before' });
    shown.add(1, 0, 7, { kind: 'message', by: ana, at: 1, text: 'after' });
    shown.add(1, 0, 0, { kind: 'message', by: ana, at: 1, text: 'before' });
    expect(all(shown)).toMatchObject([{ text: 'after', seq: 7 }]);
  });

  test('a message that did not change is the same object', () => {
    const shown = view(
      [1, 0, { kind: 'message', by: ana, at: 1, text: 'a' }],
      [1, 1, { kind: 'message', by: ana, at: 2, text: 'b' }],
    );
    const [first, second] = all(shown);
    shown.add(1, 2, 3, { kind: 'edit', by: ana, at: 3, target: id(1, 0), text: 'edited' });
    expect(shown.get(id(1, 1))).toBe(second);
    expect(shown.get(id(1, 0))).not.toBe(first);
  });
});

type Act = { readonly replica: number; readonly clock: number; readonly seq: number; readonly event: object | null };

/** Events of three replicas about each other, with equal times, forged edits, rival deletions and contents that are gone (null). */
const acts: fc.Arbitrary<Act[]> = fc
  .array(
    fc.record({
      replica: fc.integer({ min: 1, max: 3 }),
      at: fc.nat(20),
      kind: fc.constantFrom('message', 'message', 'message', 'edit', 'delete', 'react', 'empty', 'later', 'gone'),
      target: fc.nat(40),
      by: fc.constantFrom(ana, ben),
      on: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((drafts) => {
    const clocks = new Map<number, number>();
    const places: EventId[] = [];
    const made: Act[] = [];
    drafts.forEach(({ replica, at, kind, target, by, on }, i) => {
      const place = places[target % Math.max(1, places.length)];
      const clock = clocks.get(replica) ?? 0;
      if (kind === 'gone') {
        if (place)
          made.push({
            replica: Number(place.split('.')[1]),
            clock: Number(place.split('.')[2]),
            seq: i + 1,
            event: null,
          });
        return;
      }
      clocks.set(replica, clock + 1);
      places.push(id(replica, clock));
      const about = place ? { target: place } : { target: id(3, 99) };
      const event = {
        message: { kind, by, at, text: `t${i}` },
        edit: { kind, by, at, ...about, text: `e${i}` },
        delete: { kind, by, at, ...about, targetBy: by, targetAt: target % 20 },
        react: { kind, by, at, ...about, emoji: on ? '👍' : '🎉', on: target % 3 > 0 },
        empty: { kind, by, at },
        later: { kind, by, at, ...(on ? about : {}) },
      }[kind];
      made.push({ replica, clock, seq: i + 1, event: event ?? {} });
    });
    return made;
  });

function played(order: readonly Act[]): SegmentView {
  const made = new SegmentView(november);
  for (const { replica, clock, seq, event } of order) {
    if (event) made.add(replica, clock, seq, event);
    else made.remove(replica, clock);
  }
  return made;
}

test('[R10] a view that never had the contents that are gone is the same', () => {
  fc.assert(
    fc.property(acts, (given) => {
      const gone = new Set(given.filter(({ event }) => !event).map(({ replica, clock }) => id(replica, clock)));
      const without = given.filter(({ replica, clock, event }) => !event || !gone.has(id(replica, clock)));
      expect(withoutSeqs(played(without))).toEqual(withoutSeqs(played(given)));
    }),
  );
});

/** What is shown, without the commit numbers: of what is gone a snapshot need not know them. */
function withoutSeqs(shown: SegmentView): object[] {
  return all(shown).map((message) => ({ ...message, seq: null }));
}

test('[R10] in whatever order events come, and come again, the view is the same', () => {
  fc.assert(
    fc.property(
      acts.chain((given) =>
        fc.tuple(fc.constant(given), fc.shuffledSubarray([...given, ...given], { minLength: given.length * 2 })),
      ),
      ([given, shuffled]) => {
        expect(all(played(shuffled))).toEqual(all(played(given)));
      },
    ),
    { numRuns: 300 },
  );
});

test('[R10] looking in between changes nothing', () => {
  fc.assert(
    fc.property(acts, (given) => {
      const watched = new SegmentView(november);
      for (const { replica, clock, seq, event } of given) {
        if (event) watched.add(replica, clock, seq, event);
        else watched.remove(replica, clock);
        all(watched);
      }
      expect(all(watched)).toEqual(all(played(given)));
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventId, eventId, eventPlace, ReplicaId, SegmentName, segmentOf, UserId } from './ids.ts';

describe('ids', () => {
  test('[D3] an event’s id is where it stands, and comes apart again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), fc.nat(0x7fff_ffff), (replica, clock) => {
        const id = eventId('2026-11' as SegmentName, replica, clock);
        expect(EventId.safeParse(id).success).toBe(true);
        expect(eventPlace(id)).toEqual({ segment: '2026-11', replica, clock });
      }),
    );
  });

  test.each([
    [Date.UTC(2026, 10, 1), '2026-11'],
    [Date.UTC(2026, 10, 1) - 1, '2026-10'],
    [Date.UTC(2026, 11, 31, 23, 59, 59, 999), '2026-12'],
    [0, '1970-01'],
  ])('[D1] the moment %d lies in the segment %s', (at, segment) => {
    expect(segmentOf(at)).toBe(segment);
    expect(SegmentName.safeParse(segment).success).toBe(true);
  });

  test.each(['2026-13', '2026-00', '26-11', '2026-11-01', '1969-12', ' 2026-11'])('%j is no segment', (name) => {
    expect(SegmentName.safeParse(name).success).toBe(false);
  });

  test.each([0, -1, 0x1_0000_0000, 1.5])('[P1] %d is no replica', (replica) => {
    expect(ReplicaId.safeParse(replica).success).toBe(false);
  });

  test('an id in upper case is not the one Postgres writes', () => {
    expect(UserId.safeParse('00000000-0000-4000-8000-00000000000A').success).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { rowTime } from './row-time.ts';

const now = new Date(2026, 10, 23, 14, 30).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

test.each([
  ['the time for today', at(2026, 10, 23, 9, 5), '09:05'],
  ['the time just after midnight', at(2026, 10, 23, 0, 0), '00:00'],
  ['the time for a clock that is ahead', at(2026, 10, 24, 1, 0), '01:00'],
  ['“Yesterday” for the minute before midnight', at(2026, 10, 22, 23, 59), 'Yesterday'],
  ['the weekday within the last week', at(2026, 10, 17, 12, 0), 'Tue'],
  ['the date a week ago, not the same weekday', at(2026, 10, 16, 12, 0), '16 Nov'],
  ['the year where it is another', at(2025, 11, 31, 12, 0), '31/12/2025'],
])('a row shows %s', (_name, moment, says) => {
  expect(rowTime(moment, now, 'en-GB')).toBe(says);
});

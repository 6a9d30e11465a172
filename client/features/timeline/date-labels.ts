/** How dates and times are said in the timeline, in the language and time zone of the browser. */

const dayKey = (at: number): string => new Date(at).toDateString();

/** Whether two moments (ms) are on the same day. */
export function sameDay(one: number, other: number): boolean {
  return dayKey(one) === dayKey(other);
}

/** The label of a date separator: Today, Yesterday, or the date; the year only where it is not the current one. */
export function dayLabel(at: number, now: number, locale?: string): string {
  if (sameDay(at, now)) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(at, yesterday.getTime())) return 'Yesterday';
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(at);
}

/** Hour and minute. */
export function timeLabel(at: number, locale?: string): string {
  return new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Date and time in full, for tooltips and histories. */
export function fullLabel(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

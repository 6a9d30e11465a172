const DAY_MS = 86_400_000;

/** Midnight at which the day of a moment began, here. */
function dayStart(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/**
 * When something was, as short as a row allows: the time if it was today, "Yesterday", the weekday within the last week, else the date, with the
 * year where it is another one. Both in ms; the language and time zone are the browser's.
 */
export function rowTime(at: number, now: number, locale?: string): string {
  const say = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options).format(at);
  // Rounded: a day of 23 or 25 hours is a day.
  const daysAgo = Math.round((dayStart(now) - dayStart(at)) / DAY_MS);
  if (daysAgo <= 0) return say({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (daysAgo === 1) return 'Yesterday';
  if (daysAgo < 7) return say({ weekday: 'short' });
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) return say({ day: 'numeric', month: 'short' });
  return say({ day: '2-digit', month: '2-digit', year: 'numeric' });
}

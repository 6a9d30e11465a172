const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was: "just now", "5 minutes ago", "yesterday", and after a week its date. Both in ms. */
export function formatAgo(at: number, now: number, locale = 'en-GB'): string {
  const ago = now - at;
  const say = (value: number, unit: Intl.RelativeTimeFormatUnit) =>
    new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-value, unit);
  if (ago < MINUTE) return 'just now';
  if (ago < HOUR) return say(Math.floor(ago / MINUTE), 'minute');
  if (ago < DAY) return say(Math.floor(ago / HOUR), 'hour');
  if (ago < 7 * DAY) return say(Math.floor(ago / DAY), 'day');
  return `on ${new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(at)}`;
}

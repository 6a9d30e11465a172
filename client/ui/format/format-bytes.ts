const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size as people say it: "1 byte", "812 bytes", "4.2 KB", "37 MB". Steps of 1,000, as shops and phones count. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded to "1000 KB".
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** One measured row of the table: what, ours, the peers', and the bar from the design (§12). */
export interface Row {
  readonly what: string;
  /** By the name of who was measured. */
  readonly figures: Readonly<Record<string, string>>;
  /** The bar, in words. */
  readonly bar: string;
  readonly passed: boolean;
}

/** The rows as a Markdown table. */
export function toMarkdown(columns: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...columns, 'Bar', '']),
    line(Array.from({ length: columns.length + 3 }, () => '---')),
    ...rows.map((row) =>
      line([row.what, ...columns.map((name) => row.figures[name] ?? '–'), row.bar, row.passed ? 'met' : '**missed**']),
    ),
  ].join('\n');
}

/** A number with as many digits as it deserves. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}

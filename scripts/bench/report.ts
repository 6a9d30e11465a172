/** One measured row of the table: what, ours, the peers', and the bar from the design (§12). */
export interface Row {
  readonly what: string;
  /** By the name of who was measured. */
  readonly figures: Readonly<Record<string, string>>;
  /** The bar, in words. */
  readonly bar: string;
  readonly passed: boolean;
}

/** Who is measured, as the table's columns name them. */
export const OURS = 'ChatSync+';
export const BARE_PUT = 'bare strict put';
export const EACH = 'y-indexeddb';

/** What stands in place of a row that could not be measured. */
export function failedRow(what: string): (error: unknown) => Row {
  return (error) => {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
    return { what, figures: { [OURS]: `not measured: ${reason.replaceAll('|', '¦')}` }, bar: '–', passed: false };
  };
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

import { figure, OURS, type Row } from '../../report.ts';
import type { RowFigures } from '../figures.ts';
import type { StoreBench } from '../store-bench.ts';

/** Bytes. */
const AT_REST = 60;
const IN_LOG = 150;

/** What a message takes: at rest, all the browser counts for the database; in the log, the row it lies in. */
export async function restRow(bench: StoreBench, { resting, logged }: RowFigures): Promise<Row> {
  const plan = { seed: 1, messages: resting, months: 12, length: 50 };
  const before = await bench.usage();
  await bench.measure({ figure: 'fill', user: 1, conversation: 1, plan });
  const rest = ((await bench.usage()) - before) / resting;
  // Afterwards: what many small writes leave until the browser tidies up would count as being there before.
  const log = await bench.measure({ figure: 'log', user: 2, conversation: 1, count: logged });
  const row = log['row'] ?? Number.NaN;
  return {
    what: `Bytes per message of 50 characters: at rest (${figure(resting)}, on the disk) / in the log (row)`,
    figures: { [OURS]: `${figure(rest)} / ${figure(row)}` },
    bar: `≤ ${AT_REST} / ≤ ${IN_LOG} (${figure(rest / AT_REST)} / ${figure(row / IN_LOG)} of it)`,
    passed: rest <= AT_REST && row <= IN_LOG,
  };
}

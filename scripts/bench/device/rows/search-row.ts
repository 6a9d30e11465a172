import { figure, OURS, type Row } from '../../report.ts';
import type { RowFigures } from '../figures.ts';
import type { StoreBench } from '../store-bench.ts';

/** ms. */
const BUDGET = 50;

/** Words people look for, in everything the device has. */
export async function searchRow(bench: StoreBench, { searched, searches }: RowFigures): Promise<Row> {
  const place = { user: 1, conversation: 1 };
  const plan = { seed: 5, messages: searched, months: 24, length: null };
  await bench.measure({ figure: 'fill', ...place, plan });
  const found = await bench.measure({ figure: 'search', ...place, plan, queries: searches });
  if (!found['hits']) throw new Error('nothing was found');
  const [p50, p95] = [found['p50'] ?? Number.NaN, found['p95'] ?? Number.NaN];
  return {
    what: `Search in ${figure(searched)} messages offline, p50 / p95 of ${searches}, ms`,
    figures: { [OURS]: `${figure(p50)} / ${figure(p95)}` },
    bar: `p95 ≤ ${BUDGET} ms (${figure(p95 / BUDGET)} × it)`,
    passed: p95 <= BUDGET,
  };
}

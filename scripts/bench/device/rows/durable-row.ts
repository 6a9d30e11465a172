import { BARE_PUT, figure, OURS, type Row } from '../../report.ts';
import type { RowFigures } from '../figures.ts';
import type { StoreBench } from '../store-bench.ts';

/** ms. */
const BUDGET = 10;

/** What Enter costs until the message is safe, beside the least that the disk and the browser allow. */
export async function durableRow(bench: StoreBench, { writes }: RowFigures): Promise<Row> {
  await bench.measure({ figure: 'bare-put', count: 10 });
  const bare = await bench.measure({ figure: 'bare-put', count: writes });
  const ours = await bench.measure({ figure: 'append', user: 1, conversation: 1, count: writes });
  const [p50, least] = [ours['p50'] ?? Number.NaN, bare['p50'] ?? Number.NaN];
  return {
    what: 'Enter → strict-durable, p50 / p95, ms',
    figures: {
      [BARE_PUT]: `${figure(least)} / ${figure(bare['p95'] ?? Number.NaN)}`,
      [OURS]: `${figure(p50)} / ${figure(ours['p95'] ?? Number.NaN)}`,
    },
    bar: `p50 ≤ ${BUDGET} ms (${figure(p50 / least)} × the bare put)`,
    passed: p50 <= BUDGET,
  };
}

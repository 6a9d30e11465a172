import { EACH, figure, OURS, type Row } from '../../report.ts';
import { median } from '../../statistics.ts';
import type { RowFigures } from '../figures.ts';
import type { Figures, Layout } from '../page/questions.ts';
import type { StoreBench } from '../store-bench.ts';

const ACTS = ['create', 'open', 'together', 'each'] as const;
/** The last, a transaction for each document, is shown and not asked for: one database cannot run them beside each other. */
const ASKED = 3;

/** One database against one for each document (decision 0005): the same updates, in turns. */
export async function documentsRow(bench: StoreBench, { documents, documentRounds }: RowFigures): Promise<Row> {
  const ours: Figures[] = [];
  const each: Figures[] = [];
  const keep = (layout: Layout) => bench.measure({ figure: 'documents', layout, count: documents });
  for (let round = 0; round < documentRounds; round++) {
    ours.push(await keep('one-database'));
    each.push(await keep('y-indexeddb'));
  }
  const middle = (runs: readonly Figures[]) => ACTS.map((act) => median(runs.map((run) => run[act] ?? Number.NaN)));
  const [one, other] = [middle(ours), middle(each)];
  const ratios = one.map((ms, i) => ms / (other[i] ?? Number.NaN));
  const say = (numbers: readonly number[]): string => numbers.map(figure).join(' / ');
  return {
    what: `${figure(documents)} documents created / opened and loaded / one write each, known at once / in a transaction each, ms`,
    figures: { [EACH]: say(other), [OURS]: say(one) },
    bar: `the first three below y-indexeddb (${say(ratios)} × it)`,
    passed: ratios.slice(0, ASKED).every((ratio) => ratio < 1),
  };
}

import { figure, OURS, type Row } from '../../report.ts';
import { median } from '../../statistics.ts';
import type { RowFigures } from '../figures.ts';
import type { StoreBench } from '../store-bench.ts';

/** ms, and how much slower than the short one. */
const BUDGET = 100;
const FLAT = 1.2;
const SHORT = 1_000;

/** Click → first screen read, in a worker that has opened nothing yet: a long conversation beside one of 1,000 in one month. */
export async function openRow(bench: StoreBench, { longConversation, opens }: RowFigures): Promise<Row> {
  const [long, short] = [
    { user: 1, conversation: 1 },
    { user: 1, conversation: 2 },
  ];
  const plan = { seed: 2, ...longConversation, length: null };
  await bench.measure({ figure: 'fill', ...long, plan });
  await bench.measure({ figure: 'fill', ...short, plan: { seed: 4, messages: SHORT, months: 1, length: null } });
  const times = { long: [] as number[], short: [] as number[], database: [] as number[] };
  for (let i = 0; i < opens; i++) {
    const one = await bench.measure({ figure: 'open', ...long });
    const other = await bench.measure({ figure: 'open', ...short });
    if (one['shown'] !== other['shown']) throw new Error(`${one['shown']} messages in view, and ${other['shown']}`);
    times.long.push(one['ms'] ?? Number.NaN);
    times.short.push(other['ms'] ?? Number.NaN);
    times.database.push(one['withDatabaseMs'] ?? Number.NaN);
  }
  const [ms, least] = [median(times.long), median(times.short)];
  const { messages, months } = longConversation;
  return {
    what: `Cold open of ${figure(messages)} messages in ${months} months, p50 of ${opens}, ms`,
    figures: {
      [OURS]: `${figure(ms)} (of ${figure(SHORT)}: ${figure(least)}; database opened too: ${figure(median(times.database))})`,
    },
    bar: `≤ ${BUDGET} ms, ≤ ${FLAT} × one of ${figure(SHORT)} (${figure(ms / least)})`,
    passed: ms <= BUDGET && ms <= FLAT * least,
  };
}

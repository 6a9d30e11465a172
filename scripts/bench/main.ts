/** `npm run bench`: measures the rows of the design's budgets that exist, against peers in the same run, and prints a table. */
import { mkdir, writeFile } from 'node:fs/promises';
import { openBenchDatabase } from './bench-database.ts';
import { toMarkdown } from './report.ts';
import { CLASSIC, FLOOR, OURS, wireBench } from './wire/wire-bench.ts';

const quick = process.argv.includes('--quick');
const log = (line: string): void => void process.stderr.write(`… ${line}\n`);

const database = await openBenchDatabase();
try {
  const rows = await wireBench(database, quick, log);
  console.log(toMarkdown([FLOOR, CLASSIC, OURS], rows));
  await mkdir('data', { recursive: true });
  await writeFile(
    'data/bench.json',
    JSON.stringify({ at: new Date().toISOString(), node: process.version, quick, wire: rows }, null, 2),
  );
} finally {
  await database.close();
}
process.exit(0);

/** `npm run bench`: measures the rows of the design's budgets, against peers in the same run, and prints a table for each part. */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArguments, usage } from './arguments.ts';
import { openBenchDatabase } from './bench-database.ts';
import { findChromium } from './device/chromium.ts';
import { deviceBench } from './device/device-bench.ts';
import { BARE_PUT, EACH, failedRow, OURS, toMarkdown, type Row } from './report.ts';
import { CLASSIC, FLOOR, wireBench } from './wire/wire-bench.ts';

const asked = parseArguments(process.argv.slice(2));
if (!asked) {
  console.error(usage);
  process.exit(2);
}
const { quick } = asked;
const log = (line: string): void => void process.stderr.write(`… ${line}\n`);
const chromium = findChromium();
const measured: { wire?: Row[]; device?: Row[] } = {};

const database = await openBenchDatabase();
try {
  if (asked.wire) {
    measured.wire = await wireBench(database, quick, log).catch((error: unknown) => [failedRow('The wire')(error)]);
    console.log(`${toMarkdown([FLOOR, CLASSIC, OURS], measured.wire)}\n`);
  }
  if (asked.device && chromium !== undefined) {
    measured.device = await deviceBench(chromium, database, quick, log);
    console.log(toMarkdown([BARE_PUT, EACH, OURS], measured.device));
  } else if (asked.device) {
    console.log('Left out, since there is no Chromium here (apt-get install chromium): every row "on the device".');
  }
} finally {
  await database.close();
}
await mkdir('data', { recursive: true });
await writeFile(
  'data/bench.json',
  JSON.stringify({ at: new Date().toISOString(), node: process.version, quick, ...measured }, null, 2),
);
process.exit(0);

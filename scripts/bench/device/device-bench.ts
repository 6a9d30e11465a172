/** The rows of the design's second table (§12): what the app costs a device, in Chromium, on a disk. */
import type { BenchDatabase } from '../bench-database.ts';
import { failedRow, type Row } from '../report.ts';
import { appRows } from './app/app-rows.ts';
import { serveStorePage, openStoreBench, type StoreBench } from './store-bench.ts';
import { documentsRow } from './rows/documents-row.ts';
import { durableRow } from './rows/durable-row.ts';
import { openRow } from './rows/open-row.ts';
import { restRow } from './rows/rest-row.ts';
import { searchRow } from './rows/search-row.ts';
import { figuresOf, type RowFigures } from './figures.ts';
import { within } from './within.ts';

/** A row that the store's page alone can measure. */
type StoreRow = readonly [what: string, measure: (bench: StoreBench, figures: RowFigures) => Promise<Row>];

const STORE_ROWS: readonly StoreRow[] = [
  ['Enter → strict-durable', durableRow],
  ['Bytes per message of 50 characters', restRow],
  ['Cold open of a long conversation', openRow],
  ['Search offline', searchRow],
  ['One database against one for each document', documentsRow],
];

const APP = 'New device, key press, initial script';

/** The longest a row may take, the filling included. Minutes. */
const PATIENCE = 20;

/** Runs every row, each on a profile of its own; one that fails says so and leaves the others alone. */
export async function deviceBench(
  chromium: string,
  database: BenchDatabase,
  quick: boolean,
  log: (line: string) => void,
): Promise<Row[]> {
  const figures = figuresOf(quick);
  const rows: Row[] = [];
  const server = await serveStorePage();
  for (const [what, measure] of STORE_ROWS) {
    log(what);
    const row = onePage(chromium, server.url, (bench) => within(PATIENCE, measure(bench, figures)));
    rows.push(await row.catch(failedRow(what)));
  }
  await server.close();
  const app = appRows(chromium, database, figures, log);
  return [...rows, ...(await app.catch((error: unknown) => [failedRow(APP)(error)]))];
}

async function onePage(chromium: string, url: string, measure: (bench: StoreBench) => Promise<Row>): Promise<Row> {
  const bench = await openStoreBench(chromium, url);
  try {
    return await measure(bench);
  } finally {
    await bench.close();
  }
}

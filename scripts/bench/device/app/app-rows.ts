/** The rows of the whole app: the built client, the real server, new browsers. */
import { buildClient } from '../../../setup/build-client.mjs';
import type { BenchDatabase } from '../../bench-database.ts';
import { failedRow, figure, type Row } from '../../report.ts';
import { startServer } from '../../wire/peers/ours.ts';
import type { RowFigures } from '../figures.ts';
import { bundlePage } from '../page-server.ts';
import { openProfile } from '../profile.ts';
import { within } from '../within.ts';
import { keyPressRow, newDeviceRow, scriptRow } from './app-row-texts.ts';
import { fillHistory, type FilledAccount } from './fill-history.ts';
import { keyPresses } from './key-presses.ts';
import { newDevice } from './new-device.ts';
import { initialScripts } from './script-bytes.ts';

/** The longest a row may take. Minutes. */
const PATIENCE = 10;

type Log = (line: string) => void;

/** Fills a server once, and measures against it. */
export async function appRows(
  chromium: string,
  database: BenchDatabase,
  figures: RowFigures,
  log: Log,
): Promise<Row[]> {
  await buildClient();
  const server = await startServer(database.url);
  try {
    const url = `http://localhost:${server.port}`;
    log(`importing ${figure(figures.history.messages)} messages for a new device`);
    const account = await fillHistory(url, database.url, figures.history);
    log('Initial script');
    const scripts = await within(PATIENCE, initialScripts(chromium, url, account)).then(
      scriptRow,
      failedRow('Initial script'),
    );
    return [...(await newDeviceRows(chromium, url, account, figures, log)), scripts];
  } finally {
    await server.end();
  }
}

/** Signs in on a new device, and goes on writing there. */
async function newDeviceRows(
  chromium: string,
  url: string,
  account: FilledAccount,
  { keyPresses: count }: RowFigures,
  log: Log,
): Promise<Row[]> {
  const rows: Row[] = [];
  const watch = await bundlePage('scripts/bench/device/page/app-watch-page.ts');
  const profile = await openProfile(chromium);
  try {
    log('New device');
    const result = await within(PATIENCE, newDevice(profile, url, account, watch));
    rows.push(newDeviceRow(account, result));
    log('Key press → message on screen');
    rows.push(keyPressRow(await within(PATIENCE, keyPresses(result.page, count))));
  } catch (error) {
    if (rows.length === 0) rows.push(failedRow('New device')(error));
    rows.push(failedRow('Key press → message on screen')(error));
  } finally {
    await profile.close();
  }
  return rows;
}

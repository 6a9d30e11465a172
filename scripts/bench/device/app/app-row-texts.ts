/** What the app's figures say, and their budgets. */
import { figure, OURS, type Row } from '../../report.ts';
import type { FilledAccount } from './fill-history.ts';
import type { KeyPressResult } from './key-presses.ts';
import type { NewDeviceResult } from './new-device.ts';
import type { InitialScripts } from './script-bytes.ts';

/** ms, and bytes. */
const NEWEST_MS = 1_000;
const WHOLE_MS = 30_000;
const FRAME_MS = 16;
const SCRIPT_BYTES = 150 * 1024;

export function newDeviceRow(
  { messages, segments }: FilledAccount,
  { newestMs, wholeMs, longTasks }: NewDeviceResult,
): Row {
  const longest = Math.max(0, ...longTasks);
  const tasks = longTasks.length === 0 ? 'none over 50' : `${figure(longest)} (${longTasks.length} over 50)`;
  return {
    what: `New device, ${figure(messages)} messages in ${segments} months: sign-in → newest screen / whole history / longest main-thread task, ms`,
    figures: { [OURS]: `${figure(newestMs)} / ${figure(wholeMs)} / ${tasks}` },
    bar: `≤ 1 s (${figure(newestMs / NEWEST_MS)} × it), ≤ 30 s (${figure(wholeMs / WHOLE_MS)} × it), no task over 50 ms`,
    passed: newestMs <= NEWEST_MS && wholeMs <= WHOLE_MS && longTasks.length === 0,
  };
}

export function scriptRow({ signingIn, signedIn }: InitialScripts): Row {
  const say = ({ gzipBytes, files }: InitialScripts['signedIn']): string =>
    `${figure(gzipBytes / 1024)} in ${files} files`;
  return {
    what: 'Initial script before the list of conversations shows, page and worker: signing in first / signed in, gzip KB',
    figures: { [OURS]: `${say(signingIn)} / ${say(signedIn)}` },
    bar: `≤ 150 KB, signing in first (${figure(signingIn.gzipBytes / SCRIPT_BYTES)} × it)`,
    passed: signingIn.gzipBytes <= SCRIPT_BYTES,
  };
}

export function keyPressRow({ inDocument, p50, p95 }: KeyPressResult): Row {
  return {
    what: 'Key press → message on screen: frame p50 / p95 (in the document p50), ms',
    figures: { [OURS]: `${figure(p50)} / ${figure(p95)} (${figure(inDocument)})` },
    bar: `p50 ≤ ${FRAME_MS} ms (${figure(p50 / FRAME_MS)} × it)`,
    passed: p50 <= FRAME_MS,
  };
}
